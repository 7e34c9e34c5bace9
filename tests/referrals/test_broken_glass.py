"""A manager opens a restricted file for an hour, with a reason; privacy officers are told and review it."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from partners.errors import Conflict, Invalid, NotSeen, Refused
from partners.models import AuditEvent, Membership, OutboxRow, User
from partners.notifications import delivery
from referrals import care_team
from referrals.models import (
    GlassBreak,
)
from referrals.rights.access import own_client
from tests.referrals.hidden_file import EVERYTHING, REASON, Hidden, restricted_file, sees
from tests.referrals.pages import NAME, address, browser, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden() -> Hidden:
    return restricted_file()


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
    assert delivery.deliver_due() == delivery.Turn(done=2)
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


def test_news_of_its_referrals_reach_the_team_alone(hidden: Hidden) -> None:
    OutboxRow.objects.all().delete()
    hidden.world.act(hidden.referral, "accept")
    other = hidden.world.sent(hidden.world.client(chosen_name="Open"))
    hidden.world.act(other, "accept")
    delivery.deliver_due()
    told = {message.to[0] for message in mail.outbox if hidden.referral.code in message.body}
    assert told == {hidden.world.nadia.email, hidden.noor.email}
    open_ones = {message.to[0] for message in mail.outbox if other.code in message.body}
    assert {hidden.other.email, hidden.max.email} < open_ones


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


def test_rights_are_no_way_around_the_glass(hidden: Hidden) -> None:
    """The privacy officer answers about any file; a manager reads a closed one by its glass only."""
    with pytest.raises(NotSeen):
        own_client(hidden.client_id, hidden.actor(hidden.max))
    assert own_client(hidden.client_id, hidden.actor(hidden.priv)).pk == hidden.client_id
    smash(hidden)
    assert own_client(hidden.client_id, hidden.actor(hidden.max)).pk == hidden.client_id
