"""Client files: the only writer, and the reads, which are releases to the own worker."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.folding import normalise
from directory.models import Area
from partners import audit
from partners.actor import Actor
from partners.crypto import blind_index
from partners.errors import Invalid, NotSeen
from partners.paging import EXACT, LongPage, LongPaginator
from partners.roles import Capability
from referrals import client_details
from referrals.access import access_client, held
from referrals.ages import age_of, current_band, is_minor, is_stale
from referrals.details import REQUIRED, clean_text, read_date
from referrals.models import (
    AgeBand,
    ChildProtectionRecord,
    Client,
    ClientPhase,
    Consent,
    LegalBasisShare,
    Referral,
)
from referrals.querysets import open_file as not_closed
from referrals.rights import corrections

__all__ = ["ClientFile", "ClientRow", "age_of", "is_minor"]

PAGE_SIZE = 20
FOLLOW_UP = datetime.timedelta(hours=1)
FILE_FIELDS = (*client_details.TEXTS, "birth_date", "language", "safe_area", "safe_contact")


@dataclass(frozen=True)
class ClientRow:
    """A row of the own organization's list. ``age_band`` is today's."""

    id: UUID
    code: str
    chosen_name: str
    phase: int | None
    age_band: str
    last_act_at: datetime.datetime


@dataclass(frozen=True)
class ClientFile:
    """The whole file, for the own organization. ``age_band`` is today's, from the birth date where known.

    ``child_protection`` is empty for who may not read it.
    """

    id: UUID
    code: str
    age_band: str
    is_minor: bool | None
    chosen_name: str
    legal_name: str
    birth_date: str
    gender: str
    pronouns: str
    language: str
    safe_area: Area | None
    safe_contact: dict[str, Any]
    indigenous_identity: str
    situation: str
    health: str
    family: str
    justice: str
    housing: str
    phases: list[ClientPhase] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    child_protection: list[ChildProtectionRecord] = field(default_factory=list)
    age_is_stale: bool = False
    is_restricted: bool = False
    legal_basis_shares: list[LegalBasisShare] = field(default_factory=list)


def create_client(*, actor: Actor, phase: int | None = None, **data: Any) -> Client:
    """A new file. Only the chosen name is required; an age nobody knows is asked before sending.

    Raises Refused without the capability, Invalid field by field.
    """
    actor.require(Capability.CLIENTS)
    taken = client_details.read({"chosen_name": "", "language": "en", **data})
    if phase is not None:
        _check_phase(phase)
    with transaction.atomic():
        taken.pop("age_asked", None)
        _settle_age(taken, taken.get("birth_date", ""))
        client = Client(organization_id=actor.organization_id, created_by_id=actor.user_id, **taken)
        client.name_index = _name_index(client)
        client.save()
        if phase is not None:
            ClientPhase.objects.create(client=client, phase=phase, entered_on=timezone.localdate())
        _record(actor, client, "client.create")
    return client


def change_client(*, actor: Actor, client_id: UUID, reason: str = "", **data: Any) -> Client:
    """Change what is given; the rest stays. The audit row names the fields, never what they hold.

    What a field held before is kept with the file, with the ``reason`` of the change if there is one.
    ``age_asked`` says that the age group was asked again today, also where it is still the same.
    """
    access_client(client_id, actor)
    taken, why = client_details.read(data), corrections.read_reason(reason)
    with transaction.atomic():
        client = held(Client.objects, client_id)
        asked = taken.pop("age_asked", False)
        _settle_age(taken, taken.get("birth_date", client.birth_date))
        changed = sorted(name for name, value in taken.items() if getattr(client, name) != value)
        corrections.keep(actor, client, {name: getattr(client, name) for name in changed}, why)
        for name in changed:
            setattr(client, name, taken[name])
        if asked or "age_band" in changed:
            client.age_noted_on = timezone.localdate()
        client.name_index = _name_index(client)
        client.save()
        _record(actor, client, "client.change", fields=changed)
    return client


def open_file(*, actor: Actor, client_id: UUID) -> ClientFile:
    """The whole file; the release is committed first."""
    client = access_client(client_id, actor)
    sees_protection = actor.can(Capability.CHILD_PROTECTION)
    _record_release(actor, "client.open", "client", client.pk)
    return ClientFile(
        id=client.pk,
        code=client.code,
        age_band=current_band(client),
        is_minor=is_minor(client),
        age_is_stale=is_stale(client),
        is_restricted=client.is_restricted,
        legal_basis_shares=list(client.legal_basis_shares.select_related("reviewed_by")),
        phases=list(client.phases.all()),
        consents=list(client.consents.select_related("recipient")),
        referrals=list(client.referrals.select_related("service", "receiver")),
        child_protection=list(client.child_protection.all()) if sees_protection else [],
        **{name: getattr(client, name) for name in FILE_FIELDS},
    )


def list_clients(
    *, actor: Actor, q: str = "", page: int | str = 1, page_size: int = PAGE_SIZE, exact: int = EXACT
) -> LongPage:
    """Own clients, the last acted on first; ``q`` is a whole chosen name. One release for the page."""
    actor.require(Capability.CLIENTS)
    rows = Client.objects.visible_to(actor).prefetch_related("phases")
    if q.strip() and actor.organization_id:
        rows = rows.filter(name_index=blind_index(normalise(q), actor.organization_id))
    found = LongPaginator(rows, page_size, exact).get_page(page)
    clients = list(found.object_list)
    _record_release(actor, "client.list", "organization", actor.organization_id, count=len(clients))
    found.object_list = [_row(client) for client in clients]
    return found


def names_of(*, actor: Actor, client_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The chosen names of own clients, for the work-list. One release for all; none for nobody."""
    found = list(Client.objects.visible_to(actor).filter(pk__in=set(client_ids)))
    if found:
        _record_release(actor, "client.list", "organization", actor.organization_id, count=len(found))
    return {client.pk: client.chosen_name for client in found}


