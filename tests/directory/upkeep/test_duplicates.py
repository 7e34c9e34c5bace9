"""Which listings are suggested as one, and what a merge does and does not do."""

from __future__ import annotations

import datetime
from uuid import uuid4

import pytest
from django.utils import timezone

from directory.models import (
    ListingMerge,
    ListingReport,
    Publication,
    Service,
    ServiceAlias,
)
from directory.search import Criteria, search_services
from directory.upkeep import duplicates, merging
from directory.upkeep.archiving import delete
from directory.upkeep.errors import NotMergeable
from partners.actor import ANONYMOUS
from partners.errors import Invalid, NotSeen, Refused
from partners.models import Agreement, AuditEvent
from tests.directory.upkeep.ground import VOICE, Ground, fresh
from tests.factories.listings import PUBLIC_PLACE, WITHHELD_PLACE

pytestmark = pytest.mark.django_db
OTHER_PLACE = {
    **PUBLIC_PLACE,
    "address_1": "99 Elsewhere Street",
    "postal_code": "R3B 0A1",
    "postal_area": "R3B",
}


@pytest.fixture
def ground() -> Ground:
    return Ground()


def pairs(ground: Ground) -> set[frozenset[str]]:
    names = dict(Service.objects.values_list("pk", "name_en"))
    found = duplicates.suggestions(ground.actor(ground.kim))
    return {frozenset((names[one.first], names[one.second])) for one in found}


def test_name_phone_and_place_suggest_and_a_human_decides(ground: Ground) -> None:
    def listing(name: str, line: str, **given: object) -> Service:
        data = {"phones": [{**VOICE, "number": line}], "location": OTHER_PLACE, **given}
        return ground.listing(ground.other, name_en=name, **data)

    same_name = listing("Group, evening", "204-555-0001", location=WITHHELD_PLACE)
    listing("Women's evening group program", "(204) 555-0142", location=WITHHELD_PLACE)  # the same line
    listing("Food bank", "204-555-0142", location=WITHHELD_PLACE)  # the same line, another service
    listing("North End food cupboard", "204-555-0003")
    listing("North End food cupboards", "204-555-0004", location=WITHHELD_PLACE)
    found = pairs(ground)
    assert frozenset(("Evening group", "Group, evening")) in found
    assert frozenset(("North End food cupboard", "North End food cupboards")) in found
    assert not any("Food bank" in pair for pair in found)

    duplicates.tell_apart(ground.actor(ground.kim), same_name.pk, ground.service.pk)
    duplicates.tell_apart(ground.actor(ground.kim), ground.service.pk, same_name.pk)
    assert frozenset(("Evening group", "Group, evening")) not in pairs(ground)
    assert AuditEvent.objects.filter(action="not_a_duplicate", chain=ground.lantern.pk).count() == 1
    with pytest.raises(Refused):
        duplicates.suggestions(ground.actor(ground.ed))
    with pytest.raises(Refused):
        duplicates.tell_apart(ground.actor(ground.ed), same_name.pk, ground.service.pk)


