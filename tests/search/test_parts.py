"""Parts of the search that are bounded or that take a shortcut: the shortcut finds what the long way does."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from uuid import UUID

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pyroaring import BitMap

from directory.models.search import SearchColumn, SearchPosting
from directory.search import (
    Criteria,
    check,
    counts,
    index,
    matching,
    narrow,
    nearness,
    query,
    search_services,
    snapshot,
    tally,
)
from directory.search.base import held_bytes, pack_fields
from directory.search.kept import Kept
from directory.search.order import by_distance, in_order
from directory.search.positions import Spots
from directory.search.rings import Density, km_of, located, square_of
from partners.actor import ANONYMOUS
from tests.search.ground import brute, folded, spot, type_of_points
from tests.search.population import Writer, settle


def test_what_is_kept_is_bounded_and_the_longest_unasked_goes_first() -> None:
    kept = Kept(100)
    for key in "abc":
        kept.put(key, key.upper(), 40)
    assert [kept.get(key) for key in "abc"] == [None, "B", "C"]
    kept.get("b")
    kept.put("d", "D", 40)
    assert [kept.get(key) for key in "bcd"] == ["B", None, "D"]
    kept.put("b", "again", 10)
    assert (kept.get("b"), kept.bytes) == ("again", 50)
    kept.weigh("b", 30)
    kept.weigh("gone", 500)
    assert (kept.get("gone"), kept.get("d"), kept.bytes) == (None, "D", 70)
    kept.weigh("b", 61)
    assert (kept.get("d"), kept.get("b"), kept.bytes) == ("D", None, 40)
    kept.put("huge", "one alone is kept in any case", 1_000)
    assert kept.get("huge")
    assert kept.get("d") is None


@pytest.mark.django_db
def test_an_answer_copies_no_word_of_the_index_whatever_changed_since() -> None:
    """So what is kept for each word is little, and what it is said to take is what it takes."""
    writer = Writer(4)
    made = writer.write(60)
    settle()
    for service in made[:9]:
        service.description_en = "harbour quokkaville"
        service.save()
        index.refresh(service)
    state = snapshot.current()
    assert state.touched
    seen = narrow.seen_by(state, ANONYMOUS)
    (answer,) = matching.match(seen, query.parse("quokkaville"), "en").answers
    settled, late = answer.held
    (word,) = answer.concept.stems
    for field, stored in state.base.words([word])[word].items():
        assert settled.own.get(field, stored) is stored
    assert settled.own
    assert late.own["d"].issubset(state.touched)
    assert answer.all == settled.all() | late.all()
    assert not settled.visible & late.visible
    whole = held_bytes(answer.all)
    assert (answer.in_bytes, answer.telling and answer.in_bytes, answer.valued and answer.in_bytes) == (
        whole,
        2 * whole,
        3 * whole,
    )


@pytest.mark.django_db
def test_a_search_weighs_what_it_worked_out_of_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    writer = Writer(4)
    for service in writer.write(40)[:20]:
        service.description_en = "harbour quokkaville"
        service.save()
        index.refresh(service)
    settle()
    state = snapshot.current()
    monkeypatch.setattr("directory.search.current", lambda: state)
    search_services(actor=ANONYMOUS, criteria=Criteria(q="quokkaville", ordering="relevance"), language="en")
    (answer,) = matching.match(narrow.seen_by(state, ANONYMOUS), query.parse("quokkaville"), "en").answers
    before = state._answers.bytes
    assert "valued" in answer.__dict__
    state.weigh(answer.key, answer)
    assert state._answers.bytes == before


@pytest.mark.django_db
@pytest.mark.parametrize("widest", [1, 3, 16])
def test_counts_are_the_same_by_rows_and_code_by_code(widest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of what changed since the base was made."""
    writer = Writer(4)
    made = writer.write(80)
    settle()
    for service in made[:9]:
        service.accepts_referrals = not service.accepts_referrals
        service.save()
        index.refresh(service)
    writer.write(5)
    state, now = snapshot.current(), timezone.now()
    seen = narrow.seen_by(state, ANONYMOUS)
    filters = {"gender": state.code("gender:women"), "cost": state.code("cost:free")}
    monkeypatch.setattr(tally, "WIDEST", widest)
    state.base.kept.clear()
    found = []
    for share in (0.0, 9.0):
        monkeypatch.setattr(counts, "MANY", share)
        for again in (1, 1, 2):  # once worked out, once remembered
            left = narrow.meeting(filters.values(), seen.visible)
            asked = counts.Unfiltered(seen.visible, (share, again))
            found.append(counts.facet_counts(state, asked, filters, left, now))
    assert all(one == found[0] for one in found)
    assert found[0]["category"]
    assert found[0]["accepts_referrals"]


