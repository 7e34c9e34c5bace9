"""Reading around the page: what was written about the person is never read without a trace."""

from __future__ import annotations

import pytest

from partners.models import AuditEvent, User
from referrals.attempts import record_attempt
from referrals.handoffs import plan_handoff
from referrals.messages import send_message
from tests.api.conftest import Ask
from tests.api.world import World
from tests.referrals.pages import browser

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["nadia", "tom"])
def test_each_list_of_what_was_written_is_a_release(world: World, ask: Ask, who: str) -> None:
    referral, actor = world.referral("accepted"), getattr(world, who)
    send_message(referral_id=referral.pk, actor=world.nadia, text="Hello")
    plan_handoff(referral_id=referral.pk, actor=world.nadia, kind="information_only", place="The door")
    record_attempt(referral_id=referral.pk, actor=world.nadia, method="text", result="no_answer")
    for name in ("messages", "handoffs", "attempts"):
        before = AuditEvent.objects.count()
        assert ask("get", f"/referrals/{referral.pk}/{name}/", actor).json()["count"] == 1
        rows = AuditEvent.objects.filter(action=f"{name}.open", object_id=str(referral.client_id))
        own = {world.lantern.pk, actor.organization_id}
        assert {row.chain for row in rows} == own
        assert {(row.result, row.user_id) for row in rows} == {("released", actor.user_id)}
        assert AuditEvent.objects.count() == before + len(own)


def test_an_empty_list_releases_nothing(world: World, ask: Ask) -> None:
    referral = world.referral("accepted")
    before = AuditEvent.objects.count()
    for name in ("messages", "handoffs", "attempts"):
        assert ask("get", f"/referrals/{referral.pk}/{name}/", world.tom).json()["count"] == 0
    assert AuditEvent.objects.count() == before


def test_messages_before_acceptance_are_a_release_on_the_page_as_well(world: World) -> None:
    referral = world.referral("sent")
    send_message(referral_id=referral.pk, actor=world.nadia, text="Planted words")
    visitor = browser(User.objects.get(pk=world.tom.user_id))
    assert "Planted words" in visitor.get(f"/en/referrals/{referral.pk}/").content.decode()
    row = AuditEvent.objects.get(action="messages.open", chain=world.lantern.pk)
    assert (row.user_id, row.result) == (world.tom.user_id, "released")
