"""Whom nobody has reached, and whose outcome nobody has told."""

from __future__ import annotations

import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.actor import Actor, Side
from partners.roles import Capability
from referrals.boxes import Clock, day_in_words
from referrals.consent import POLICE
from referrals.models import AttemptResult, ContactAttempt, Handoff, Referral
from referrals.order import ENDED
from referrals.workflow import Status
from referrals.worklist.items import OPEN_VALUES, Item, box, detail, since
from referrals.worklist.parts import Found, Part

# Days without an outcome after which each side has it on the list.
SILENT = {Side.RECEIVER: 14, Side.SENDER: 60}
FAILED = [result for result in AttemptResult.values if result != AttemptResult.REACHED]


def could_not_reach(actor: Actor) -> list[Part]:
    """The last attempt failed, a handoff was missed, or it was closed so and not yet confirmed."""
    parts = []
    if actor.can(Capability.SEND):
        parts.append(_tried(actor, box(actor, Side.SENDER), Side.SENDER))
    if actor.can(Capability.ANSWER):
        parts.append(_tried(actor, box(actor, Side.RECEIVER).shared(), Side.RECEIVER))
    if actor.can(Capability.SEND):
        parts += _missed(actor)
    return parts


def _tried(actor: Actor, rows: QuerySet[Referral], side: Side) -> Part:
    """By either side; the day of the next attempt is the own side's.

    A receiver that has not tried itself may not know that the sender has.
    """
    last = ContactAttempt.objects.filter(referral=OuterRef("pk"))
    own = last.filter(organization_id=actor.organization_id)
    if side is Side.RECEIVER:
        rows = rows.filter(Exists(own))
    under_way = rows.filter(status__in=OPEN_VALUES, box_order__lt=ENDED)
    return Part(
        under_way.alias(last_result=Subquery(last.values("result")[:1])).filter(last_result__in=FAILED),
        (F("next_on").asc(nulls_last=True), "last_at", "pk"),
        lambda row: _try_again(row, side),
        {"at": "last_at", "on": "next_on"},
        {"last_at": Subquery(last.values("at")[:1]), "next_on": Subquery(own.values("next_on")[:1])},
    )


def _try_again(row: Found, side: Side) -> Item:
    referral = row.referral
    return Item(
        url=detail(referral, side) + "#attempts",
        code=referral.code,
        client_id=referral.client_id if side is Side.SENDER else None,
        what=gettext_lazy("Not reached yet, with"),
        organization=referral.receiver if side is Side.SENDER else referral.sender,
        clock=_next_attempt(row.on) if row.on else since(row.at, "bell"),
        button=gettext_lazy("Record an attempt"),
        due=row.on,
    )


def _next_attempt(day: datetime.date) -> Clock:
    today = timezone.localdate()
    words = {"date": day_in_words(day)}
    if day < today:
        return Clock("alert", _("Next attempt was due %(date)s") % words, "late")
    return Clock("bell", _("Next attempt %(date)s") % words, "soon" if day == today else "")


def _missed(actor: Actor) -> list[Part]:
    """Two parts, for each has an index of its own."""
    sent = box(actor, Side.SENDER)
    closed = sent.filter(status=Status.CLOSED.value, end_reason="could_not_reach", confirmed_at__isnull=True)
    last = Handoff.objects.filter(referral=OuterRef("pk")).order_by("-recorded_at", "-pk")
    missed = (
        sent.filter(status__in=OPEN_VALUES, box_order__lt=ENDED)
        .alias(last_handoff=Subquery(last.values("result")[:1]))
        .filter(last_handoff="missed")
    )
    return [Part(rows, ("last_modified", "pk"), _unreached) for rows in (closed, missed)]


def _unreached(row: Found) -> Item:
    referral = row.referral
    closed = referral.status == Status.CLOSED.value
    return Item(
        url=detail(referral, Side.SENDER),
        code=referral.code,
        client_id=referral.client_id,
        what=gettext_lazy("Could not be reached by") if closed else gettext_lazy("Handoff missed with"),
        organization=referral.receiver,
        clock=since(referral.ended_at or referral.last_modified, "bell"),
        button=gettext_lazy("See referral"),
    )


def outcome_due(actor: Actor) -> list[Part]:
    """Accepted or in service, and for weeks nobody has said what became of it."""
    parts = []
    if actor.can(Capability.ANSWER):
        parts.append(_silent(box(actor, Side.RECEIVER).shared(), Side.RECEIVER))
    if actor.can(Capability.SEND):
        parts.append(_silent(box(actor, Side.SENDER), Side.SENDER))
    return parts


def _silent(rows: QuerySet[Referral], side: Side) -> Part:
    before = datetime.timedelta(days=SILENT[side])
    accepted = Q(status=Status.ACCEPTED.value, accepted_at__lte=timezone.now() - before)
    served = Q(status=Status.IN_SERVICE.value, service_started_on__lte=timezone.localdate() - before)
    under_way = rows.filter(accepted | served, box_order__lt=ENDED, accepted_at__isnull=False)
    silent = under_way.exclude(receiver__kind=POLICE)
    return Part(silent, ("accepted_at", "pk"), lambda row: _ask(row, side))


def _ask(row: Found, side: Side) -> Item:
    referral = row.referral
    sender = side is Side.SENDER
    return Item(
        url=detail(referral, side),
        code=referral.code,
        client_id=referral.client_id if sender else None,
        what=gettext_lazy("Accepted by") if sender else gettext_lazy("Accepted from"),
        organization=referral.receiver if sender else referral.sender,
        clock=since(referral.accepted_at),
        button=gettext_lazy("See referral"),
    )
