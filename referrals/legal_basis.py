"""Sharing without consent, on another legal basis: asked for by one, decided by another, released once.

Never a default and never automatic. What is released is what was asked for and approved, no more; the
release is committed to the audit log before anything of the person is answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners import audit
from partners.actor import Actor
from partners.errors import Conflict, Invalid, NotSeen, Refused, type_of_message
from partners.models import Organization
from partners.notifications import outbox
from partners.roles import Capability
from referrals.access import access_client, held
from referrals.client_view import FIELD_GROUPS, GROUP_FIELDS
from referrals.details import REQUIRED, clean_text
from referrals.models import Client, LegalBasis, LegalBasisShare
from referrals.safe_contact import shown

APPROVED, REFUSED = "approved", "refused"
DECISIONS = (APPROVED, REFUSED)
LENGTHS = {"recipient": 200, "reason": 2000}


@dataclass(frozen=True)
class Sheet:
    """What was released: the fields of the chosen groups that are written down, by name."""

    share: LegalBasisShare
    fields: dict[str, Any]


def request_share(
    *,
    actor: Actor,
    client_id: UUID,
    basis: str,
    reason: str,
    field_groups: Iterable[str],
    recipient: str = "",
    recipient_organization_id: UUID | None = None,
) -> LegalBasisShare:
    """Ask for it. Nothing is shared by this. Raises NotSeen (client), Invalid field by field."""
    client = access_client(client_id, actor)
    groups = sorted(set(field_groups))
    errors: dict[str, list[type_of_message]] = {}
    texts = _texts({"recipient": recipient, "reason": reason}, errors)
    if basis not in LegalBasis.values:
        errors["basis"] = [_("Choose a legal basis from the list.")]
    if not groups or not set(groups) <= set(FIELD_GROUPS):
        errors["field_groups"] = [_("Choose at least one group from the list.")]
    errors |= _recipient_errors(recipient_organization_id, texts, errors)
    if "reason" not in errors and not texts["reason"]:
        errors["reason"] = [REQUIRED]
    if errors:
        raise Invalid(errors)
    with transaction.atomic():
        share = LegalBasisShare.objects.create(
            client=held(Client.objects, client.pk),
            recipient_organization_id=recipient_organization_id,
            basis=basis,
            field_groups=groups,
            requested_by_id=actor.user_id,
            **texts,
        )
        _audit(actor, share, "legal_basis.request")
        outbox.add(client.organization_id, "sharing_asked", share.pk, "")
    return share


def _recipient_errors(
    organization_id: UUID | None, texts: Mapping[str, str], errors: Mapping[str, object]
) -> dict[str, list[type_of_message]]:
    """One organization of the network, or somebody outside in words."""
    if organization_id and not Organization.objects.filter(pk=organization_id).exists():
        return {"recipient_organization": [_("There is no such partner.")]}
    if not organization_id and not texts.get("recipient") and "recipient" not in errors:
        return {"recipient": [_("Say who gets it, or choose an organization.")]}
    return {}


def shares_of(*, actor: Actor, client_id: UUID) -> list[LegalBasisShare]:
    """All that was ever asked for about this person, for who may open the file."""
    access_client(client_id, actor)
    return list(_own(actor).filter(client_id=client_id))


def shares_for_review(actor: Actor) -> QuerySet[LegalBasisShare]:
    """The own organization's, what waits for a decision first. For managers and privacy officers."""
    actor.require(Capability.REVIEW_SHARING)
    return _own(actor).order_by("reviewed_at", "-requested_at", "pk")


def access_share(share_id: UUID, actor: Actor) -> LegalBasisShare:
    """For who may open the file, and for reviewers, who see the request but nothing of the file."""
    if not actor.can(Capability.REVIEW_SHARING):
        actor.require(Capability.CLIENTS)
    share = _own(actor).filter(pk=share_id).first()
    if share is None or not (actor.can(Capability.REVIEW_SHARING) or opens(actor, share)):
        raise NotSeen
    return share