def test_a_circle_holds_about_as_many_as_the_density_says() -> None:
    dice = np.random.default_rng(2)
    latitude, longitude = dice.uniform(45, 55, 50_000), dice.uniform(-100, -80, 50_000)
    density, here = Density(latitude, longitude), spot(50.0, -90.0)
    for km in (20.0, 100.0, 300.0):
        far = km_of(_squares(latitude, longitude))
        assert density.about(here, km) == pytest.approx(np.count_nonzero(far <= km), rel=0.35)
    assert Density(np.zeros(0), np.zeros(0)).about(here, 100.0) == 0


def test_no_point_that_somebody_asked_for_is_kept_with_the_density() -> None:
    density = Density(np.array([49.9]), np.array([-97.1]))
    for kind, kept in (("point", 0), ("address", 0), ("postal_area", 1), ("postal_area", 1)):
        density.about(replace(spot(49.9, -97.1), kind=kind), 5.0)
        assert density._kept.cache_info().currsize == kept


def _squares(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    spots = Spots(np.arange(len(latitude)), located(latitude, longitude, False))
    return nearness._squares(spot(50.0, -90.0), spots)


def test_a_distance_and_its_square() -> None:
    for km in (0.0, 0.5, 12.0, 900.0, 19_000.0):
        assert km_of(np.array(square_of(km))) == pytest.approx(km, abs=1e-3)


@pytest.mark.django_db
def test_a_second_place_far_away_does_not_cut_a_late_page_short() -> None:
    """Each listing has a place near and one further away: seen from a late page the second one is nearer."""
    dice = Random(8)
    points: type_of_points = {}
    for key in _ids(dice, 900):
        far = dice.uniform(0.001, 1.2)
        points[key] = [(49.9 + far, -97.0), (49.9 + far + dice.uniform(0.0, 2.0), -97.0)]
    state, here = folded(points), spot(49.9, -97.0)
    km = {state.number_of(key): far for key, far in brute(points, here).items()}
    wanted = sorted(km, key=lambda number: km[number])
    among = BitMap(range(900))
    for start in (20, 400, 700, 880):
        segments = by_distance(state, among, "en", here, {})
        assert in_order(segments, start, 20, wanted[start - 1]) == wanted[start : start + 20]


def _ids(dice: Random, count: int) -> list[UUID]:
    return [UUID(int=dice.getrandbits(128)) for _ in range(count)]


@pytest.mark.django_db
def test_the_check_sees_what_is_wrong_in_the_base() -> None:
    writer = Writer(5)
    writer.write(40)
    settle()
    assert list(check.wrong_in_base()) == []
    changed, *_others = writer.write(3)  # what came later is no fault of the base
    changed.delete()
    assert list(check.wrong_in_base()) == []
    postings = SearchPosting.objects.filter(kind=SearchPosting.Kind.WORD, listings__gt=3).order_by("term")
    word, *_rest = postings
    postings.filter(term=word.term).update(bitmaps=pack_fields({"d": BitMap([0])}))
    SearchColumn.objects.filter(name="age_to").update(values=bytes(40))
    assert list(check.wrong_in_base()) == ["column age_to", "1 words"]
    with pytest.raises(CommandError, match="1 words"):
        call_command("rebuild_search_index", "--check")
    call_command("rebuild_search_index")
    assert list(check.wrong_in_base()) == []
