"""People under 18 whose report is under way, and ages that must be asked again."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from partners.actor import Actor
from partners.models import Membership
from partners.roles import Capability
from referrals.ages import stale_since
from referrals.models import AgeBand, ChildProtectionRecord, Client
from referrals.querysets import open_file
from referrals.worklist.items import Item, since
from referrals.worklist.parts import Found, Part


def protection(actor: Actor) -> list[Part]:
    """Reports said to be under way, until one is recorded as made: the one-hour follow-up.

    For the manager and who recorded it, or everybody once that worker has left; of a restricted file for
    its whole care team. A manager who may not open that file is told that there is one, and no more:
    somebody must own the silence.
    """
    later = ChildProtectionRecord.objects.filter(
        client=OuterRef("client"), state="reported", recorded_at__gte=OuterRef("recorded_at")
    )
    rows = ChildProtectionRecord.objects.filter(
        ~Exists(later), client__organization_id=actor.organization_id, state="being_reported"
    )
    closed = rows.none()
    if actor.can(Capability.BREAK_GLASS):
        closed = rows.exclude(open_file(actor))
    rows = rows.filter(open_file(actor))
    if not actor.can(Capability.VOID):
        still_here = Membership.objects.filter(
            user=OuterRef("recorded_by"), organization_id=actor.organization_id, ended_at__isnull=True
        )
        own = Q(recorded_by_id=actor.user_id) | ~Exists(still_here)
        rows = rows.filter(own | Q(client__is_restricted=True))
    order, at = ("follow_up_at", "pk"), {"at": "follow_up_at"}
    mine = Part(rows, order, _follow_up, {"client": "client_id", **at})
    return [mine, Part(closed, order, _closed_file, at)]


def _follow_up(row: Found) -> Item:
    return replace(
        _being_reported(row),
        url=reverse("referrals:child_protection", args=[row.client_id]),
        client_id=row.client_id,
    )


def _being_reported(row: Found) -> Item:
    late = bool(row.at and row.at < timezone.now())
    return Item(
        url=reverse("referrals:break_glass"),
        what=gettext_lazy("Being reported now"),
        clock=replace(since(row.at, "alert"), kind="late" if late else "soon"),
        button=gettext_lazy("Record the report"),
        primary=True,
    )


def _closed_file(row: Found) -> Item:
    """Neither a name nor a code nor an id: the care team has those."""
    return replace(
        _being_reported(row),
        what=gettext_lazy("A restricted file: being reported now. Ask the care team."),
        button=gettext_lazy("Open a restricted file"),
    )


def ages_to_ask(actor: Actor) -> Part:
    """A band that was noted a year ago: nobody grows older in a list."""
    rows: QuerySet[Client] = Client.objects.visible_to(actor).filter(age_noted_on__lte=stale_since())
    rows = rows.exclude(age_band__in=[AgeBand.UNKNOWN.value, AgeBand.FROM_65.value])
    return Part(rows, ("age_noted_on", "pk"), _ask_age)


def _ask_age(row: Found) -> Item:
    return Item(
        url=reverse("referrals:client_edit", args=[row.id]),
        client_id=row.id,
        what=gettext_lazy("The age group was written down more than a year ago"),
        clock=since(None),
        button=gettext_lazy("Ask again"),
    )
