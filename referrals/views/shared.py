"""What the pages share: who acts as what, where a referral's page is, refusals told in words."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners import middleware
from partners.actor import Actor, Channel, Side
from partners.errors import ChildProtectionRequired, Conflict, Invalid
from partners.roles import Capability
from referrals.access import access_referral, side_of
from referrals.consent import TOMBSTONE, Stage, stage_of
from referrals.events import timeline
from referrals.links.frame import SPACE, page
from referrals.models import Referral
from referrals.presenting import age_unknown
from referrals.workflow import STATUS_LABELS, Status

NO_SUCH_SIDE = _("Say whether you act as sender or as receiver.")


def actor_of(request: HttpRequest) -> Actor:
    """The actor, acting as the side that ``as`` names; it matters where one organization is both."""
    actor = middleware.actor_of(request)
    side = request.POST.get("as") or request.GET.get("as")
    if not side:
        return actor
    if side not in set(Side):
        raise Invalid({"as": [NO_SUCH_SIDE]}, NO_SUCH_SIDE)
    return actor.acting(Side(side))


def referral_url(referral_id: UUID, actor: Actor, anchor: str = "") -> str:
    """Its page for this actor: who came by one-time link stays below the link's own address."""
    acting = f"?as={actor.acting_as.value}" if actor.acting_as else ""
    space = SPACE if actor.channel is Channel.LINK else None
    return reverse("referrals:detail", args=[referral_id], current_app=space) + acting + anchor


def to_referral(referral_id: UUID, actor: Actor, anchor: str = "") -> HttpResponseRedirect:
    return HttpResponseRedirect(referral_url(referral_id, actor, anchor))


def conflict(request: HttpRequest, referral_id: UUID, error: Conflict) -> HttpResponse:
    """409, with what happened meanwhile and the way back; to a receiver it never says why sharing ended."""
    actor = actor_of(request)
    referral = access_referral(referral_id, actor)
    lines = timeline(referral, actor)
    ended = stage_of(referral, side_of(referral, actor)) is Stage.TOMBSTONE
    context = {
        "message": TOMBSTONE if ended else str(error),
        "code": referral.code,
        "status": "" if ended else referral.status,
        "status_label": STATUS_LABELS[Status(referral.status)],
        "last": lines[-1] if lines and not ended else None,
        "back": referral_url(referral_id, actor),
    }
    return page(request, "referrals/conflict.html", context, status=error.status)


def under_18(request: HttpRequest, referral: Referral, error: ChildProtectionRequired) -> HttpResponse:
    """422: whom to call, the duty to report at once, and where the report is recorded."""
    actor = actor_of(request)
    context = {
        "message": str(error),
        "client_id": referral.client_id,
        "age_unknown": age_unknown(referral),
        "may_record": actor.can(Capability.CHILD_PROTECTION),
        "giver_missing": error.message != ChildProtectionRequired.message,
        "recipient_id": referral.receiver_id,
        "code": referral.code,
        "back": referral_url(referral.pk, actor),
    }
    return page(request, "referrals/under_18.html", context, status=error.status)