def test_ten_thousand_listings_are_never_held_each_against_each_other(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = ("ara", "elo", "imu", "ona", "uri", "ysa", "ato", "enu")
    words = [f"{start}{end}" for start in "bcdfghjklm" for end in ends]
    many = {
        uuid4(): duplicates.Compared(
            [f"{words[n % 80]} {words[n // 80 % 80]} centre {n % 7}"], {f"204555{n % 5000:04}"}
        )
        for n in range(10_000)
    }
    compared = []
    ratio = duplicates.token_sort_ratio
    monkeypatch.setattr(duplicates, "_read", lambda: many)
    monkeypatch.setattr(duplicates, "token_sort_ratio", lambda *names: compared.append(1) or ratio(*names))

    assert len(duplicates.suggestions(ground.actor(ground.kim))) == duplicates.LISTED
    assert len(compared) < 100_000  # of fifty million pairs


def test_a_merge_keeps_names_takes_what_was_chosen_and_moves_what_waits(ground: Ground) -> None:
    kim, kept = ground.actor(ground.kim), ground.service
    dropped = ground.listing(
        ground.lantern,
        name_en="Evening circle",
        name_fr="Cercle du soir",
        summary_en="Come by.",
        email="circle@pages.example",
        categories=["food-bank"],
        aliases=[{"name": "Night circle", "language": "en", "kind": "former"}],
    )
    third = ground.listing(ground.lantern, name_en="Old circle")
    merging.merge(kim, dropped.pk, third.pk, [])
    report = ListingReport.objects.create(service=dropped, kind="hours")

    assert set(merging.offered(kept, fresh(dropped))) == {"name_fr", "summary_en", "email", "categories"}
    merging.merge(kim, kept.pk, dropped.pk, ["summary_en", "categories"])

    kept, dropped = fresh(kept), fresh(dropped)
    assert (kept.name_en, kept.name_fr, kept.summary_en, kept.email) == ("Evening group", "", "Come by.", "")
    assert [row.term.code for row in kept.attributes.all()] == ["food-bank"]
    names = set(ServiceAlias.objects.filter(service=kept).values_list("name", "language", "kind"))
    assert names == {
        ("Evening circle", "en", "former"),
        ("Cercle du soir", "fr", "former"),
        ("Night circle", "en", "former"),
        ("Old circle", "en", "former"),
    }
    assert dropped.publication == Publication.ARCHIVED
    report.refresh_from_db()
    assert report.service == kept
    assert merging.kept_instead(dropped.pk) == merging.kept_instead(third.pk) == kept.pk
    found = search_services(actor=ANONYMOUS, criteria=Criteria(q="cercle du soir"))
    assert [hit.id for hit in found.hits] == [kept.pk]
    assert AuditEvent.objects.filter(action="merge_listings", object_id=str(kept.pk)).count() == 1
    with pytest.raises(NotMergeable):
        merging.merge(kim, kept.pk, dropped.pk, [])


def test_what_may_not_be_merged(ground: Ground) -> None:
    kim = ground.actor(ground.kim)
    foreign = ground.listing(ground.other, name_en="Evening groups")
    today = timezone.localdate()
    agreement = Agreement.objects.create(
        organization=ground.other,
        starts_on=today,
        ends_on=today + datetime.timedelta(days=9),
        signed_at=timezone.now(),
    )
    for kept, dropped in ((ground.service, foreign), (ground.service, ground.service)):
        with pytest.raises(NotMergeable):
            merging.merge(kim, kept.pk, dropped.pk, [])
    twin = ground.listing(ground.lantern, name_en="Evening twin")
    for name in ("ed", "sam", "will"):
        with pytest.raises(Refused):
            merging.merge(ground.actor(getattr(ground, name)), ground.service.pk, twin.pk, [])
    with pytest.raises(NotSeen):
        merging.merge(kim, ground.service.pk, ground.lantern.pk, [])
    with pytest.raises(Invalid):
        merging.merge(kim, ground.service.pk, twin.pk, ["verified_at"])
    assert not ListingMerge.objects.exists()
    assert not Service.objects.filter(publication=Publication.ARCHIVED).exists()

    agreement.delete()
    merging.merge(kim, ground.service.pk, foreign.pk, [])
    assert fresh(foreign).publication == Publication.ARCHIVED


def test_a_secret_place_is_not_told_by_a_merge(ground: Ground) -> None:
    kept = ground.listing(ground.lantern, name_en="Safe house", location=WITHHELD_PLACE)
    dropped = ground.listing(ground.lantern, name_en="Safe home", description_en="Ring at 12 Main Street.")
    with pytest.raises(Invalid):
        merging.merge(ground.actor(ground.kim), kept.pk, dropped.pk, ["description_en"])
    assert fresh(dropped).publication == Publication.PUBLISHED
    merging.merge(ground.actor(ground.kim), kept.pk, dropped.pk, [])
    assert fresh(kept).at_locations.get().location.policy == "withheld"


def test_deleting_takes_its_place_along(ground: Ground) -> None:
    location = ground.service.at_locations.get().location
    for name, error in (("sam", NotSeen), ("will", Refused)):
        with pytest.raises(error):
            delete(ground.actor(getattr(ground, name)), ground.service.pk)
    delete(ground.actor(ground.ed), ground.service.pk)
    assert not Service.objects.filter(pk=ground.service.pk).exists()
    assert not type(location).objects.filter(pk=location.pk).exists()
    assert AuditEvent.objects.get(action="delete_listing").object_id == str(ground.service.pk)
