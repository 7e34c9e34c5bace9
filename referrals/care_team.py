"""Restricted files: who is on the care team, and how a manager breaks the glass for an hour.

What a restriction hides stands in ``referrals.querysets.open_file``, for every list and door at once.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners import audit
from partners.actor import Actor
from partners.errors import Conflict, Invalid, NotSeen, Refused
from partners.models import User
from partners.notifications import outbox
from partners.roles import Capability, roles_with
from referrals.access import access_client, held
from referrals.details import REQUIRED, clean_text
from referrals.models import CareTeamMember, Client, GlassBreak

OPEN_FOR = datetime.timedelta(minutes=60)
REASON_LENGTH = 1000


@dataclass(frozen=True)
class Team:
    """Who may open the file. ``until`` is set while the actor has it open by a broken glass only."""

    restricted: bool
    members: list[User]
    may_change: bool
    until: datetime.datetime | None = None


def team_of(*, actor: Actor, client_id: UUID) -> Team:
    client = access_client(client_id, actor)
    members = list(User.objects.filter(pk__in=_member_ids(client)).order_by("full_name", "pk"))
    until = None
    if client.is_restricted and actor.user_id not in {user.pk for user in members}:
        broken = _breaks(actor).filter(client=client, user_id=actor.user_id, until__gt=timezone.now())
        until = broken.values_list("until", flat=True).order_by("-until").first()
    return Team(client.is_restricted, members, _may_change(actor, client), until)


def may_open(actor: Actor, client_id: UUID) -> bool:
    return Client.objects.visible_to(actor).filter(pk=client_id).exists()


def colleagues(actor: Actor) -> QuerySet[User]:
    """Who can be on a team: active members of the own organization who work with clients."""
    return (
        User.objects.filter(
            is_active=True,
            memberships__organization_id=actor.organization_id,
            memberships__ended_at__isnull=True,
            memberships__role__in=roles_with(Capability.CLIENTS),
        )
        .distinct()
        .order_by("full_name", "pk")
    )


def set_team(*, actor: Actor, client_id: UUID, restricted: bool, members: Iterable[UUID] = ()) -> None:
    """Restrict the file to these members, or open it to all who work with clients.

    Whoever restricts a file is on its team. Later the team changes itself: each may leave but the last.
    Raises NotSeen, Refused (not on the team), Invalid (members).
    """
    wanted = set(members)
    access_client(client_id, actor)
    with transaction.atomic():
        client = held(Client.objects, client_id)
        if not _may_change(actor, client):
            raise Refused(_("Only the care team changes who is on it."))
        if not restricted:
            wanted = set()
        elif not client.is_restricted and actor.user_id:
            wanted.add(actor.user_id)
        if restricted:
            _check_members(actor, wanted)
        CareTeamMember.objects.filter(client=client).exclude(user_id__in=wanted).delete()
        known = set(_member_ids(client))
        for user_id in sorted(wanted - known):
            CareTeamMember.objects.create(client=client, user_id=user_id)
        client.is_restricted = restricted
        client.save(update_fields=["is_restricted", "last_act_at"])
        _audit(actor, client, "client.restrict" if restricted else "client.unrestrict", count=len(wanted))


def notice_readers(organization_id: UUID, object_id: UUID) -> set[UUID] | None:
    """Of a restricted file and its referrals the care team alone is told; None for all other objects."""
    own = Client.objects.filter(organization_id=organization_id, is_restricted=True)
    closed = own.filter(pk=object_id).first() or own.filter(referrals__pk=object_id).first()
    return None if closed is None else set(_member_ids(closed))


def break_glass(*, actor: Actor, reason: str, client_id: UUID | None = None, code: str = "") -> GlassBreak:
    """Open a restricted file to a manager for an hour, and owe the privacy officers a notice.

    The file is named by its id or by its code, whole: there is no search for what is closed.
    Raises Refused, Invalid (reason), NotSeen (no such restricted file), Conflict (open already).
    """
    actor.require(Capability.CLIENTS)
    actor.require(Capability.BREAK_GLASS)
    why = _reason(reason)
    named = {"pk": client_id} if client_id else {"code": code.strip().upper()}
    client = Client.objects.filter(organization_id=actor.organization_id, **named).first()
    if client is None or not client.is_restricted:
        raise NotSeen
    if may_open(actor, client.pk):
        raise Conflict(_("This file is open to you already."))
    with transaction.atomic():
        held(Client.objects, client.pk)
        broken = GlassBreak.objects.create(
            client=client, user_id=actor.user_id, reason=why, until=timezone.now() + OPEN_FOR
        )
        _audit(actor, client, "glass.break", glass_break=str(broken.pk))
        outbox.add(client.organization_id, "glass_broken", broken.pk, "")
    return broken


def breaks_for_review(actor: Actor) -> QuerySet[GlassBreak]:
    """The own organization's, what waits for a review first. For privacy officers."""
    actor.require(Capability.READ_AUDIT)
    return _breaks(actor).order_by("reviewed_at", "-opened_at", "pk")


def access_break(break_id: UUID, actor: Actor) -> GlassBreak:
    broken = breaks_for_review(actor).filter(pk=break_id).first()
    if broken is None:
        raise NotSeen
    return broken


def review_break(*, actor: Actor, break_id: UUID) -> GlassBreak:
    """Mark it as reviewed, once, by somebody else than who broke the glass. Raises Refused, Conflict."""
    broken = access_break(break_id, actor)
    if broken.user_id == actor.user_id:
        raise Refused(_("Somebody else reviews what you opened."))
    with transaction.atomic():
        waiting = GlassBreak.objects.filter(pk=break_id, reviewed_at__isnull=True)
        if not waiting.update(reviewed_by_id=actor.user_id, reviewed_at=timezone.now()):
            raise Conflict(_("This has been reviewed already."))
        _audit(actor, broken.client, "glass.review", glass_break=str(break_id))
    return access_break(break_id, actor)


def _breaks(actor: Actor) -> QuerySet[GlassBreak]:
    own = GlassBreak.objects.filter(client__organization_id=actor.organization_id)
    return own.select_related("client", "user", "reviewed_by")


def _may_change(actor: Actor, client: Client) -> bool:
    """The team itself; when nobody of it works here any more, whoever has broken the glass."""
    if not client.is_restricted:
        return True
    team = set(_member_ids(client))
    return actor.user_id in team or not colleagues(actor).filter(pk__in=team).exists()


def _member_ids(client: Client) -> list[UUID]:
    return list(client.care_team.values_list("user_id", flat=True))


def _check_members(actor: Actor, wanted: set[UUID]) -> None:
    found = set(colleagues(actor).filter(pk__in=wanted).values_list("pk", flat=True))
    if not wanted:
        raise Invalid({"members": [_("The last member of a care team cannot leave it.")]})
    if found != wanted:
        raise Invalid({"members": [_("Choose members who work with clients here.")]})


def _reason(reason: str) -> str:
    try:
        why = clean_text(reason, REASON_LENGTH)
    except ValueError as error:
        raise Invalid({"reason": [error.args[0]]}) from None
    if not why:
        raise Invalid({"reason": [REQUIRED]})
    return why


def _audit(actor: Actor, client: Client, action: str, **details: Any) -> None:
    audit.record(
        audit.Entry(
            actor=actor,
            action=action,
            object_type="client",
            object_id=client.pk,
            chains=(client.organization_id,),
            details=details,
        )
    )