def enter_phase(
    *, actor: Actor, client_id: UUID, phase: int, on: datetime.date | str, reason: str = ""
) -> ClientPhase:
    """Enter a phase, leaving the one before on that day. Return is allowed."""
    client = access_client(client_id, actor)
    _check_phase(phase)
    try:
        day, why = read_date(on), clean_text(reason, 500)
    except ValueError as error:
        raise Invalid({"on": [error.args[0]]}) from None
    with transaction.atomic():
        held(Client.objects, client.pk)
        current = client.phases.filter(left_on__isnull=True).first()
        if day > timezone.localdate() or (current and day < current.entered_on):
            raise Invalid({"on": [_("A phase begins after the one before, and not in the future.")]})
        client.phases.filter(left_on__isnull=True).update(left_on=day)
        entered = ClientPhase.objects.create(client=client, phase=phase, entered_on=day, reason=why)
        client.save(update_fields=["last_act_at"])
        _record(actor, client, "client.phase", phase=phase)
    return entered


def record_child_protection(
    *, actor: Actor, client_id: UUID, state: str, at: datetime.datetime, reported_to: str
) -> ChildProtectionRecord:
    """That a person under 18 was reported, or is being reported now, with a follow-up in one hour."""
    actor.require(Capability.CHILD_PROTECTION)
    client = access_client(client_id, actor)
    moment = client_details.read_moment(at)
    try:
        to_whom = clean_text(reported_to, 200)
    except ValueError as error:
        raise Invalid({"reported_to": [error.args[0]]}) from None
    if state not in dict(ChildProtectionRecord.STATES):
        raise Invalid({"state": [_("Choose where the report stands.")]})
    if not to_whom:
        raise Invalid({"reported_to": [REQUIRED]})
    with transaction.atomic():
        held(Client.objects, client.pk)
        row = ChildProtectionRecord.objects.create(
            client=client,
            state=state,
            at=moment,
            reported_to=to_whom,
            follow_up_at=moment + FOLLOW_UP if state == "being_reported" else None,
            recorded_by_id=actor.user_id,
        )
        _record(actor, client, "client.child_protection", state=state)
    return row


def protection_records(*, actor: Actor, client_id: UUID) -> list[ChildProtectionRecord]:
    """The record alone, for the own worker, manager and privacy officer; the release is committed first.

    Who does not work with clients is told of a file only where it holds a record. Raises NotSeen.
    """
    actor.require(Capability.CHILD_PROTECTION)
    own = ChildProtectionRecord.objects.filter(
        not_closed(actor), client_id=client_id, client__organization_id=actor.organization_id
    )
    if actor.can(Capability.CLIENTS):
        access_client(client_id, actor)
    elif not own.exists():
        raise NotSeen
    _record_release(actor, "client.protection", "client", client_id)
    return list(own)


def _settle_age(taken: dict[str, Any], birth_date: str) -> None:
    """A band is kept only where no birth date is known."""
    if birth_date:
        taken["age_band"] = AgeBand.UNKNOWN.value


def _check_phase(phase: int) -> None:
    if phase not in dict(ClientPhase.PHASES):
        raise Invalid({"phase": [_("Choose a phase from 1 to 4.")]})


def _name_index(client: Client) -> str:
    return blind_index(normalise(client.chosen_name), client.organization_id)


def _row(client: Client) -> ClientRow:
    current = next((row.phase for row in client.phases.all() if row.left_on is None), None)
    return ClientRow(
        client.pk, client.code, client.chosen_name, current, current_band(client), client.last_act_at
    )


def _record(actor: Actor, client: Client, action: str, **details: Any) -> None:
    audit.record(
        audit.Entry(
            actor=actor,
            action=action,
            object_type="client",
            object_id=client.pk,
            chains=(client.organization_id,),
            details=details,
        )
    )


def _record_release(
    actor: Actor, action: str, object_type: str, object_id: UUID | None, **details: Any
) -> None:
    """Committed before anything is shown."""
    audit.release(
        audit.Entry(
            actor=actor,
            action=action,
            object_type=object_type,
            object_id=object_id or "",
            chains=(actor.organization_id,),
            details=details,
        )
    )
