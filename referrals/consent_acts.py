"""How a consent comes into being and ends. What it allows stands in ``referrals.consent``."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners import audit
from partners.actor import SYSTEM, Actor
from partners.clock_marks import marked, once, pages
from partners.errors import Conflict, Invalid
from partners.models import ClockMark
from partners.police_channel import is_police
from referrals import actions, consent_terms, drafts, events, workflow
from referrals.access import access_client, access_consent, held
from referrals.consent import is_live
from referrals.details import clean_text
from referrals.models import Client, Consent, Referral
from referrals.querysets import ConsentQuerySet
from referrals.telling import concerned, tell
from referrals.workflow import Status

WITHDRAWN_HOW = ("in_person", "phone", "written", "electronic")


def record_consent(
    *, actor: Actor, client_id: UUID, recipient_id: UUID, refused: bool = False, **given: Any
) -> Consent:
    """A new consent row; a live one for the same recipient and purpose is superseded by it.

    ``given`` holds field_groups, how, language, text_version, purpose, witness, given_by, given_at and
    expires_at, as ``referrals.consent_terms.read`` takes them. Referrals that stood on the superseded
    row stand on the new one, and waiting drafts get it. A refusal is recorded alike, grants nothing
    and ends nothing. Raises Invalid field by field, NotSeen for the client.
    """
    client = access_client(client_id, actor)
    terms = consent_terms.read(recipient_id=recipient_id, refused=refused, given=given)
    with transaction.atomic():
        held(Client.objects, client.pk)
        consent = Consent.objects.create(
            client=client,
            recipient_id=recipient_id,
            refused=refused,
            recorded_by_id=actor.user_id,
            **terms,
        )
        # For police each call has a consent of its own, which is given to that call by hand.
        if not refused and not is_police(consent.recipient):
            _supersede(consent)
            drafts.attach_consent(consent)
        _audit(actor, consent, "consent.refuse" if refused else "consent.record")
    return consent


def withdraw_consent(*, actor: Actor, consent_id: UUID, how: str, told_by: str = "") -> Consent:
    """End a consent now, in every state, also when told by phone; ``told_by`` says who told us.

    In the same transaction: sent and never-accepted waitlisted referrals are withdrawn; accepted ones
    keep their status and the receiver sees a tombstone; drafts need a new consent.
    Raises Invalid (how, told_by), NotSeen, Conflict when it has ended already.
    """
    consent = access_consent(consent_id, actor)
    if how not in WITHDRAWN_HOW:
        raise Invalid({"how": [_("Choose how the person told you.")]})
    who = _told_by(told_by)
    with transaction.atomic():
        consent = held(Consent.objects, consent.pk)
        if consent.withdrawn_at or consent.superseded_at:
            raise Conflict(_("This consent has already ended."))
        touched = _lock_referrals(consent)
        consent.withdrawn_at, consent.withdrawn_how = timezone.now(), how
        consent.withdrawn_told_by = who
        consent.save(update_fields=["withdrawn_at", "withdrawn_how", "withdrawn_told_by"])
        _end(touched, "withdraw", "consent_withdrawn")
        _audit(actor, consent, "consent.withdraw", how=how)
    return consent


def _told_by(told_by: str) -> str:
    try:
        return clean_text(told_by, 200)
    except ValueError as error:
        raise Invalid({"told_by": [error.args[0]]}) from None


def expire_consents() -> int:
    """The clock: does for every consent that has run out what a withdrawal does, once.

    Sent and never-accepted waitlisted referrals expire. Answers how many referrals were touched.
    Each turn looks at those that ran out within a week; the first turn of a day at all of them.
    """
    now, today = timezone.now(), timezone.localdate().isoformat()
    swept = ClockMark.objects.filter(kind=_SWEPT, object_id=_ALL, due=today).exists()
    ended = _ran_out(now).filter(~marked(_EXPIRED))
    if swept:
        ended = ended.filter(expires_at__gt=now - _LATELY)
    count = sum(map(_expire, pages(ended, "expires_at")))
    if not swept:
        with transaction.atomic():
            once(_SWEPT, _ALL, today)
    return count


def _ran_out(now: datetime.datetime) -> ConsentQuerySet:
    return Consent.objects.filter(
        expires_at__lte=now, refused=False, withdrawn_at__isnull=True, superseded_at__isnull=True
    )


@transaction.atomic
def _expire(consent_id: UUID) -> int:
    """Whatever stands on it is locked after it, as every act does: nothing new can stand on it since."""
    consent = Consent.objects.select_for_update(no_key=True).filter(pk=consent_id).first()
    if consent is None:  # its file was deleted this very moment
        return 0
    touched = _lock_referrals(consent)
    if not once(_EXPIRED, consent.pk, consent.expires_at.isoformat()):
        return 0
    return _end(touched, "expire", "consent_expired")


_EXPIRED, _SWEPT, _ALL = "consent_expired", "consents_swept", UUID(int=0)
_LATELY = datetime.timedelta(days=7)
_SHARED = (Status.ACCEPTED, Status.IN_SERVICE, Status.WAITLISTED, Status.CLOSED)


def _lock_referrals(consent: Consent) -> list[Referral]:
    """All referrals on this consent, locked in one order before anything is written."""
    of_consent = Referral.objects.select_for_update(of=("self",), no_key=True).filter(consent=consent)
    return list(of_consent.select_related("service", "sender", "receiver").order_by("pk"))


def _end(referrals: list[Referral], action: str, reason: str) -> int:
    """Reach each referral once: end what was not accepted, bury what was."""
    touched = 0
    for referral in referrals:
        status = Status(referral.status)
        never_accepted = referral.accepted_at is None
        if status is Status.SENT or (status is Status.WAITLISTED and never_accepted):
            actions.move(referral, workflow.ACTIONS[action], SYSTEM, {"reason": reason})
            touched += 1
        elif status in _SHARED and not referral.events.filter(kind="sharing_ended").exists():
            events.record_event(referral, "sharing_ended", SYSTEM, None)
            if referral.receiver_id in concerned(referral):
                tell(referral, referral.receiver_id, "sharing_ended")
            touched += 1
    return touched


def _supersede(consent: Consent) -> None:
    """Locks what it replaces before the referrals on it, as every act does that needs a consent.

    One that is withdrawn at this moment stays withdrawn, and its referrals stay on it.
    """
    old = (
        Consent.objects.live()
        .select_for_update(no_key=True)
        .filter(client=consent.client, recipient_id=consent.recipient_id, purpose=consent.purpose)
        .exclude(pk=consent.pk)
        .order_by("pk")
    )
    replaced = [row.pk for row in old if is_live(row)]
    if is_live(consent):
        Referral.objects.filter(consent_id__in=replaced).update(consent=consent)
        Consent.objects.filter(pk__in=replaced).update(superseded_at=timezone.now())


def _audit(actor: Actor, consent: Consent, action: str, **details: str) -> None:
    audit.record(
        audit.Entry(
            actor=actor,
            action=action,
            object_type="consent",
            object_id=consent.pk,
            chains=(consent.client.organization_id,),
            details={"recipient": str(consent.recipient_id), "field_groups": consent.field_groups, **details},
        )
    )
