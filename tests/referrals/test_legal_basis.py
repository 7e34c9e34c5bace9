"""Sharing on another legal basis: two people, one release, exactly the groups that were approved."""

from __future__ import annotations

from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.core import mail

from partners import audit
from partners.errors import Conflict, Invalid, NotSeen, Refused
from partners.models import AuditEvent, OutboxRow
from partners.notifications import delivery
from referrals import care_team, legal_basis
from referrals.clients import enter_phase
from referrals.models import LegalBasisShare
from tests.referrals.pages import NAME, NUMBER, World, address, browser, member

pytestmark = pytest.mark.django_db
ASKED = {
    "basis": "child_at_risk",
    "reason": "Planted reason",
    "field_groups": ["identity", "situation"],
    "recipient": "Planted desk",
}


@pytest.fixture
def world() -> World:
    return World()


def ask(world: World, user: Any = None, **given: Any) -> LegalBasisShare:
    actor = world.actor(user or world.nadia)
    return legal_basis.request_share(actor=actor, client_id=world.person.pk, **{**ASKED, **given})


def approved(world: World, **given: Any) -> LegalBasisShare:
    share = ask(world, **given)
    return legal_basis.decide(actor=world.actor(world.paula), share_id=share.pk, decision="approved")


def release(world: World, share: LegalBasisShare, user: Any = None) -> legal_basis.Sheet:
    return legal_basis.release(actor=world.actor(user or world.nadia), share_id=share.pk)


def test_what_is_released_is_what_was_approved_once_with_both_names_in_the_audit(world: World) -> None:
    enter_phase(actor=world.actor(world.nadia), client_id=world.person.pk, phase=2, on="2026-01-05")
    share = approved(world, recipient_organization_id=world.northern.pk)
    sheet = release(world, share)

    assert sheet.fields == {"chosen_name": NAME, "situation": "Planted situation", "phase": 2}
    rows = list(AuditEvent.objects.filter(action__startswith="legal_basis.").order_by("sequence"))
    assert [(row.action, row.user_id, row.result) for row in rows] == [
        ("legal_basis.request", world.nadia.pk, "done"),
        ("legal_basis.approve", world.paula.pk, "done"),
        ("legal_basis.release", world.nadia.pk, "released"),
    ]
    for row in rows:
        assert row.object_id == str(world.person.pk)
        assert row.details["field_groups"] == ["identity", "situation"]
        assert row.details["recipient"] == str(world.northern.pk)
        assert not {"Planted reason", "Planted desk", NAME} & set(map(str, row.details.values()))
    with pytest.raises(Conflict):
        release(world, share)


def test_nothing_is_shown_where_the_release_cannot_be_recorded(world: World) -> None:
    share = approved(world)
    with mock.patch.object(audit, "record", side_effect=RuntimeError), pytest.raises(RuntimeError):
        release(world, share)
    share.refresh_from_db()
    assert share.released_at is None


@pytest.mark.parametrize("decision", ["", "refused"])
def test_without_an_approval_nothing_is_released(world: World, decision: str) -> None:
    share = ask(world)
    if decision:
        legal_basis.decide(actor=world.actor(world.paula), share_id=share.pk, decision=decision)
    with pytest.raises(Conflict):
        release(world, share)
    answer = browser(world.nadia).post(address("sharing_release", share.pk))
    assert answer.status_code == 409
    assert "Planted situation" not in answer.content.decode()
    assert not AuditEvent.objects.filter(action="legal_basis.release").exists()


