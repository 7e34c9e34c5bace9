"""What hangs on a member by name, and who takes it when they no longer work with clients.

Nearly all work belongs to the organization and stands on everybody's work list. By name there are only:
the care teams of restricted files, a glass that is broken, and the worker whom police are to call.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import ngettext

from partners import audit
from partners.errors import Invalid
from partners.hooks import Departure
from partners.models import Membership
from partners.roles import Capability, roles_with
from referrals.consent import POLICE
from referrals.models import CareTeamMember, Client, GlassBreak, Referral
from referrals.order import ENDED

WITH_CLIENTS = roles_with(Capability.CLIENTS)


def member_left(departure: Departure) -> list[audit.Entry]:
    """Hand over, in the transaction of the act. Raises Invalid (successor), which names how many files."""
    if _at_work(departure.organization_id).filter(user_id=departure.user_id).exists():
        return []
    _close_glass(departure)
    _hand_over_calls(departure)
    return _hand_over_files(departure)


def only_on(organization_id: UUID, user_id: UUID) -> int:
    """How many restricted files nobody else at work could open, if this member went."""
    return len(_left_alone(_files_of(organization_id, user_id), organization_id, user_id))


def _hand_over_files(departure: Departure) -> list[audit.Entry]:
    """Files that others of their team still keep stay with them; of the rest the successor takes the place.

    Where nobody else works with clients any more, the leaving is not held up: such a file stays closed,
    and a manager to come opens it with a reason.
    """
    clients = _files_of(departure.organization_id, departure.user_id, hold=True)
    alone = _left_alone(clients, departure.organization_id, departure.user_id)
    if alone and departure.successor_id is None and _at_work(departure.organization_id).exists():
        message = ngettext(
            "%(count)d restricted file would be left with nobody. Choose who takes over.",
            "%(count)d restricted files would be left with nobody. Choose who takes over.",
            len(alone),
        ) % {"count": len(alone)}
        raise Invalid({"successor": [message]}, message)
    if departure.successor_id:
        CareTeamMember.objects.bulk_create(
            CareTeamMember(client_id=client_id, user_id=departure.successor_id) for client_id in alone
        )
    CareTeamMember.objects.filter(client__in=clients, user_id=departure.user_id).delete()
    return [_entry(departure, client_id, left_alone=client_id in alone) for client_id in clients]


def _files_of(organization_id: UUID, user_id: UUID, *, hold: bool = False) -> list[UUID]:
    """The restricted files on whose team the member is; held, in one order, as every change of a team."""
    on_team = CareTeamMember.objects.filter(client=OuterRef("pk"), user_id=user_id)
    files = Client.objects.filter(Exists(on_team), organization_id=organization_id).order_by("pk")
    return list((files.select_for_update(no_key=True) if hold else files).values_list("pk", flat=True))


def _left_alone(clients: Sequence[UUID], organization_id: UUID, user_id: UUID) -> set[UUID]:
    """Those of the files that nobody else of their team can open any more."""
    others = CareTeamMember.objects.filter(client__in=clients).exclude(user_id=user_id)
    kept = others.filter(Exists(_at_work(organization_id).filter(user_id=OuterRef("user_id"))))
    return set(clients) - set(kept.values_list("client_id", flat=True))


def _hand_over_calls(departure: Departure) -> None:
    """Police are told to call somebody who is there: see ``calls``."""
    if departure.successor_id:
        Referral.objects.filter(
            sender_id=departure.organization_id,
            receiver__kind=POLICE,
            created_by_id=departure.user_id,
            sent_at__isnull=False,
            box_order__lt=ENDED,
        ).update(written_by=departure.successor_id)


def _close_glass(departure: Departure) -> None:
    now = timezone.now()
    GlassBreak.objects.filter(
        client__organization_id=departure.organization_id, user_id=departure.user_id, until__gt=now
    ).update(until=now)


def _at_work(organization_id: UUID):  # type: ignore[no-untyped-def]  # a queryset
    return Membership.objects.filter(
        organization_id=organization_id,
        ended_at__isnull=True,
        user__is_active=True,
        role__in=WITH_CLIENTS,
    )


def _entry(departure: Departure, client_id: UUID, *, left_alone: bool) -> audit.Entry:
    details: dict[str, Any] = {"member": str(departure.user_id)}
    if left_alone and departure.successor_id:
        details["successor"] = str(departure.successor_id)
    return audit.Entry(
        actor=departure.actor,
        action="client.hand_over",
        object_type="client",
        object_id=client_id,
        chains=(departure.organization_id,),
        details=details,
    )
