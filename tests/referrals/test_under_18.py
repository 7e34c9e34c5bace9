"""Under 18: re-evaluated every day, asked again after a year, reported, followed up, and never shut out."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.utils import timezone

from partners.errors import ChildProtectionRequired, Refused
from partners.models import AuditEvent
from referrals import care_team, worklist
from referrals.actions import apply_action
from referrals.ages import current_band, is_minor, is_stale
from referrals.clients import change_client, protection_records, record_child_protection
from referrals.models import Client, Referral
from tests.referrals.pages import NAME, World, address, browser, member

pytestmark = pytest.mark.django_db
DAY, YEAR = datetime.timedelta(days=1), datetime.timedelta(days=365)
NOON = datetime.datetime(2026, 11, 25, 18, tzinfo=datetime.UTC)
BEFORE = datetime.datetime(2026, 11, 25, 5, 59, tzinfo=datetime.UTC)  # still the 24th in Winnipeg


@pytest.fixture
def world() -> World:
    return World()


def send(world: World, draft: Referral) -> Referral:
    return apply_action(referral_id=draft.pk, action="send", actor=world.actor(world.nadia))


def report(world: World, person: Client, state: str = "reported", **given: Any) -> None:
    record_child_protection(
        actor=world.actor(world.nadia),
        client_id=person.pk,
        state=state,
        at=given.get("at", timezone.now()),
        reported_to="Planted intake",
    )


def follow_ups(world: World, user: Any) -> list[Any]:
    sections = worklist.sections(world.actor(user))
    return [item for section in sections if section.key == "protection" for item in section.items]


def test_a_birthday_between_draft_and_send_counts_on_its_day(world: World) -> None:
    with time_machine.travel(BEFORE - DAY, tick=False):
        person = world.client(birth_date="2008-11-25", age_band="25_34")
        draft = world.draft(person, consent_id=world.consent(person).pk)
        assert person.age_band == "unknown"
    with time_machine.travel(BEFORE, tick=False):
        assert is_minor(person)
        with pytest.raises(ChildProtectionRequired):
            send(world, draft)
    with time_machine.travel(BEFORE + datetime.timedelta(minutes=1), tick=False):
        assert (current_band(person), is_minor(person)) == ("18_24", False)
        assert send(world, draft).status == "sent"


def test_a_band_is_asked_again_after_a_year_and_a_birth_date_never(world: World) -> None:
    nadia = world.actor(world.nadia)
    with time_machine.travel(NOON, tick=False):
        band = world.client(age_band="under_18")
        world.client(age_band="65_plus")
        world.client(age_band="unknown")
        world.client(birth_date="1990-01-01")
        Client.objects.filter(pk=world.person.pk).update(age_noted_on=timezone.localdate() + 9 * YEAR)
    for later, asked in ((YEAR - DAY, set()), (YEAR, {band.pk})):
        with time_machine.travel(NOON + later, tick=False):
            found = {s.key: s for s in worklist.sections(nadia)}
            assert (
                {i.client_id for i in found["ages"].items if "ages" in found} == asked
                if asked
                else ("ages" not in found)
            )
            assert is_stale(band) is bool(asked)
    with time_machine.travel(NOON + YEAR, tick=False):
        page = address("client_edit", band.pk)
        visitor = browser(world.nadia)
        assert "age_asked" in visitor.get(page).content.decode()
        same = {"chosen_name": NAME, "age_band": "under_18", "language": "en"}
        visitor.post(page, same)
        band.refresh_from_db()
        assert is_stale(band)
        visitor.post(page, {**same, "age_asked": "on"})
        band.refresh_from_db()
        assert not is_stale(band)
        assert "age_asked" not in visitor.get(page).content.decode()
        change_client(actor=nadia, client_id=band.pk, age_band="18_24")
    band.refresh_from_db()
    assert band.age_noted_on == (NOON + YEAR).date()


@pytest.mark.parametrize(
    ("language", "duty", "pending"),
    [("en", "must report it at once", "Being reported now"), ("fr", "1\xa0866\xa0345-9241", "en cours")],
)
def test_the_page_shows_whom_to_call_and_the_duty(
    world: World, language: str, duty: str, pending: str
) -> None:
    person = world.client(age_band="under_18")
    visitor = browser(world.nadia, language)
    for name in ("client", "child_protection"):
        text = visitor.get(address(name, person.pk, language=language)).content.decode()
        for shown in ("911", "tel:+18663459241", duty):
            assert shown in text, shown
    report(world, person, "being_reported")
    text = visitor.get(address("client", person.pk, language=language)).content.decode()
    assert pending in text
    assert "Planted intake" in text


def test_the_follow_up_ends_with_a_later_report(world: World) -> None:
    person = world.client(age_band="under_18")
    other = member("Other", world.lantern, "worker")
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        report(world, person)
    with time_machine.travel(start + DAY, tick=False):
        report(world, person, "being_reported")
        assert len(follow_ups(world, world.nadia)) == len(follow_ups(world, world.paula)) == 1
        assert follow_ups(world, world.nadia)[0].clock.kind == "soon"
        assert follow_ups(world, other) == []
    with time_machine.travel(start + DAY + datetime.timedelta(minutes=61), tick=False):
        assert follow_ups(world, world.paula)[0].clock.kind == "late"
        report(world, person)
        assert follow_ups(world, world.paula) == follow_ups(world, world.nadia) == []


def test_of_a_restricted_file_a_manager_learns_that_somebody_must_act_and_no_more(world: World) -> None:
    person = world.client(age_band="under_18")
    helper = member("Helper", world.lantern, "worker")
    report(world, person, "being_reported")
    care_team.set_team(
        actor=world.actor(world.nadia), client_id=person.pk, restricted=True, members=[helper.pk]
    )
    for user in (world.nadia, helper):
        assert [item.client_id for item in follow_ups(world, user)] == [person.pk]
    found = follow_ups(world, world.paula)
    assert [(item.client_id, item.code, item.url) for item in found] == [(None, "", address("break_glass"))]
    text = browser(world.paula).get(address("home")).content.decode()
    assert str(person.pk) not in text
    assert person.code not in text


def test_the_record_is_for_worker_manager_and_privacy_officer_alone(world: World) -> None:
    person = world.client(age_band="under_18")
    report(world, person)
    officer = member("Officer", world.lantern, "privacy_officer")
    page = address("child_protection", person.pk)
    for user in (world.nadia, world.paula, officer):
        answer = browser(user).get(page)
        assert (answer.status_code, "Planted intake" in answer.content.decode()) == (200, True)
    assert AuditEvent.objects.filter(action="client.protection", result="released").count() == 3
    theirs = member("Theirs", world.northern, "privacy_officer")
    intake = member("Intake", world.lantern, "receiver_intake")
    for user, status in ((theirs, 404), (world.tom, 404), (intake, 403), (world.eva, 403)):
        assert browser(user).get(page).status_code == status
        assert browser(user).post(page).status_code == status
    with pytest.raises(Refused):
        protection_records(actor=world.actor(intake), client_id=person.pk)
    assert browser(officer).post(page).status_code == 403
    # Without a record a file is nothing to a privacy officer.
    assert browser(officer).get(address("child_protection", world.person.pk)).status_code == 404
    care_team.set_team(actor=world.actor(world.nadia), client_id=person.pk, restricted=True)
    assert browser(officer).get(page).status_code == 404


def test_public_listings_and_crisis_lines_are_open_at_any_age(world: World) -> None:
    person = world.client(age_band="under_18")
    world.draft(person, consent_id=world.consent(person).pk)
    pages = ["/en/", "/fr/get-help/", f"/en/services/{world.service.pk}/", "/en/services/"]
    for visitor in (Browser(), browser(world.nadia)):
        assert {page: visitor.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