def may_decide(share: LegalBasisShare, actor: Actor) -> bool:
    return (
        actor.can(Capability.REVIEW_SHARING) and share.requested_by_id != actor.user_id and not share.decision
    )


def may_release(share: LegalBasisShare, actor: Actor) -> bool:
    return share.decision == APPROVED and share.released_at is None and opens(actor, share)


def decide(*, actor: Actor, share_id: UUID, decision: str) -> LegalBasisShare:
    """Approve or refuse, once, by a reviewer who did not ask for it.

    Raises NotSeen, Refused (no reviewer, own request), Invalid (decision), Conflict (decided already).
    """
    share = access_share(share_id, actor)
    actor.require(Capability.REVIEW_SHARING)
    if share.requested_by_id == actor.user_id:
        raise Refused(_("Somebody else decides on what you asked for."))
    if decision not in DECISIONS:
        raise Invalid({"decision": [_("Approve or refuse it.")]})
    with transaction.atomic():
        waiting = LegalBasisShare.objects.filter(pk=share_id, decision="")
        if not waiting.update(decision=decision, reviewed_by_id=actor.user_id, reviewed_at=timezone.now()):
            raise Conflict(_("This has been decided already."))
        _audit(actor, share, "legal_basis.approve" if decision == APPROVED else "legal_basis.refuse")
    return access_share(share_id, actor)


def release(*, actor: Actor, share_id: UUID) -> Sheet:
    """Show what was approved, once; another look is another act, asked for and decided anew.

    Raises NotSeen (who may not open the file), Conflict (not approved, or released already).
    """
    share = access_share(share_id, actor)
    if not opens(actor, share):
        raise NotSeen
    with transaction.atomic(durable=True):
        ready = LegalBasisShare.objects.filter(pk=share_id, decision=APPROVED, released_at__isnull=True)
        if not ready.update(released_at=timezone.now()):
            raise Conflict(_("Only what was approved can be released, and only once."))
        _audit(actor, share, "legal_basis.release", result=audit.RELEASED)
    return Sheet(access_share(share_id, actor), _fields(share))


def _fields(share: LegalBasisShare) -> dict[str, Any]:
    """The file's own fields; a note belongs to a referral, not to the file.

    Of safe contact only the ways that are allowed: who gets it knows no other rule.
    """
    phase = share.client.phases.filter(left_on__isnull=True).first()
    current = {
        "phase": phase.phase if phase else None,
        "note": None,
        "safe_contact": shown(share.client.safe_contact),
    }
    names = [name for group in FIELD_GROUPS if group in share.field_groups for name in GROUP_FIELDS[group]]
    values = {name: current[name] if name in current else getattr(share.client, name) for name in names}
    return {name: value for name, value in values.items() if value not in (None, "", {})}


def _own(actor: Actor) -> QuerySet[LegalBasisShare]:
    own = LegalBasisShare.objects.filter(client__organization_id=actor.organization_id)
    return own.select_related("client", "recipient_organization", "requested_by", "reviewed_by")


def opens(actor: Actor, share: LegalBasisShare) -> bool:
    """Whether the actor may open the file itself, which a reviewer need not."""
    return Client.objects.visible_to(actor).filter(pk=share.client_id).exists()


def _texts(given: dict[str, str], errors: dict[str, list[type_of_message]]) -> dict[str, str]:
    taken = {}
    for name, value in given.items():
        try:
            taken[name] = clean_text(value, LENGTHS[name])
        except ValueError as error:
            errors[name] = [error.args[0]]
    return taken


def _audit(actor: Actor, share: LegalBasisShare, action: str, result: str = audit.DONE) -> None:
    recipient = str(share.recipient_organization_id) if share.recipient_organization_id else None
    audit.record(
        audit.Entry(
            actor=actor,
            action=action,
            object_type="client",
            object_id=share.client_id,
            result=result,
            chains=(share.client.organization_id,),
            details={
                "share": str(share.pk),
                "basis": share.basis,
                "field_groups": share.field_groups,
                **({"recipient": recipient} if recipient else {}),
            },
        )
    )
