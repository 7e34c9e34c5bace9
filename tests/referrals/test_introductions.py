"""A partner introduces a person: received by the program, and nothing more for whoever introduced her."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from partners.access import actor_for
from partners.errors import AgreementRequired, Conflict, Invalid, NotSeen, Refused
from partners.models import Agreement, AuditEvent, Membership, OutboxRow, User
from partners.notifications.delivery import deliver_due
from referrals import introductions, worklist
from referrals.introduction_texts import CURRENT_VERSION
from referrals.models import Client, Introduction
from tests.factories.listings import make_service
from tests.referrals.pages import SAFE_CONTACT, SECRETS, address, admitted, browser, member
from tests.referrals.police import PoliceWorld

pytestmark = pytest.mark.django_db
NAME = "Robin Introduced"


@pytest.fixture
def world(db: None) -> PoliceWorld:
    return PoliceWorld()


def given(**changes: Any) -> dict[str, Any]:
    return {
        "chosen_name": NAME,
        "safe_contact": SAFE_CONTACT,
        "language": "fr",
        "text_version": CURRENT_VERSION,
        "consented_on": timezone.localdate().isoformat(),
        "no_consequence_told": True,
        **changes,
    }


def introduced(world: PoliceWorld, user: User | None = None, **changes: Any) -> Introduction:
    actor = actor_for(user or world.mo, None)
    wanted = {"receiver_id": world.lantern.pk, **given(**changes)}
    return introductions.introduce(actor=actor, **wanted)


def form(world: PoliceWorld, **changes: Any) -> dict[str, Any]:
    return {
        "receiver": str(world.lantern.pk),
        "chosen_name": NAME,
        "language": "fr",
        "methods": ["text"],
        "phone": "204-555-0188",
        "consented_on": timezone.localdate().isoformat(),
        "no_consequence_told": "on",
        **changes,
    }


# Who may introduce, and to whom


def test_workers_and_police_introduce_and_nobody_else(world: PoliceWorld) -> None:
    for user in (world.mo, world.pat, world.tom):
        assert introduced(world, user).state == "received"
    intake = member("Intake", world.northern, "receiver_intake")
    for user in (world.eva, intake, member("Lea", world.elsewhere, "network_admin", "listing_editor")):
        with pytest.raises(Refused):
            introduced(world, user)
        assert browser(user).get(address("introduce")).status_code == 403
        assert browser(user).post(address("introduce"), form(world)).status_code == 403


def test_both_sides_need_an_agreement_and_the_program_workers(world: PoliceWorld) -> None:
    bare = admitted("Nobody works here (demo)", "basic_needs")
    for receiver in (bare, world.police):
        with pytest.raises(Invalid) as refused:
            introduced(world, receiver_id=receiver.pk)
        assert set(refused.value.errors) == {"receiver"}
    with pytest.raises(Invalid):
        introduced(world, world.nadia)
    Agreement.objects.filter(organization=world.lantern).delete()
    with pytest.raises(Invalid):
        introduced(world)
    Agreement.objects.filter(organization=world.police).delete()
    with pytest.raises(AgreementRequired):
        introduced(world, receiver_id=world.northern.pk)
    assert not Introduction.objects.exists()


def test_a_listing_names_the_program_and_its_promise(world: PoliceWorld) -> None:
    service = make_service(organization=world.lantern, name_en="Program", response_days=1)
    left = introductions.introduce(actor=actor_for(world.pat, None), service_id=service.pk, **given())
    assert (left.receiver_id, left.service_id) == (world.lantern.pk, service.pk)
    slow = introduced(world)
    assert left.answer_due_on < slow.answer_due_on
    page = browser(world.pat)
    assert page.get(f"{address('introduce')}?service={service.pk}").status_code == 200
    sent = page.post(address("introduce"), form(world, service=str(service.pk)))
    assert sent.status_code == 302
    assert page.get(f"{address('introduce')}?service=nonsense").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"no_consequence_told": False}, "no_consequence_told"),
        ({"no_consequence_told": "true"}, "no_consequence_told"),
        ({"text_version": "2020-01"}, "text_version"),
        ({"consented_on": ""}, "consented_on"),
        ({"consented_on": "2019-01-01"}, "consented_on"),
        ({"consented_on": "2999-01-01"}, "consented_on"),
        ({"chosen_name": ""}, "chosen_name"),
        ({"language": "klingon"}, "language"),
        ({"safe_contact": {}}, "safe_contact"),
        ({"safe_contact": {**SAFE_CONTACT, "do_not_contact": True}}, "safe_contact"),
        ({"safe_contact": {"methods": ["call"]}}, "safe_contact"),
        ({"message": "She told me everything"}, "message"),
        ({"situation": "Planted"}, "situation"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(world: PoliceWorld, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        introduced(world, **wrong)
    assert field in refused.value.errors
    assert not Introduction.objects.exists()


def test_the_page_says_what_is_missing_and_leaves_nothing_in_the_address(world: PoliceWorld) -> None:
    page = browser(world.mo)
    shown = page.get(address("introduce")).content.decode()
    assert "You can say no. Nothing happens to you because of it" in shown
    assert "Cela n’aura aucune conséquence" in shown

    wrong = page.post(address("introduce"), form(world, no_consequence_told="", methods=[]))
    assert wrong.status_code == 400
    assert "There is a problem" in wrong.content.decode()
    right = page.post(address("introduce"), form(world))
    assert (right.status_code, right["Location"]) == (302, address("introductions_made"))


# What whoever introduced her sees


def test_they_see_received_whatever_becomes_of_it(world: PoliceWorld) -> None:
    left = introduced(world)
    nadia = actor_for(world.nadia, None)
    page = browser(world.mo)

    def made() -> str:
        return page.get(address("introductions_made")).content.decode()

    before = made()
    assert left.code in before
    assert NAME not in before
    introductions.close(actor=nadia, introduction_id=left.pk, reason="could_not_reach")
    again = introduced(world)
    introductions.take_up(actor=nadia, introduction_id=again.pk)
    assert made().count("Received") == 2
    assert not any(word in made() for word in ("Closed", "Taken up", "reach the person"))
    for name in ("introductions",):
        assert page.get(address(name)).status_code == 403
    for name in ("introduction", "introduction_take_up", "introduction_close"):
        ask = page.get if name == "introduction" else page.post
        assert ask(address(name, left.pk)).status_code == 403
    other = actor_for(member("Other", world.police, "police_liaison"), None)
    assert [row.code for row in introductions.made_by(other)] == [again.code, left.code]
    assert introductions.made_by(actor_for(world.pat, None)) == []


# What the program does with it


def test_it_stands_on_the_work_list_and_is_mailed_as_a_code(world: PoliceWorld) -> None:
    left = introduced(world)
    sections = {section.key: section for section in worklist.sections(actor_for(world.nadia, None))}
    assert [item.code for item in sections["introductions"].items] == [left.code]
    assert not sections["introductions"].late
    Introduction.objects.update(answer_due_on=timezone.localdate() - datetime.timedelta(days=1))
    sections = {section.key: section for section in worklist.sections(actor_for(world.nadia, None))}
    assert sections["introductions"].late
    home = browser(world.nadia).get(address("home")).content.decode()
    assert left.code in home
    assert NAME not in home
    listed = browser(world.nadia).get(address("introductions")).content.decode()
    assert left.code in listed
    assert not any(secret in listed for secret in (NAME, *SECRETS))

    assert OutboxRow.objects.get(kind="introduction").code == left.code
    deliver_due()
    told = {mail_to for message in mail.outbox for mail_to in message.to}
    assert told == {world.nadia.email, world.paula.email, world.sam.email}
    for message in mail.outbox:
        assert left.code in message.body
        assert address("introduction", left.pk) in message.body
        assert NAME not in message.body + message.subject


def test_opening_it_is_a_release_written_first(world: PoliceWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    left = introduced(world)
    shown = browser(world.nadia).get(address("introduction", left.pk)).content.decode()
    assert NAME in shown
    row = AuditEvent.objects.get(action="introduction.open")
    assert (row.result, row.chain, row.object_id) == ("released", world.lantern.pk, str(left.pk))

    def broken(*entries: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("partners.audit.record", broken)
    with pytest.raises(RuntimeError):
        browser(world.nadia).get(address("introduction", left.pk))


def test_taking_it_up_makes_a_file_once(world: PoliceWorld) -> None:
    left = introduced(world)
    answer = browser(world.nadia).post(address("introduction_take_up", left.pk), {"file": "new"})

    left.refresh_from_db()
    made = Client.objects.get(pk=left.client_id)
    assert answer["Location"] == address("client", made.pk)
    assert (made.chosen_name, made.language, made.age_band) == (NAME, "fr", "unknown")
    assert made.safe_contact == SAFE_CONTACT
    assert made.organization_id == world.lantern.pk
    nadia = actor_for(world.nadia, None)
    with pytest.raises(Conflict):
        introductions.take_up(actor=nadia, introduction_id=left.pk)
    with pytest.raises(Conflict):
        introductions.close(actor=nadia, introduction_id=left.pk, reason="other")
    late = browser(world.paula).post(address("introduction_take_up", left.pk), {"file": "new"})
    assert late.status_code == 409
    assert Client.objects.filter(organization=world.lantern).count() == 2


def test_it_can_be_linked_to_an_own_client_and_to_no_other(world: PoliceWorld) -> None:
    left = introduced(world)
    foreign = Client.objects.create(
        organization=world.northern, chosen_name="Foreign", created_by=world.tom, name_index=""
    )
    nadia = actor_for(world.nadia, None)
    with pytest.raises(NotSeen):
        introductions.take_up(actor=nadia, introduction_id=left.pk, client_id=foreign.pk)
    page, where = browser(world.nadia), address("introduction_take_up", left.pk)
    for code in ("", foreign.code):
        assert page.post(where, {"file": "own", "client_code": code}).status_code == 400
    assert page.post(where, {"file": "own", "client_code": world.person.code.lower()}).status_code == 302
    left.refresh_from_db()
    assert (left.client_id, left.state) == (world.person.pk, "taken_up")
    assert browser(world.paula).get(address("introduction", left.pk)).status_code == 200


def test_it_is_closed_with_a_coded_reason(world: PoliceWorld) -> None:
    left = introduced(world)
    page, where = browser(world.nadia), address("introduction_close", left.pk)
    assert page.post(where, {"reason": "she_lied"}).status_code == 400
    assert page.post(where, {"reason": "no_longer_wanted"}).status_code == 302
    left.refresh_from_db()
    assert (left.state, left.end_reason, left.client) == ("closed", "no_longer_wanted", None)
    assert left.ended_at


def test_nobody_else_comes_near(world: PoliceWorld) -> None:
    left = introduced(world, world.pat)
    for user, status in ((world.pat, 404), (world.tom, 404), (world.eva, 403), (world.mo, 403)):
        page = browser(user)
        assert page.get(address("introduction", left.pk)).status_code == status
        assert page.post(address("introduction_take_up", left.pk), {"file": "new"}).status_code == status
        assert page.post(address("introduction_close", left.pk), {"reason": "other"}).status_code == status
    assert Introduction.objects.get(pk=left.pk).state == "received"
    Membership.objects.filter(user=world.nadia).update(ended_at=timezone.now())
    assert browser(world.nadia).get(address("introduction", left.pk)).status_code == 403
