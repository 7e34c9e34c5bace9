"""A restricted file is there for its care team alone, everywhere; a manager breaks the glass for an hour."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.actor import Actor, Side
from partners.errors import Conflict, Invalid, NotSeen, Refused
from partners.models import AuditEvent, Membership, OutboxRow, User
from partners.notifications import delivery
from referrals import care_team, clients, worklist
from referrals.access import access_client, access_consent, access_referral
from referrals.boxes import box_page
from referrals.models import (
    Client,
    Consent,
    GlassBreak,
    Introduction,
    IntroductionKind,
    Need,
    Referral,
)
from tests.referrals.pages import NAME, World, address, browser, member

pytestmark = pytest.mark.django_db
REASON = "Planted reason"


@dataclass
class Hidden:
    """Wren's restricted file: Nadia and Noor are its team; Max manages, Priv is the privacy officer."""

    world: World
    noor: User
    other: User
    max: User
    priv: User
    referral: Referral
    introduction: Introduction

    def actor(self, user: User) -> Actor:
        return self.world.actor(user)

    @property
    def client_id(self) -> UUID:
        return self.world.person.pk


@pytest.fixture
def hidden() -> Hidden:
    world = World()
    lantern = world.lantern
    users = {
        name: member(name, lantern, *roles)
        for name, roles in (
            ("Noor", ["worker"]),
            ("Other", ["worker"]),
            ("Max", ["manager"]),
            ("Priv", ["privacy_officer"]),
        )
    }
    referral = world.sent()
    introduction = Introduction.objects.create(
        kind=IntroductionKind.SELF_REFERRAL,
        receiver=lantern,
        consent_text_version="1",
        consented_at=timezone.now(),
        answer_due_on=timezone.localdate(),
        client=world.person,
    )
    made = Hidden(world, users["Noor"], users["Other"], users["Max"], users["Priv"], referral, introduction)
    care_team.set_team(
        actor=world.actor(world.nadia), client_id=made.client_id, restricted=True, members=[made.noor.pk]
    )
    return made


def sees(hidden: Hidden, user: User) -> set[str]:
    """Through which of all doors and lists this user finds the file or what hangs on it."""
    actor, found = hidden.actor(user), set()
    person, referral = hidden.client_id, hidden.referral
    if Client.objects.visible_to(actor).filter(pk=person).exists():
        found.add("client")
    for model in (Consent, Need, Referral, Introduction):
        if model.objects.visible_to(actor).filter(client_id=person).exists():
            found.add(model.__name__)
    for door, key in (
        (access_client, person),
        (access_consent, referral.consent_id),
        (access_referral, referral.pk),
    ):
        try:
            door(key, actor)
            found.add(door.__name__)
        except (NotSeen, Refused):
            pass
    if actor.capabilities and "clients" in actor.capabilities:
        rows = clients.list_clients(actor=actor, q=NAME).object_list
        found |= {"search"} if any(row.id == person for row in rows) else set()
        found |= {"names"} if clients.names_of(actor=actor, client_ids=[person]) else set()
        sent = box_page(actor, Side.SENDER).object_list
        found |= {"box"} if any(row.id == referral.pk for row in sent) else set()
        if person in worklist.client_ids(worklist.sections(actor)):
            found.add("worklist")
    return found


EVERYTHING = {
    "client",
    "Consent",
    "Need",
    "Referral",
    "Introduction",
    "access_client",
    "access_consent",
    "access_referral",
    "search",
    "names",
    "box",
    "worklist",
}


def test_the_team_finds_everything_and_nobody_else_anything(hidden: Hidden) -> None:
    for user in (hidden.world.nadia, hidden.noor):
        assert sees(hidden, user) == EVERYTHING
    for user in (hidden.other, hidden.max, hidden.priv, hidden.world.paula, hidden.world.pat):
        assert sees(hidden, user) == set(), user

    care_team.set_team(actor=hidden.actor(hidden.noor), client_id=hidden.client_id, restricted=False)
    for user in (hidden.other, hidden.max, hidden.world.paula):
        assert sees(hidden, user) == EVERYTHING


def test_the_receiver_still_sees_what_was_sent_to_it(hidden: Hidden) -> None:
    assert access_referral(hidden.referral.pk, hidden.actor(hidden.world.tom)) == hidden.referral


