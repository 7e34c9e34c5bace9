"""What the partners' pages tell of listings."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from directory.models import Program, Service
from partners.actor import ANONYMOUS
from partners.models import Organization


def taking_referrals(organization_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many listings of each take referrals now; who has none is left out."""
    rows = Service.objects.open_to_referrals().filter(organization__in=organization_ids)
    counted = rows.order_by("organization").values("organization").annotate(count=Count("pk"))
    return dict(counted.values_list("organization", "count"))


def found_by_everybody(rows: QuerySet[Organization]) -> QuerySet[Organization]:
    """Those of which the public sees a listing or a program; whoever only drafts one is named to nobody."""
    services = Service.objects.visible_to(ANONYMOUS).filter(organization=OuterRef("pk"))
    programs = Program.objects.filter(organization=OuterRef("pk"))
    return rows.filter(Q(Exists(services)) | Q(Exists(programs)))
