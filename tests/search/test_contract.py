"""Any criteria, any order, any page: what search answers is what a look at every row would answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from unittest.mock import patch
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from directory.places import find_place
from directory.search import Criteria, SearchPage, search_services, snapshot
from directory.taxonomies import rows
from partners.actor import ANONYMOUS, Actor, Channel
from partners.roles import Capability
from tests.search import oracle
from tests.search.population import FACETS, Writer, settle

NOW = timezone.now().replace(second=0, microsecond=0)
NEARS = ("R2W", "Brandon, MB", "49.9,-97.14", "55.7433,-97.8553", "Toronto, ON", "-45,170", "89.9,10")


def _some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    chosen = st.lists(st.sampled_from(values), max_size=2, unique=True)
    return st.one_of(st.just(()), chosen.map(lambda found: tuple(sorted(found))))


@st.composite
def criteria(draw: st.DrawFn) -> Criteria:
    """At most a few facets at once, so that something is left to be found."""
    asked: dict[str, object] = {}
    other = {
        "language": _some(("en", "fr", "cr")),
        "capacity": _some(("open", "limited", "full", "unknown")),
        "place": _some(("winnipeg", "Brandon", "north-end", "st-vital", "manitoba")),
        "age": st.integers(0, 130),
        "accepts_referrals": st.booleans(),
        "verified_within": st.sampled_from((1, 29, 89, 90, 180, 3650)),
        "open_at": st.integers(-400, 400).map(lambda hours: NOW + timedelta(hours=hours, minutes=hours % 60)),
        "open_now": st.booleans(),
    }
    codes = {facet: _some((*known, "none-of-them")) for facet, known in FACETS.items()}
    codes["category"] = _some(("withdrawal", "substance-use", "food-bank", "crisis", "housing"))
    for facet in draw(st.lists(st.sampled_from(sorted(codes | other)), max_size=3, unique=True)):
        asked[facet] = draw((codes | other)[facet])
    orderings = ["name", "verified"]
    if draw(st.booleans()):
        asked["near"] = draw(st.sampled_from(NEARS))
        asked["radius_km"] = draw(st.sampled_from((None, 0.1, 5.0, 60.0, 700.0, 20000.0)))
        orderings += ["distance", "distance"]
    asked["ordering"] = draw(st.sampled_from(orderings))
    return Criteria(**asked)


class Contract(TestCase):
    """The index is read once: nothing is written while this asks."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        writer = Writer()
        writer.write(60)
        settle()  # half of them in a base, half came later
        writer.write(60)
        cls.owner = writer.owners[0].pk
        cls.seen = oracle.read_all()
        state = snapshot.current()
        cls.enterClassContext(patch("directory.search.current", lambda: state))

    def expected(self, criteria: Criteria, language: str, now: datetime) -> list[UUID]:
        found = [one for one in self.seen if one.is_public and oracle.passes(one, criteria, now)]
        return oracle.in_order(found, criteria, language)

    @settings(max_examples=100)
    @given(criteria(), st.sampled_from(("en", "fr")), st.integers(1, 40), st.floats(0, 1))
    def test_results_order_and_any_page(
        self, criteria: Criteria, language: str, size: int, where: float
    ) -> None:
        """Some page, the one behind the last included, with and without word of the one before it."""
        wanted = self.expected(criteria, language, timezone.now())
        pages = max(1, ceil(len(wanted) / size))
        number = 1 + round(where * pages)
        start = (number - 1) * size
        last = {"after": wanted[start - 1]} if 0 < start <= len(wanted) else {}
        for hint in [{}, last] if last else [{}]:
            page = self.page(criteria, language, number, size, **hint)
            assert [hit.id for hit in page.hits] == wanted[start : start + size]
            assert (page.count, page.pages) == (len(wanted), pages)
        assert [hit.id for hit in self.page(criteria, language, 1, 200).hits] == wanted

    def page(self, criteria: Criteria, language: str, number: int, size: int, **more: UUID) -> SearchPage:
        return search_services(
            actor=ANONYMOUS, criteria=criteria, page=number, page_size=size, language=language, **more
        )

    @settings(max_examples=20)
    @given(criteria(), st.integers(15, 60))
    def test_without_an_order_the_same_set_once(self, asked: Criteria, size: int) -> None:
        asked = Criteria(**{**vars(asked), "ordering": "relevance"})
        pages = [self.page(asked, "en", n, size) for n in range(1, ceil(120 / size) + 1)]
        found = [hit.id for page in pages for hit in page.hits]
        assert sorted(found) == sorted(self.expected(asked, "en", timezone.now()))

    @settings(max_examples=40)
    @given(criteria())
    def test_counts_of_each_facet_without_its_own_choice(self, criteria: Criteria) -> None:
        now = timezone.now()
        page = search_services(actor=ANONYMOUS, criteria=criteria, page_size=1, facets=True)
        assert page.facets is not None
        areas = {row["code"] for row in rows("areas.csv")}
        for facet, counts in page.facets.items():
            wanted = oracle.count(self.seen, criteria, now, facet)
            if facet == "place":
                wanted = {
                    code: wanted[code.replace("-", " ")] for code in areas if code.replace("-", " ") in wanted
                }
            assert {one.value: one.count for one in counts} == wanted, facet

    @settings(max_examples=30)
    @given(st.sampled_from(NEARS), st.integers(1, 4))
    def test_distances_are_those_of_the_ellipsoid(self, near: str, number: int) -> None:
        page = self.page(Criteria(near=near, ordering="distance"), "en", number, 30)
        by_id = {one.id: one for one in self.seen}
        for hit in page.hits:
            km = by_id[hit.id].km(find_place(near))
            assert (hit.distance_km is None) == (km is None)
            assert km is None or hit.distance_km == pytest.approx(km, rel=1e-3, abs=1e-6)
            assert hit.comes_to_you == by_id[hit.id].comes
            assert not hit.comes_to_you or by_id[hit.id].serves(find_place(near))

    @settings(max_examples=30)
    @given(criteria())
    def test_an_editor_also_finds_the_own_drafts(self, criteria: Criteria) -> None:
        editor = Actor(
            channel=Channel.SESSION,
            organization_id=self.owner,
            capabilities=frozenset({Capability.EDIT_LISTINGS}),
        )
        now = timezone.now()
        wanted = [
            one.id
            for one in self.seen
            if (one.is_public or one.owner == self.owner) and oracle.passes(one, criteria, now)
        ]
        page = search_services(actor=editor, criteria=criteria, page_size=200)
        assert sorted(hit.id for hit in page.hits) == sorted(wanted)

    def test_an_unknown_limit_turns_no_age_away(self) -> None:
        unlimited = {
            s.id for s in self.seen if s.service.minimum_age is s.service.maximum_age is None and s.is_public
        }
        assert unlimited
        for age in (0, 17, 65, 130):
            page = search_services(actor=ANONYMOUS, criteria=Criteria(age=age), page_size=200)
            assert unlimited <= {hit.id for hit in page.hits}
