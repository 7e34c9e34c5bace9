"""Two listings become one: the kept one answers for both, the dropped one is archived and leads to it.

Within one organization everything moves. Across two, only where the dropped listing's organization has no
agreement, so that nobody's referrals are given to somebody else: a consent names its recipient, and what
stands on it stays where it is.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.editing import save_service
from directory.hooks import listing_merged
from directory.listing_shape import FACETS, SERVICE_ROWS, SERVICE_TEXTS, Shape, shape_of
from directory.models import (
    ListingLink,
    ListingMerge,
    ListingProposal,
    ListingReport,
    ProposalState,
    Service,
)
from directory.upkeep.access import is_published
from directory.upkeep.archiving import count_open_referrals, set_archived
from directory.upkeep.errors import NotMergeable
from partners import audit
from partners.actor import Actor
from partners.errors import Invalid, NotSeen
from partners.models import AliasKind, Organization
from partners.roles import Capability

TAKEN = (
    *(*SERVICE_TEXTS, "minimum_age", "maximum_age"),
    *(key for key in SERVICE_ROWS if key != "aliases"),
    *FACETS,
)
EMPTY: tuple[Any, ...] = ("", None, [])


def offered(kept: Service, dropped: Service) -> Shape:
    """What the kept listing lacks and the dropped one has. Never where it is: no merge tells a place."""
    have, more = shape_of(kept), shape_of(dropped)
    return {key: more[key] for key in TAKEN if have[key] in EMPTY and more[key] not in EMPTY}


def why_not(kept: Service, dropped: Service) -> str:
    """Why the two can't be merged, in the reader's language; empty where they can."""
    if kept.pk == dropped.pk:
        return str(_("A listing cannot be merged with itself."))
    if not is_published(kept):
        return str(_("The listing to keep is not published."))
    if kept.organization_id == dropped.organization_id:
        return ""
    if Organization.objects.with_agreement().filter(pk=dropped.organization_id).exists():
        return str(_("They belong to two organizations, and the second one has an agreement."))
    if count_open_referrals(dropped.pk):
        return str(_("They belong to two organizations, and referrals to the second one are still open."))
    return ""


@transaction.atomic
def merge(actor: Actor, kept_id: UUID, dropped_id: UUID, take: list[str]) -> Service:
    """``take``: of what is ``offered``, what a human chose.

    Raises Refused, NotSeen, NotMergeable, Invalid.
    """
    actor.require(Capability.KEEP_CATALOGUE)
    kept, dropped = _held(kept_id, dropped_id)
    if reason := why_not(kept, dropped):
        raise NotMergeable(reason)
    if ListingMerge.objects.filter(dropped=dropped).exists():
        raise NotMergeable(_("The second listing was merged with another one already."))
    choices = offered(kept, dropped)
    if unknown := [name for name in take if name not in choices]:
        raise Invalid({"take": [_("“%(value)s” is not a known code.") % {"value": name} for name in unknown]})
    data = {name: choices[name] for name in take} | {"aliases": _aliases(kept, dropped)}
    saved = save_service(actor, data, publish=True, service=kept)
    _move(actor, saved, dropped)
    set_archived(dropped)
    ListingMerge.objects.filter(kept=dropped).update(kept=saved)
    ListingMerge.objects.create(kept=saved, dropped=dropped, by_id=actor.user_id)
    chains = (saved.organization_id, dropped.organization_id)
    details = {"dropped": str(dropped.pk)}
    audit.record(audit.Entry(actor, "merge_listings", "service", saved.pk, chains=chains, details=details))
    return saved


def kept_instead(service_id: UUID) -> UUID | None:
    """The listing that answers for a dropped one, if there is one."""
    return ListingMerge.objects.filter(dropped_id=service_id).values_list("kept_id", flat=True).first()


def _held(*service_ids: UUID) -> list[Service]:
    """As asked for, and locked in the order of their ids."""
    rows = Service.objects.filter(pk__in=service_ids).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True))
    found = {service.pk: service for service in rows.for_listing()}
    if not found.keys() >= set(service_ids):
        raise NotSeen
    return [found[pk] for pk in service_ids]


def _move(actor: Actor, kept: Service, dropped: Service) -> None:
    """What waits for somebody waits at the kept listing from now on; what was to change is void."""
    now = timezone.now()
    ListingReport.objects.filter(service=dropped, handled_at__isnull=True).update(service=kept)
    proposals = ListingProposal.objects.filter(service=dropped, state=ProposalState.PROPOSED)
    proposals.update(state=ProposalState.WITHDRAWN, decided_by_id=actor.user_id, decided_at=now)
    ListingLink.objects.filter(service=dropped, replaced_at__isnull=True).update(replaced_at=now)
    if kept.organization_id == dropped.organization_id:
        for _name, move in listing_merged:
            move(kept.pk, dropped.pk)


def _aliases(kept: Service, dropped: Service) -> list[dict[str, str]]:
    """Every name that either ever had, but for those that the kept one bears."""
    names = [(alias.name, alias.language, alias.kind) for alias in kept.aliases.all()]
    names += [
        (name, language, AliasKind.FORMER.value)
        for name, language in ((dropped.name_en, "en"), (dropped.name_fr, "fr"))
        if name and name not in (kept.name_en, kept.name_fr)
    ]
    names += [(alias.name, alias.language, alias.kind) for alias in dropped.aliases.all()]
    once = {(name, language): kind for name, language, kind in reversed(names)}
    return [
        {"name": name, "language": language, "kind": kind} for (name, language), kind in sorted(once.items())
    ]
