"""The packaged network: loaded as a whole, and found."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.db.models import Q
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from directory.fixtures_loader import load_network
from directory.found import Found, listings
from directory.models import Address, LocationPolicy, Metadata, Program, Service, TaxonomyTerm
from directory.place_policy import public_place
from directory.search import Criteria, SearchPage, search_services
from partners.actor import ANONYMOUS
from partners.models import AuditEvent, Organization
from tests.factories.listings import NETWORK

RECORDS = [
    record
    for path in sorted((NETWORK / "services").glob("*.json"))
    for record in json.loads(path.read_text("utf-8"))
]
REAL = [record for record in RECORDS if record["source"]["type"] != "demo"]


def search(**criteria: Any) -> SearchPage:
    return search_services(actor=ANONYMOUS, criteria=Criteria(**criteria), page_size=100)


def found(**criteria: Any) -> list[Found]:
    return listings(search(**criteria), ANONYMOUS)


def keys(**criteria: Any) -> list[str]:
    return [one.service.source_id.split(":")[1] for one in found(**criteria)]


class TestNetwork(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        load_network(NETWORK)

    def test_all_113_records_and_the_demo_stand_published_and_unverified(self) -> None:
        assert len(REAL) == 113
        stored = Service.objects.values_list("source_id", flat=True).order_by("source_id")
        assert {key for key in stored if key.startswith("winnipeg:")} == {
            f"winnipeg:{r['key']}" for r in REAL
        }
        assert len(stored) == len(RECORDS)
        assert not Service.objects.exclude(publication="published").exists()
        assert not Service.objects.filter(
            Q(verified_at__isnull=False) | Q(verified_by__isnull=False)
        ).exists()
        assert not Service.objects.filter(is_demo=False, accepts_referrals=True).exists()
        assert not Organization.objects.filter(phones__isnull=False).exists()

    def test_every_listing_is_found_by_each_of_its_names(self) -> None:
        for service in Service.objects.prefetch_related("aliases"):
            former = [alias.name for alias in service.aliases.all()]
            for name in filter(None, [service.name_en, service.name_fr, *former]):
                assert service.source_id.split(":")[1] in keys(q=name), name

    def test_detox_near_a_postal_code(self) -> None:
        nearest = found(q="detox", near="R2W")[0]
        assert nearest.service.source_id == "demo:northern-light-detox"
        assert nearest.hit.distance_km == 0
        assert nearest.hit.distance_is_about
        assert (
            keys(q="desintox", near="r2w 2m2")[0]
            == keys(q="désintox", near="R2W")[0]
            == "northern-light-detox"
        )

    def test_former_names_programs_and_communities(self) -> None:
        assert keys(q="Moon Medicine Rising") == ["newc-wsrp"]
        assert keys(q="2ELGBTQI+") == keys(q="lgbtq") != []
        assert "988" in {phone.number for one in found(q="9-8-8") for phone in one.service.phones.all()}

    def test_what_no_policy_allows_is_not_stored(self) -> None:
        for record in RECORDS:
            service = Service.objects.for_listing().get(source_id__endswith=f":{record['key']}")
            place = public_place(service)
            assert place.policy == record["location"]["policy"]
            if place.policy == LocationPolicy.PUBLIC:
                assert place.address == (record["location"]["address_1"] or "")
                continue
            assert (place.address, place.postal_code, place.latitude, place.longitude) == ("", "", None, None)
            assert service.source_url.count("/") <= 3
            if place.policy == LocationPolicy.WITHHELD:
                assert (place.city, place.area) == ("", None)
        assert not Address.objects.exclude(location__policy="public").exists()

    def test_withheld_places_are_nowhere_near_anything(self) -> None:
        withheld = {r["key"] for r in RECORDS if r["location"]["policy"] == "withheld"}
        assert withheld
        assert withheld.isdisjoint(keys(near="Winnipeg", radius_km=20000))
        last = [hit.distance_km for hit in search(near="Winnipeg", ordering="distance").hits]
        positions = [km for km in last if km is not None]
        assert positions == sorted(positions)
        assert last[: len(positions)] == positions

    def test_the_program_profile_is_complete_in_both_languages(self) -> None:
        program = Program.objects.get(source_id="winnipeg:wsrp")
        assert [phase["number"] for phase in program.profile["phases"]] == [1, 2, 3, 4]
        carried = TaxonomyTerm.objects.filter(attributes__program=program).values_list("taxonomy", "code")
        assert {("phase", "4"), ("level", "tertiary"), ("population", "indigenous")} <= set(carried)
        assert str(program.as_of) == "2018-04-23"
        assert list(program.services.values_list("source_id", flat=True)) == ["winnipeg:newc-wsrp"]
        for field in ("summary", "description", "clientele"):
            assert getattr(program, f"{field}_en")
            assert getattr(program, f"{field}_fr")

    def test_a_second_load_changes_nothing(self) -> None:
        before = (
            list(Service.objects.order_by("id").values()),
            list(Organization.objects.order_by("id").values()),
            AuditEvent.objects.count(),
        )
        with CaptureQueriesContext(connection) as queries:
            load_network(NETWORK)
        after = (
            list(Service.objects.order_by("id").values()),
            list(Organization.objects.order_by("id").values()),
            AuditEvent.objects.count(),
        )
        assert before == after
        assert not [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert not Metadata.objects.exists()
