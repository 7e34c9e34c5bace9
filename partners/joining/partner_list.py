"""The partners of the network, as their members see each other: by name, a page at a time."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Max, Q

from partners.actor import Actor
from partners.bilingual import reader_language
from partners.errors import NotSignedIn, Refused, Suspended
from partners.hooks import Hook, PartnerFigures, partner_figures, partner_listings
from partners.models import Agreement, Organization
from partners.models.organizations import OrganizationQuerySet, PartnerKind, in_force_today
from partners.paging import LongPage, LongPaginator
from partners.roles import Capability

PAGE_SIZE = 25
Told = TypeVar("Told")


@dataclass(frozen=True)
class PartnerRow:
    """``until`` and ``suspended`` are for who admits partners. ``figures``: how soon it answers."""

    organization: Organization
    in_force: bool
    listings: int
    until: datetime.date | None = None
    suspended: bool = False
    figures: PartnerFigures | None = None


def partner_rows(actor: Actor, *, kind: str = "", name: str = "") -> OrganizationQuerySet:
    """Every partner, for members of any organization but police, who see what the public sees.

    Raises NotSignedIn, Refused, Suspended.
    """
    if actor.is_anonymous:
        raise NotSignedIn
    if actor.suspended:
        raise Suspended
    own = Organization.objects.filter(pk=actor.organization_id).exclude(kind=PartnerKind.POLICE_LIAISON)
    if not own.exists():
        raise Refused
    rows = Organization.objects.filter(pk__in=Organization.objects.partners().order_by().values("pk"))
    if kind:
        rows = rows.filter(kind=kind)
    if name:
        named = Q(name_en__icontains=name) | Q(name_fr__icontains=name) | Q(aliases__name__icontains=name)
        rows = rows.filter(pk__in=Organization.objects.filter(named).order_by().values("pk"))
    first, second = ("name_fr", "name_en") if reader_language() == "fr" else ("name_en", "name_fr")
    return rows.order_by(first, second, "pk")


def partner_page(actor: Actor, *, kind: str = "", name: str = "", page: int | str = 1) -> LongPage:
    """One page of the rows, complete."""
    found = LongPaginator(partner_rows(actor, kind=kind, name=name), PAGE_SIZE).get_page(page)
    found.object_list = in_rows(actor, list(found.object_list))
    return found


def in_rows(actor: Actor, organizations: list[Organization]) -> list[PartnerRow]:
    """In so many queries, however many they are."""
    ids = [organization.pk for organization in organizations]
    keeps = actor.can(Capability.ADMIT_PARTNERS)
    until, listings, figures = _until(ids), _asked(partner_listings, ids), _asked(partner_figures, ids)
    return [
        PartnerRow(
            organization=one,
            in_force=one.pk in until and one.suspended_at is None,
            listings=listings.get(one.pk, 0) if one.pk in until and one.suspended_at is None else 0,
            until=until.get(one.pk) if keeps else None,
            suspended=keeps and one.suspended_at is not None,
            figures=figures.get(one.pk),
        )
        for one in organizations
    ]


def _asked(
    hook: Hook[Callable[[Collection[UUID]], Mapping[UUID, Told]]], ids: list[UUID]
) -> dict[UUID, Told]:
    """What the apps above know of them; empty where none does."""
    known: dict[UUID, Told] = {}
    for _name, ask in hook:
        known.update(ask(ids))
    return known


def _until(ids: list[UUID]) -> dict[UUID, datetime.date]:
    """The last day of what is in force, of those that have an agreement in force but for a suspension."""
    rows = Agreement.objects.filter(in_force_today(), organization__in=ids).order_by("organization")
    last = rows.values("organization").annotate(until=Max("ends_on"))
    return dict(last.values_list("organization", "until"))
