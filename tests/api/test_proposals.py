"""Changes of listings through the API: as strict, as private and as careful as the pages."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.cache import cache

from directory.models import ListingProposal, ListingReport, Service
from directory.proposals.report_limits import FROM_ONE_ADDRESS
from partners.actor import Actor
from tests.api.conftest import Ask, Fits
from tests.api.world import World
from tests.factories.listings import WITHHELD_PLACE, make_service

pytestmark = pytest.mark.django_db
SECRET = "4417 Plantedstreet Avenue"


@pytest.fixture
def ed(world: World) -> Actor:
    return world.member("ed", world.red_river, "listing_editor")


def test_a_change_is_proposed_read_and_approved_once(world: World, ask: Ask, fits: Fits, ed: Actor) -> None:
    path = f"/services/{world.service.pk}/proposals/"
    body = {
        "changes": {
            "name_fr": "Nouveau nom",
            "phones": [{"number": "204-555-0161", "kind": "voice"}],
            "schedules": [{"byday": "MO", "opens_at": "09:00", "closes_at": "12:00"}],
        },
        "note": "By the API",
    }
    made = ask("post", path, ed, body, key="k1")
    found = fits(made)
    assert ask("post", path, ed, body, key="k1").json()["id"] == found["id"]
    assert ListingProposal.objects.count() == 1
    assert (found["state"], found["proposed_by"], found["decided_by"]) == ("proposed", "Ed (demo)", None)
    assert {one["field"] for one in found["difference"]} == set(body["changes"])
    rows = fits(ask("get", "/proposals/", ed))
    assert [row["id"] for row in rows["results"]] == [found["id"]]
    decision = f"/proposals/{found['id']}/decision/"
    assert fits(ask("post", decision, ed, {"decision": "approve"}))["state"] == "published"
    late = ask("post", decision, ed, {"decision": "withdraw"})
    assert (late.status_code, late.json()["code"]) == (409, "already_decided")
    assert Service.objects.get(pk=world.service.pk).name_fr == "Nouveau nom"
    assert ask("get", f"/proposals/{uuid.uuid4()}/", ed).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"verified_at": "2026-01-01"}, "changes.verified_at"),
        ({"name_en": 7}, "changes.name_en"),
        ({"phones": "204"}, "changes.phones"),
        ({"phones": [{"number": "204", "kind": "pigeon"}]}, "changes.phones"),
        ({"topics": [["a"]]}, "changes.topics"),
        ({"topics": ["unknown"]}, "topics"),
        ({"location": {"policy": "secret"}}, "changes.location.policy"),
        ({"location": {"policy": "withheld", "address_1": SECRET}}, "location"),
        ({"schedules": [{"opens_at": "9", "closes_at": "x"}]}, "schedules"),
        ({"accepts_referrals": "yes"}, "changes.accepts_referrals"),
        ({}, "changes"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(
    world: World, ask: Ask, ed: Actor, changes: dict[str, Any], field: str
) -> None:
    answer = ask("post", f"/services/{world.service.pk}/proposals/", ed, {"changes": changes})
    assert answer.status_code == 400
    assert any(name.startswith(field) for name in answer.json()["errors"]), answer.json()["errors"]
    assert not ListingProposal.objects.exists()


def test_more_of_a_place_is_shown_by_a_second_person_alone(
    world: World, ask: Ask, fits: Fits, ed: Actor
) -> None:
    service = make_service(organization=world.red_river, location=WITHHELD_PLACE)
    place = {"address_1": SECRET, "city": "Winnipeg", "province": "MB"}
    sent = {"changes": {"location": {"policy": "public", **place}}}
    made = ask("post", f"/services/{service.pk}/proposals/", ed, sent)
    assert "Plantedstreet" not in made.content.decode()
    decision = f"/proposals/{made.json()['id']}/decision/"
    approve = {"decision": "approve", "place": place}
    assert ask("post", decision, ed, approve).status_code == 403
    eve = world.member("eve", world.red_river, "listing_editor")
    refused = ask("post", decision, eve, {"decision": "approve"})
    assert "address_1" in refused.json()["errors"]
    fits(ask("post", decision, eve, approve))
    assert ListingProposal.objects.get().data == {"location": {"policy": "public", "kind": "physical"}}


def test_a_conflict_and_a_blocker_say_what_they_are(world: World, ask: Ask, ed: Actor) -> None:
    path = f"/services/{world.service.pk}/proposals/"
    made = [ask("post", path, ed, {"changes": {"name_en": name}}).json()["id"] for name in ("One", "Two")]
    ask("post", f"/proposals/{made[0]}/decision/", ed, {"decision": "approve"})
    late = ask("post", f"/proposals/{made[1]}/decision/", ed, {"decision": "approve"}, language="en")
    assert (late.status_code, late.json()["code"]) == (409, "listing_changed")
    assert late.json()["fields"] == ["name_en"]
    bad = ask("post", path, ed, {"changes": {"categories": []}}).json()["id"]
    refused = ask("post", f"/proposals/{bad}/decision/", ed, {"decision": "approve"})
    assert (refused.status_code, refused.json()["blockers"]) == (422, ["no_category"])


def test_anybody_reports_a_listing_and_reads_nothing(world: World, ask: Ask, fits: Fits) -> None:
    cache.clear()
    path = f"/services/{world.service.pk}/reports/"
    sent = ask("post", path, None, {"kind": "hours", "text": "Closed on Mondays."})
    assert fits(sent) == {"received": True}
    assert not sent.cookies
    row = ListingReport.objects.get()
    assert str(row.pk) not in sent.content.decode()
    for body in ({}, {"kind": "x"}, {"kind": "hours", "name": "Me"}):
        assert ask("post", path, None, body).status_code == 400
    hidden = make_service(organization=world.red_river, location=WITHHELD_PLACE)
    told = {"kind": "place", "text": f"At {SECRET}"}
    assert ask("post", f"/services/{hidden.pk}/reports/", None, told).status_code == 400
    draft = make_service(organization=world.red_river, publish=False)
    for pk in (draft.pk, uuid.uuid4()):
        assert ask("post", f"/services/{pk}/reports/", None, {"kind": "hours"}).status_code == 404
    codes = [ask("post", path, None, {"kind": "hours"}).status_code for _time in range(FROM_ONE_ADDRESS)]
    assert codes[-1] == 429
    assert ask("get", path, None).status_code == 405
