"""What the partners' list tells of their listings."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count

from directory.models import Service


def taking_referrals(organization_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many listings of each take referrals now; who has none is left out."""
    rows = Service.objects.open_to_referrals().filter(organization__in=organization_ids)
    counted = rows.order_by("organization").values("organization").annotate(count=Count("pk"))
    return dict(counted.values_list("organization", "count"))
