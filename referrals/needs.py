"""Needs: what a person is looking for, in her words; written down, changed and closed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Taxonomy, TaxonomyTerm
from partners import audit
from partners.actor import Actor
from partners.errors import Conflict, Invalid, NotSeen
from partners.roles import Capability
from referrals import turns
from referrals.access import access_client, held
from referrals.details import clean_text
from referrals.drafts import category_term, urgency_code
from referrals.models import Client, ClientPhase, Need, Urgency
from referrals.order import box_order
from referrals.workflow import OPEN

CURRENT_PHASE = "current"


def access_need(need_id: UUID, actor: Actor) -> Need:
    """A need of one of the own organization's clients. 403 without the capability, 404 for another's."""
    actor.require(Capability.CLIENTS)
    found = Need.objects.visible_to(actor).select_related("category__parent", "client__safe_area")
    need = found.filter(pk=need_id).first()
    if need is None:
        raise NotSeen
    return need


def open_need(*, actor: Actor, need_id: UUID) -> Need:
    """The need with what matters to her; the release to the own worker is committed first."""
    need = access_need(need_id, actor)
    _record_release(actor, need)
    return need


def create_need(
    *,
    actor: Actor,
    client_id: UUID,
    category: str,
    urgency: str = Urgency.ROUTINE.value,
    phase: int | str | None = CURRENT_PHASE,
    matters: str = "",
    barriers: Iterable[str] = (),
) -> Need:
    """A need of one of the own organization's clients, by default in the phase she is in.

    Raises NotSeen (client), Invalid field by field.
    """
    client = access_client(client_id, actor)
    given = {"category": category, "urgency": urgency, "matters": matters, "barriers": barriers}
    taken = _read({**given, "phase": _current(client) if phase == CURRENT_PHASE else phase})
    with transaction.atomic():
        held(Client.objects, client.pk)
        need = Need.objects.create(client=client, **taken)
        client.save(update_fields=["last_act_at"])
        _audit(actor, need, "need.create")
    return need


def change_need(*, actor: Actor, need_id: UUID, closed: bool | None = None, **given: Any) -> Need:
    """Change what is given of category, urgency, phase, matters and barriers; close it or open it again.

    Raises Conflict for closing a need of which a referral is still open.
    """
    access_need(need_id, actor)
    taken = _read(given)
    with transaction.atomic():
        turns.lock(need_id)
        need = Need.objects.get(pk=need_id)
        if closed:
            _require_ended(need)
        if closed is not None:
            taken["closed_at"] = (need.closed_at or timezone.now()) if closed else None
        changed = sorted(name for name, value in taken.items() if getattr(need, name) != value)
        for name in changed:
            setattr(need, name, taken[name])
        need.save()
        if "urgency" in changed:
            _order_anew(need)
        _audit(actor, need, "need.change", fields=changed)
    return need


def _order_anew(need: Need) -> None:
    for status in OPEN:
        rows = need.referrals.filter(status=status.value)
        rows.update(box_order=box_order(status.value, need.urgency))


def _require_ended(need: Need) -> None:
    if need.referrals.filter(status__in=[status.value for status in OPEN]).exists():
        raise Conflict(_("A referral for this need is still open. End it first."))


def _current(client: Client) -> int | None:
    return client.phases.filter(left_on__isnull=True).values_list("phase", flat=True).first()


def _read(given: dict[str, Any]) -> dict[str, Any]:
    """What was given, checked. Raises Invalid with every field that does not fit."""
    taken: dict[str, Any] = {}
    errors: dict[str, list[Any]] = {}
    for name, value in given.items():
        try:
            taken[name] = _READERS[name](value)
        except Invalid as error:
            errors |= error.errors
        except ValueError as error:
            errors[name] = [error.args[0]]
    if errors:
        raise Invalid(errors)
    return taken


def _phase(value: Any) -> int | None:
    if value in (None, ""):
        return None
    if value not in dict(ClientPhase.PHASES):
        raise ValueError(_("Choose a phase from 1 to 4."))
    return int(value)


def _barriers(value: Any) -> list[str]:
    codes = list(dict.fromkeys(value))
    known = TaxonomyTerm.objects.filter(taxonomy=Taxonomy.BARRIER, code__in=codes)
    if known.count() != len(codes):
        raise ValueError(_("Choose from the list."))
    return codes


_READERS = {
    "category": category_term,
    "urgency": urgency_code,
    "phase": _phase,
    "matters": clean_text,
    "barriers": _barriers,
}


def _record_release(actor: Actor, need: Need) -> None:
    """Her words shown to the own worker; committed before they are."""
    audit.release(_entry(actor, need, "need.open"))


def _audit(actor: Actor, need: Need, action: str, **details: Any) -> None:
    audit.record(_entry(actor, need, action, **details))


def _entry(actor: Actor, need: Need, action: str, **details: Any) -> audit.Entry:
    return audit.Entry(
        actor=actor,
        action=action,
        object_type="need",
        object_id=need.pk,
        chains=(actor.organization_id,),
        details=details,
    )