def test_pages_of_a_restricted_file_do_not_exist_for_others(hidden: Hidden) -> None:
    person, consent = hidden.client_id, hidden.referral.consent_id
    paths = [
        address("client", person),
        address("client_edit", person),
        address("care_team", person),
        address("sharing_new", person),
        address("child_protection", person),
        address("consent_new", person),
        address("consent_withdraw", consent),
        address("detail", hidden.referral.pk),
    ]
    for user, status in ((hidden.other, 404), (hidden.max, 404), (hidden.noor, 200)):
        visitor = browser(user)
        assert {path: visitor.get(path).status_code for path in paths} == dict.fromkeys(paths, status)
    for user in (hidden.other, hidden.max):
        pages = [browser(user).get(address(name)).content.decode() for name in ("home", "clients", "sent")]
        assert not [page for page in pages if NAME in page or hidden.referral.code in page]


def test_whoever_restricts_is_on_the_team_and_the_last_one_stays(hidden: Hidden) -> None:
    world, person = hidden.world, hidden.client_id
    team = care_team.team_of(actor=hidden.actor(hidden.noor), client_id=person)
    assert {user.pk for user in team.members} == {world.nadia.pk, hidden.noor.pk}
    assert (team.restricted, team.may_change, team.until) == (True, True, None)

    care_team.set_team(
        actor=world.actor(world.nadia), client_id=person, restricted=True, members=[hidden.noor.pk]
    )
    assert sees(hidden, world.nadia) == set()
    with pytest.raises(Invalid) as error:
        care_team.set_team(actor=hidden.actor(hidden.noor), client_id=person, restricted=True)
    assert set(error.value.errors) == {"members"}
    assert sees(hidden, hidden.noor) == EVERYTHING


def access_team(hidden: Hidden) -> set[UUID]:
    return set(hidden.world.person.care_team.values_list("user_id", flat=True))


def test_only_those_who_work_with_clients_here_can_be_on_a_team(hidden: Hidden) -> None:
    left = member("Left", hidden.world.lantern, "worker")
    Membership.objects.filter(user=left).update(ended_at=timezone.now())
    for stranger in (hidden.priv, hidden.world.tom, left):
        with pytest.raises(Invalid):
            care_team.set_team(
                actor=hidden.actor(hidden.noor),
                client_id=hidden.client_id,
                restricted=True,
                members=[hidden.noor.pk, stranger.pk],
            )
        assert access_team(hidden) == {hidden.noor.pk, hidden.world.nadia.pk}


def smash(hidden: Hidden, user: User | None = None) -> GlassBreak:
    return care_team.break_glass(
        actor=hidden.actor(user or hidden.max), reason=REASON, client_id=hidden.client_id
    )


def test_a_broken_glass_opens_for_an_hour_and_to_nobody_else(hidden: Hidden) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        broken = smash(hidden)
        assert sees(hidden, hidden.max) == EVERYTHING
        assert sees(hidden, hidden.other) == sees(hidden, hidden.world.paula) == set()
        team = care_team.team_of(actor=hidden.actor(hidden.max), client_id=hidden.client_id)
        assert (team.until, team.may_change) == (start + datetime.timedelta(hours=1), False)
        with pytest.raises(Refused):
            care_team.set_team(actor=hidden.actor(hidden.max), client_id=hidden.client_id, restricted=False)
        with pytest.raises(Conflict):
            smash(hidden)
    with time_machine.travel(start + datetime.timedelta(minutes=59, seconds=59), tick=False):
        assert sees(hidden, hidden.max) == EVERYTHING
    with time_machine.travel(broken.until, tick=False):
        assert sees(hidden, hidden.max) == set()
    row = AuditEvent.objects.get(action="glass.break")
    assert (row.object_id, row.user_id, row.chain) == (
        str(hidden.client_id),
        hidden.max.pk,
        hidden.world.lantern.pk,
    )
    assert REASON not in str(row.details)


def test_who_is_no_manager_any_more_loses_the_open_file(hidden: Hidden) -> None:
    smash(hidden)
    Membership.objects.filter(user=hidden.max).update(role="worker")
    assert sees(hidden, hidden.max) == set()


