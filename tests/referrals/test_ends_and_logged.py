"""What a receiver's log says of ends that are not its own, and the steps of what is only logged."""

from __future__ import annotations

import pytest

from partners.access import actor_for
from partners.errors import NotSeen
from partners.models import AuditEvent, OutboxRow
from referrals.actions import attempt
from referrals.consent_acts import withdraw_consent
from referrals.models import Referral
from tests.referrals.pages import member
from tests.referrals.test_matrix import TABLE, counts, put, set_up, undone

pytestmark = pytest.mark.django_db


def test_the_sender_takes_every_step_of_what_it_logged_for_a_body_outside() -> None:
    """And nobody else takes one: the receiver does not see it."""
    stage = set_up("nadia, the sender's worker")
    tom = member("Somebody of the receiver", stage.referral.receiver, "worker")
    receiver = actor_for(tom, stage.referral.receiver_id)
    logged = [name for name, row in TABLE.items() if "sender_if_logged" in row[2]]
    for action in logged:
        sources, target, _who, _consent, details = TABLE[action]
        with undone():
            put(stage, sources.split()[0], "live")
            Referral.objects.filter(pk=stage.referral.pk).update(kind="logged")
            before = counts()["notices"]
            with pytest.raises(NotSeen):
                attempt(referral_id=stage.referral.pk, action=action, actor=receiver, **details)

            done = attempt(referral_id=stage.referral.pk, action=action, actor=stage.actor, **details)

            assert (done.status, counts()["notices"]) == (target, before)
            own = AuditEvent.objects.filter(chain=done.receiver_id, object_type="referral")
            assert not own.exclude(result="refused").exists()
    assert logged == ["accept", "waitlist", "decline", "start_service", "close"]


@pytest.mark.parametrize(
    ("role", "action", "details"),
    [
        ("nadia, the sender's worker", "withdraw", {"reason": "safety"}),
        ("paula, the sender's manager", "void", {"reason": "wrong_person"}),
        ("the system", "withdraw", {"reason": "accepted_elsewhere"}),
        ("the system", "expire", {"reason": "deadline"}),
    ],
)
def test_the_receivers_log_and_notice_say_the_same_of_every_end(
    role: str, action: str, details: dict[str, str]
) -> None:
    stage = set_up(role)
    put(stage, "sent", "live")

    referral = attempt(referral_id=stage.referral.pk, action=action, actor=stage.actor, **details)

    row = AuditEvent.objects.filter(chain=referral.receiver_id).order_by("-sequence")[0]
    said = (row.action, row.details, row.user_id, row.organization_id, row.channel)
    assert said == ("referral.sharing_ended", {}, None, None, "system")
    notice = OutboxRow.objects.filter(organization_id=referral.receiver_id).order_by("-created_at")[0]
    assert notice.kind == "sharing_ended"
    own = AuditEvent.objects.filter(chain=referral.sender_id).order_by("-sequence")[0]
    assert (own.action, own.details["reason"]) == (f"referral.{action}", details["reason"])


def test_the_end_of_a_consent_tells_nobody_outside() -> None:
    stage = set_up("nadia, the sender's worker")
    put(stage, "accepted", "live")
    Referral.objects.filter(pk=stage.referral.pk).update(kind="logged")
    notices = counts()["notices"]

    withdraw_consent(actor=stage.actor, consent_id=stage.referral.consent_id, how="phone")

    assert counts()["notices"] == notices
    assert stage.referral.events.filter(kind="sharing_ended").exists()