def test_nobody_decides_on_their_own_request_and_no_worker_on_any(world: World) -> None:
    own = ask(world, world.paula)
    for user, error in (
        (world.paula, Refused),
        (world.nadia, Refused),
        (world.tom, NotSeen),
        (world.eva, Refused),
        (member("Boss", world.northern, "manager"), NotSeen),
    ):
        with pytest.raises(error):
            legal_basis.decide(actor=world.actor(user), share_id=own.pk, decision="approved")
        assert browser(user).post(
            address("sharing_decide", own.pk), {"decision": "approved"}
        ).status_code == (404 if error is NotSeen else 403)
    officer = member("Officer", world.lantern, "privacy_officer")
    with pytest.raises(Invalid):
        legal_basis.decide(actor=world.actor(officer), share_id=own.pk, decision="perhaps")
    done = legal_basis.decide(actor=world.actor(officer), share_id=own.pk, decision="refused")
    assert (done.decision, done.reviewed_by) == ("refused", officer)
    with pytest.raises(Conflict):
        legal_basis.decide(actor=world.actor(officer), share_id=own.pk, decision="approved")


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"basis": "curiosity"}, {"basis"}),
        ({"reason": " "}, {"reason"}),
        ({"reason": "x" * 2001}, {"reason"}),
        ({"field_groups": []}, {"field_groups"}),
        ({"field_groups": ["everything"]}, {"field_groups"}),
        ({"recipient": ""}, {"recipient"}),
        ({"recipient": "\x00"}, {"recipient"}),
        ({"recipient_organization_id": UUID(int=7)}, {"recipient_organization"}),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_kept(
    world: World, wrong: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(Invalid) as error:
        ask(world, **wrong)
    assert set(error.value.errors) == fields
    assert not LegalBasisShare.objects.exists()


def test_of_a_restricted_file_reviewers_read_the_request_and_the_team_alone_releases(world: World) -> None:
    care_team.set_team(actor=world.actor(world.nadia), client_id=world.person.pk, restricted=True)
    share = approved(world)
    other = member("Other", world.lantern, "worker")
    page = address("sharing", share.pk)
    assert browser(other).get(page).status_code == 404
    text = browser(world.paula).get(page).content.decode()
    assert "Planted reason" in text
    assert NAME not in text
    for user in (other, world.paula, world.tom):
        with pytest.raises(NotSeen):
            release(world, share, user)
    assert release(world, share).fields["chosen_name"] == NAME


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_pages_ask_decide_show_once_and_stand_in_the_file(world: World, language: str) -> None:
    nadia, paula = browser(world.nadia, language), browser(world.paula, language)
    new = address("sharing_new", world.person.pk, language=language)
    form = nadia.get(new).content.decode()
    assert "checked" not in form.split("<main")[1]
    assert nadia.post(new, {}).status_code == 400
    page = nadia.post(new, ASKED)["Location"]
    share = LegalBasisShare.objects.get()
    release_url = address("sharing_release", share.pk, language=language)
    assert release_url not in nadia.get(page).content.decode()
    assert page in paula.get(address("reviews", language=language)).content.decode()
    paula.post(address("sharing_decide", share.pk, language=language), {"decision": "approved"})
    assert release_url in nadia.get(page).content.decode()

    sheet = nadia.post(release_url)
    text = sheet.content.decode()
    assert sheet.status_code == 200
    assert sheet["Cache-Control"].count("no-store") == 1
    assert {"en": "Do not pass this on", "fr": "sans un nouveau consentement"}[language] in text
    for shown, there in (
        (NAME, True),
        ("Planted situation", True),
        (NUMBER, False),
        ("Planted health", False),
    ):
        assert (shown in text) is there
    assert NAME not in text.split("</title>")[0]
    assert nadia.post(release_url).status_code == 409
    assert page in nadia.get(address("client", world.person.pk, language=language)).content.decode()


def test_the_reviewers_are_told_by_a_mail_that_says_nothing(world: World) -> None:
    share = ask(world)
    OutboxRow.objects.exclude(kind="sharing_asked").delete()
    delivery.deliver_due()
    assert {to for message in mail.outbox for to in message.to} == {world.paula.email}
    text = mail.outbox[0].subject + mail.outbox[0].body
    assert address("sharing", share.pk) in text
    for secret in (NAME, world.person.code, "Planted", "child"):
        assert secret not in text
