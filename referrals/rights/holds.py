"""Legal holds: nothing of a file is deleted while one is on it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners import audit
from partners.actor import Actor
from partners.errors import Conflict, Invalid, NotSeen
from partners.roles import Capability
from referrals.details import clean_text
from referrals.models import Client, HoldAuthority, LegalHold
from referrals.rights.access import held_client

ON_HOLD = _("A legal hold is on this file. Nothing of it is deleted before the hold has ended.")


def place_hold(*, actor: Actor, client_id: UUID, authority: str, reason: str = "") -> LegalHold:
    """Put a hold on a file; several may be on one. Raises Refused, NotSeen, Invalid."""
    client = held_client(client_id, actor)
    if authority not in HoldAuthority.values:
        raise Invalid({"authority": [_("Choose who asks for the hold.")]})
    try:
        why = clean_text(reason)
    except ValueError as error:
        raise Invalid({"reason": [error.args[0]]}) from None
    with transaction.atomic():
        # A deletion under way has the file locked: either it sees the hold, or the file is gone.
        if not Client.objects.select_for_update(no_key=True).only("id").filter(pk=client.pk).exists():
            raise NotSeen
        hold = LegalHold.objects.create(
            client_id=client.pk, authority=authority, reason=why, placed_by_id=actor.user_id
        )
        _audit(actor, client, "client.hold", authority)
    return hold


def end_hold(*, actor: Actor, hold_id: UUID) -> LegalHold:
    """End a hold of one of the own files, once. Raises Refused, NotSeen, Conflict."""
    actor.require(Capability.RIGHTS)
    own = LegalHold.objects.filter(pk=hold_id, client__organization_id=actor.organization_id)
    hold = own.first()
    if hold is None:
        raise NotSeen
    with transaction.atomic():
        if not own.filter(ended_at__isnull=True).update(ended_at=timezone.now()):
            raise Conflict(_("This hold has ended already."))
        _audit(actor, held_client(hold.client_id, actor), "client.hold_end", hold.authority)
    hold.refresh_from_db()
    return hold


def holds_of(client: Client) -> list[LegalHold]:
    return list(LegalHold.objects.filter(client_id=client.pk).select_related("placed_by"))


def is_held(client_id: UUID) -> bool:
    return LegalHold.objects.filter(client_id=client_id, ended_at__isnull=True).exists()


def require_no_hold(client_id: UUID) -> None:
    if is_held(client_id):
        raise Conflict(ON_HOLD, code="legal_hold")


def _audit(actor: Actor, client: Client, action: str, authority: str) -> None:
    audit.record(
        audit.Entry(
            actor=actor,
            action=action,
            object_type="client",
            object_id=client.pk,
            chains=(client.organization_id,),
            details={"authority": authority},
        )
    )


WORDS: dict[str, str | Promise] = {
    "client.hold": _("Legal hold placed"),
    "client.hold_end": _("Legal hold ended"),
    "detail.authority": _("Who asks for it"),
    **{f"authority.{code}": label for code, label in HoldAuthority.choices},
}
