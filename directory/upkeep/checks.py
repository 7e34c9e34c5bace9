"""A human says that a listing is true. Nothing else ever sets ``verified_at``."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from directory.models import CheckMethod, Service, Verification
from directory.search import index
from directory.upkeep.access import held_service, is_published, method_of
from directory.upkeep.errors import NotPublished
from directory.upkeep.lapse import due_day
from partners import audit
from partners.actor import Actor


@transaction.atomic
def confirm(
    actor: Actor, service: Service, *, changed: bool = False, method: CheckMethod | None = None
) -> Service:
    """The listing is true from now on, for as long as its cadence says. ``changed``: it was put right first.

    ``method`` is told where it is more than the actor's channel says. Raises NotSeen, Refused, NotPublished.
    """
    saved = held_service(actor, service.pk)
    if not is_published(saved):
        raise NotPublished
    now, how = timezone.now(), method or method_of(actor)
    due = due_day(now, saved.verify_days)
    Service.objects.filter(pk=saved.pk).update(verified_at=now, verified_by=actor.user_id, next_due=due)
    saved.verified_at, saved.verified_by_id, saved.next_due = now, actor.user_id, due
    Verification.objects.create(
        service=saved, at=now, user_id=actor.user_id, method=how.value, changed=changed
    )
    index.refresh(saved)
    audit.record(
        audit.Entry(
            actor,
            "confirm_listing",
            "service",
            saved.pk,
            chains=(saved.organization_id,),
            details={"means": how.value, "changed": changed},
        )
    )
    return saved
