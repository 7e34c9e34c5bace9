"""Needs that are written down before anything is offered for them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from partners import audit
from partners.actor import Actor
from referrals.access import access_client
from referrals.drafts import category_term, urgency_code
from referrals.models import Need, Urgency


def create_need(
    *, actor: Actor, client_id: UUID, category: str, urgency: str = Urgency.ROUTINE.value
) -> Need:
    """A need of one of the own organization's clients. Raises NotSeen, Invalid (category, urgency)."""
    client = access_client(client_id, actor)
    with transaction.atomic():
        need = Need.objects.create(
            client=client, category=category_term(category), urgency=urgency_code(urgency)
        )
        client.save(update_fields=["last_act_at"])
        audit.record(
            audit.Entry(
                actor=actor,
                action="need.create",
                object_type="need",
                object_id=need.pk,
                chains=(client.organization_id,),
            )
        )
    return need
