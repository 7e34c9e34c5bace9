"""What is kept of what presses agrees with the rows it is worked out from, after every act."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from referrals import pressing
from referrals.documents import add_document
from referrals.handoffs import plan_handoff, record_handoff
from referrals.messages import send_message
from referrals.models import Referral
from referrals.unread import mark_read
from referrals.worklist import sections
from tests.factories.files import picture
from tests.referrals.pages import World

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def kept(referral: Referral) -> tuple[datetime.datetime | None, ...]:
    """Also proves that working it out anew changes nothing."""
    rows = Referral.objects.filter(pk=referral.pk)
    before = rows.values_list(*pressing.COLUMNS).get()
    pressing.refresh_all(rows)
    assert rows.values_list(*pressing.COLUMNS).get() == before
    return before


def keys(world: World, name: str) -> list[str]:
    return [section.key for section in sections(world.actor(getattr(world, name)))]


def test_news_belong_to_the_other_side_until_they_are_read_or_answered() -> None:
    world = World()
    referral = world.accepted()
    assert kept(referral) == (None, None, None)

    message = send_message(referral_id=referral.pk, actor=world.actor(world.nadia), text="First")
    assert kept(referral) == (None, message.sent_at, None)
    assert "answer" in keys(world, "tom")
    assert "answer" not in keys(world, "nadia")

    reply = send_message(referral_id=referral.pk, actor=world.actor(world.tom), text="Reply")
    assert kept(referral) == (reply.sent_at, None, None)
    assert "answer" in keys(world, "nadia")
    assert "answer" not in keys(world, "tom")

    mark_read(referral_id=referral.pk, actor=world.actor(world.nadia))
    assert kept(referral) == (None, None, None)
    assert "answer" not in keys(world, "nadia")


def test_what_was_read_up_to_a_moment_leaves_what_came_after_as_news() -> None:
    world = World()
    referral = world.accepted()
    first = send_message(referral_id=referral.pk, actor=world.actor(world.nadia), text="First")
    second = send_message(referral_id=referral.pk, actor=world.actor(world.nadia), text="Second")

    mark_read(referral_id=referral.pk, actor=world.actor(world.tom), until=first.sent_at)

    assert kept(referral) == (None, second.sent_at, None)


def test_a_file_sent_before_acceptance_is_news_from_then_on() -> None:
    world = World()
    referral = world.sent()
    file = add_document(
        referral_id=referral.pk, actor=world.actor(world.nadia), name="a.png", content=picture()
    )
    assert kept(referral) == (None, None, None)

    world.act(referral, "accept")

    assert kept(referral) == (None, file.sent_at, None)
    later = add_document(
        referral_id=referral.pk, actor=world.actor(world.nadia), name="b.png", content=picture()
    )
    assert kept(referral) == (None, later.sent_at, None)


def test_a_handoff_is_due_until_somebody_says_what_became_of_it() -> None:
    world = World()
    referral = world.accepted()
    nadia = world.actor(world.nadia)
    later = timezone.now() + 2 * DAY
    first = plan_handoff(referral_id=referral.pk, actor=nadia, kind="warm", when=timezone.now() + DAY)
    plan_handoff(referral_id=referral.pk, actor=nadia, kind="self", when=later)
    assert kept(referral)[2] == first.when

    with time_machine.travel(timezone.now() + DAY * 1.5, tick=False):
        assert "answer" in keys(world, "nadia")
        assert "answer" in keys(world, "tom")
        record_handoff(handoff_id=first.id, actor=world.actor(world.tom), result="kept")
        assert "answer" not in keys(world, "nadia")
    assert kept(referral)[2] == later
