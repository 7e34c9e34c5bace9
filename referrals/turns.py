"""Which other referrals of a need an act reaches, and the locks that make all of it one act.

Everything that moves a referral locks in one order: the need, the consents of its open referrals, the
referrals by id, and the audit heads last (ADR 008).
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from directory.models import Service
from partners.errors import Invalid
from partners.police_channel import is_police
from referrals.access import held
from referrals.models import Consent, Need, OfferMode, Referral
from referrals.querysets import ReferralQuerySet
from referrals.workflow import GOES_ON, OPEN, Status

_OPEN = [status.value for status in OPEN]
# Asked and not answered, or answered with a place on a list: nobody has taken it yet.
_ASKED = [Status.DRAFT.value, Status.SENT.value, Status.WAITLISTED.value]
# What is on the list in its order, then what was offered beside it; the same on both databases.
IN_ORDER = (F("position").asc(nulls_last=True), "created_at", "pk")


def hold(need_id: UUID) -> Need:
    """Hold the need alone, so that nothing is answered or offered beside this act.

    Enough for who makes a draft: the client, which a new consent holds before the old one, comes after.
    """
    return held(Need.objects, need_id)


def lock(need_id: UUID) -> None:
    """Hold the need and all that is open for it until the transaction ends.

    A consent that is replaced at this moment gives its place to the new one, so they are read again
    until all of them are held.
    """
    hold(need_id)
    open_ones = Referral.objects.filter(need_id=need_id, status__in=_OPEN)
    standing = open_ones.filter(consent__isnull=False).order_by("consent_id")
    held: set[UUID] = set()
    while wanted := set(standing.values_list("consent_id", flat=True)) - held:
        consents = Consent.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
        held |= wanted | set(consents.values_list("pk", flat=True))
    list(open_ones.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def losers(winner: Referral) -> list[Referral]:
    """The need's other referrals that nobody has accepted. They end when one partner does."""
    rows = _of(winner.need).exclude(pk=winner.pk).filter(status__in=_ASKED, accepted_at__isnull=True)
    return list(rows.order_by("pk"))


def goes_on(ended: Referral, action: str, reason: str) -> bool:
    """Whether a list goes on after this end: of a partner that was asked and had not accepted, and for a
    reason of GOES_ON. A draft that a worker takes out moves nothing."""
    asked = ended.sent_at is not None and ended.accepted_at is None
    return asked and reason in GOES_ON.get(action, frozenset())


def next_in_turn(need: Need) -> Referral | None:
    """The draft whose turn it is: the list has begun, nobody in it is being asked, it is the first left.

    ``worklist.next_offer`` asks the database the same for all needs at once.
    """
    if need.offer_mode != OfferMode.IN_TURN or need.closed_at is not None:
        return None
    rows = list(_of(need).order_by(*IN_ORDER))
    drafts = [row for row in rows if row.status == Status.DRAFT.value and row.position is not None]
    asked = any(row.status in _OPEN and row.status != Status.DRAFT.value for row in rows)
    begun = any(row.sent_at is not None and row.position is not None for row in rows)
    return drafts[0] if drafts and begun and not asked else None


def is_next(referral: Referral) -> bool:
    """Whether the system may send it: planned in a list, and its turn."""
    following = next_in_turn(referral.need) if referral.position is not None else None
    return following is not None and following.pk == referral.pk


def require_place(need: Need, service: Service) -> None:
    """A need is offered to a service once at a time, and to police alone. Raises Invalid (service)."""
    others = list(_of(need).filter(status__in=_OPEN))
    if any(row.service_id == service.pk for row in others):
        raise Invalid({"service": [_("The need is offered to this service already.")]})
    if others and any(is_police(each) for each in [service.organization, *(row.receiver for row in others)]):
        raise Invalid({"service": [_("Police are never one of several partners for a need.")]})


def _of(need: Need) -> ReferralQuerySet:
    rows = Referral.objects.filter(need=need)
    return rows.select_related("service", "sender", "receiver", "need", "consent", "client")
