"""The police channel, as police see it: a code, the worker to call, and after a yes perhaps a name.

Nothing here hands on a referral or a status: police are told "received", and of what has ended or is no
longer shared a code and a date.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils import timezone

from directory.models import Phone
from partners.actor import Actor, Side
from partners.bilingual import localized
from partners.errors import Invalid, NotSeen
from partners.models import User
from partners.phones import phone_display
from partners.roles import Capability
from referrals import actions, workflow
from referrals.consent import ClientView, Stage, disclose, stage_of
from referrals.details import REQUIRED
from referrals.models import Referral
from referrals.opened import mark_opened
from referrals.querysets import ReferralQuerySet
from referrals.workflow import Status

PAGE_SIZE = 20
# What police may say when they can't call: about themselves, never about the person, and no free text.
REASONS = {
    code: label
    for code, label in workflow.DECLINE_REASONS.items()
    if code in ("no_capacity", "outside_area", "service_not_offered")
}


@dataclass(frozen=True)
class CallRow:
    """``ended``: no longer shared, whatever the cause."""

    id: UUID
    code: str
    received_on: datetime.date
    ended: bool


@dataclass(frozen=True)
class Worker:
    """Whom to call: a first name, the organization, and how to reach it at work."""

    first_name: str
    organization: str
    phones: tuple[str, ...]
    email: str


@dataclass(frozen=True)
class Call:
    row: CallRow
    worker: Worker | None
    chosen_name: str | None
    may_answer: bool
    notice: str


def access_call(referral_id: UUID, actor: Actor) -> Referral:
    """The one door of police. Missing, foreign, not sent and not asked of police answer the same 404."""
    referral = calls_of(actor).filter(pk=referral_id).first()
    if referral is None:
        raise NotSeen
    return referral


def calls_of(actor: Actor) -> ReferralQuerySet:
    """The newest first; where a call stands never moves it."""
    actor.require(Capability.POLICE_CHANNEL)
    return Referral.objects.asked_of_police(actor).for_list().order_by("-sent_at", "pk")


def list_calls(*, actor: Actor, page: int | str = 1) -> Page:
    """One page of them, as rows."""
    found = Paginator(calls_of(actor), PAGE_SIZE).get_page(page)
    found.object_list = [call_row(referral) for referral in found.object_list]
    return found


def open_call(*, actor: Actor, referral_id: UUID) -> Call:
    """One call. Opening and release are recorded first, as for every receiver."""
    referral = mark_opened(referral_id, actor, access_call)
    view: ClientView = disclose(referral, actor)
    row = call_row(referral)
    return Call(
        row=row,
        worker=None if row.ended else _worker(referral),
        chosen_name=view.chosen_name,
        may_answer=not row.ended and referral.status == Status.SENT.value,
        notice=str(view.notice),
    )


def answer_call(*, actor: Actor, referral_id: UUID, will_call: bool, reason: str = "") -> UUID:
    """ "We will call", or "we can't" with a coded reason. Raises Invalid, Conflict, ConsentRequired."""
    access_call(referral_id, actor)
    if will_call:
        return actions.attempt(referral_id=referral_id, action="accept", actor=actor, door=access_call).pk
    if reason not in REASONS:
        raise Invalid({"reason": [REQUIRED]})
    return actions.attempt(
        referral_id=referral_id, action="decline", actor=actor, door=access_call, reason=reason
    ).pk


def call_row(referral: Referral) -> CallRow:
    ended = stage_of(referral, Side.RECEIVER) is Stage.TOMBSTONE
    assert referral.sent_at is not None  # noqa: S101 - the door shows only what was sent
    return CallRow(referral.pk, referral.code, timezone.localdate(referral.sent_at), ended)


def _worker(referral: Referral) -> Worker:
    """The worker who made the request, at the organization's own number and address.

    An organization without an address answers at the worker's work address. Once that worker has left, it
    is who took over or who sent it; with all of them gone, the organization alone.
    """
    sender, worker = referral.sender, _still_there(referral)
    phones = Phone.objects.filter(organization=sender, kind="voice")
    return Worker(
        first_name=worker.get_short_name() if worker else "",
        organization=localized(sender, "name").text,
        phones=tuple(phone_display(row.number) for row in phones),
        email=sender.email or (worker.email if worker else ""),
    )


def _still_there(referral: Referral) -> User | None:
    """The first of those who know of the call and are members of the sender today."""
    events = referral.events.filter(organization_id=referral.sender_id, user_id__isnull=False)
    senders = events.order_by("-at", "pk").values_list("user_id", flat=True)
    known = [referral.created_by_id, referral.written_by, *senders]
    here = User.objects.filter(
        pk__in=[user_id for user_id in known if user_id],
        is_active=True,
        memberships__organization_id=referral.sender_id,
        memberships__ended_at__isnull=True,
    )
    return min(here.distinct(), key=lambda user: known.index(user.pk), default=None)