def test_who_may_not_break_the_glass(hidden: Hidden) -> None:
    world = hidden.world
    for user in (hidden.other, hidden.priv, world.tom, world.eva):
        with pytest.raises(Refused):
            smash(hidden, user)
    theirs = member("Boss", world.northern, "manager")
    with pytest.raises(NotSeen):
        smash(hidden, theirs)
    open_file = world.client(chosen_name="Open")
    with pytest.raises(NotSeen):
        care_team.break_glass(actor=hidden.actor(hidden.max), reason=REASON, client_id=open_file.pk)
    for reason in ("", "  ", "x" * 1001, "\x00"):
        with pytest.raises(Invalid):
            care_team.break_glass(actor=hidden.actor(hidden.max), reason=reason, client_id=hidden.client_id)
    assert not GlassBreak.objects.exists()
    assert not OutboxRow.objects.filter(kind="glass_broken").exists()


def test_when_nobody_of_the_team_works_here_any_more_the_file_finds_a_new_one(hidden: Hidden) -> None:
    smash(hidden)
    Membership.objects.filter(user__in=[hidden.noor, hidden.world.nadia]).update(ended_at=timezone.now())
    care_team.set_team(
        actor=hidden.actor(hidden.max),
        client_id=hidden.client_id,
        restricted=True,
        members=[hidden.other.pk],
    )
    assert sees(hidden, hidden.other) == EVERYTHING


def test_the_privacy_officers_are_told_without_a_name_and_review_it(hidden: Hidden) -> None:
    broken = smash(hidden)
    OutboxRow.objects.exclude(kind="glass_broken").delete()
    assert delivery.deliver_due().done == 1
    told = {address for message in mail.outbox for address in message.to}
    assert told == {hidden.priv.email, hidden.world.paula.email}
    text = mail.outbox[0].subject + mail.outbox[0].body
    link = address("glass_break", broken.pk)
    assert link in text
    for secret in (NAME, hidden.world.person.code, REASON, "Max"):
        assert secret not in text

    page = browser(hidden.priv).get(link)
    assert REASON in page.content.decode()
    assert NAME not in page.content.decode()
    done = browser(hidden.priv).post(address("glass_review", broken.pk))
    assert (done.status_code, done["Location"]) == (302, address("reviews"))
    broken.refresh_from_db()
    assert (broken.reviewed_by, AuditEvent.objects.filter(action="glass.review").count()) == (hidden.priv, 1)
    assert browser(hidden.priv).post(address("glass_review", broken.pk)).status_code == 409


def test_nobody_reviews_what_they_opened_and_strangers_find_nothing(hidden: Hidden) -> None:
    paula = hidden.world.paula
    broken = smash(hidden, paula)
    assert browser(paula).post(address("glass_review", broken.pk)).status_code == 403
    theirs = member("Officer", hidden.world.northern, "privacy_officer")
    for user, status in ((hidden.other, 403), (hidden.max, 403), (theirs, 404)):
        assert browser(user).get(address("glass_break", broken.pk)).status_code == status
        assert browser(user).post(address("glass_review", broken.pk)).status_code == status
    broken.refresh_from_db()
    assert broken.reviewed_at is None


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_manager_opens_it_by_its_code_on_a_page(hidden: Hidden, language: str) -> None:
    page, visitor = address("break_glass", language=language), browser(hidden.max, language)
    assert visitor.get(page).status_code == 200
    assert visitor.post(page, {"code": "ZZZ-ZZZ", "reason": REASON}).status_code == 400
    assert visitor.post(page, {"code": hidden.world.person.code, "reason": ""}).status_code == 400
    assert not GlassBreak.objects.exists()
    done = visitor.post(page, {"code": hidden.world.person.code.lower(), "reason": REASON})
    assert done["Location"] == address("client", hidden.client_id, language=language)
    assert visitor.get(done["Location"]).status_code == 200
    assert browser(hidden.other).get(address("break_glass")).status_code == 403


def test_leaving_the_team_on_the_page_leads_to_the_list(hidden: Hidden) -> None:
    page = address("care_team", hidden.client_id)
    done = browser(hidden.world.nadia).post(page, {"restricted": "on", "members": [str(hidden.noor.pk)]})
    assert done["Location"] == address("clients")
    assert browser(hidden.noor).post(page, {"restricted": "on"}).status_code == 400


def test_a_restriction_costs_no_query(hidden: Hidden) -> None:
    actor = hidden.actor(hidden.other)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        list(Referral.objects.visible_to(actor).box(actor, Side.SENDER)[:20])
    assert len(queries) == 1
