"""Who saw a file: every release of it that stands in the own organization's chain, its partners' too."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from partners import audit
from partners.actor import Actor
from partners.audit_log import PAGE_SIZE, LogPage, page_of
from partners.models import AuditEvent
from referrals.models import Client, Consent, Introduction, Need, Referral
from referrals.rights.access import own_client

# What a release can name as its object.
OBJECTS = {
    "client": Client,
    "consent": Consent,
    "introduction": Introduction,
    "need": Need,
    "referral": Referral,
}


def who_saw(*, actor: Actor, client_id: UUID, page: int | str = 1, page_size: int = PAGE_SIZE) -> LogPage:
    """The newest first. Own colleagues by name, other organizations by theirs. Raises Refused, NotSeen."""
    client = own_client(client_id, actor)
    return page_of(actor, releases(client), page, page_size)


def releases(client: Client) -> QuerySet[AuditEvent]:
    """Found by their object: the chain stands inside a function, or SQLite would walk all of it."""
    rows = AuditEvent.objects.annotate(in_chain=Coalesce("chain", "chain")).filter(
        object_type__in=OBJECTS,
        object_id__in=_ids(client.pk),
        in_chain=client.organization_id,
        result=audit.RELEASED,
    )
    return rows.order_by("-at", "-sequence")


def _ids(client_id: UUID) -> list[str]:
    ids = [
        pk
        for model in (Consent, Introduction, Need, Referral)
        for pk in model.objects.filter(client_id=client_id).order_by("pk").values_list("pk", flat=True)
    ]
    return [str(client_id), *map(str, ids)]
