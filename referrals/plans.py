"""What the own program does for a person, by phase, beside her referrals; whom it met without a file."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Area
from partners import audit
from partners.actor import Actor
from partners.errors import Conflict, Invalid, NotSeen
from partners.roles import Capability
from referrals.access import access_client, held
from referrals.details import clean_text, read_date
from referrals.housing import housing_left
from referrals.models import Client, ClientPhase, OutreachContact, Referral, SupportEntry, SupportKind

NOTE_LENGTH = 1000
MOST_PEOPLE = 500
MONTHS = 12
# Nothing of the program is older: a date before it is a slip of the pen.
FIRST_DAY = datetime.date(1990, 1, 1)


@dataclass(frozen=True)
class Plan:
    """Support and referrals of one person, newest first. ``housing_left``: None where she never stayed."""

    client_id: UUID
    code: str
    chosen_name: str
    phase: int | None
    entries: Sequence[SupportEntry]
    referrals: Sequence[Referral]
    housing_left: int | None


@dataclass(frozen=True)
class Month:
    """Outreach of one month: how often somebody went out, and how many people were met."""

    first_day: datetime.date
    contacts: int
    people: int


def open_plan(*, actor: Actor, client_id: UUID) -> Plan:
    """The plan with its notes; the release to the own worker is committed first."""
    client = access_client(client_id, actor)
    _record_release(actor, client)
    referrals = Referral.objects.visible_to(actor).filter(client=client, sender_id=client.organization_id)
    return Plan(
        client_id=client.pk,
        code=client.code,
        chosen_name=client.chosen_name,
        phase=phase_on(client, timezone.localdate()),
        entries=list(client.support.all()),
        referrals=list(referrals.for_list()),
        housing_left=housing_left(client.pk, timezone.localdate()),
    )


def add_support(
    *,
    actor: Actor,
    client_id: UUID,
    kind: str,
    on: datetime.date | str,
    until: datetime.date | str | None = None,
    phase: int | None = None,
    note: str = "",
) -> SupportEntry:
    """One dated entry on the own client's plan, in the phase of that day unless another is given.

    Only a stay in transitional housing has an end, which may be left open; two stays do not overlap.
    Raises NotSeen, Invalid field by field.
    """
    client = access_client(client_id, actor)
    taken = _read_entry(kind, on, until, phase, note)
    if taken["phase"] is None:
        taken["phase"] = phase_on(client, taken["on"])
    with transaction.atomic():
        held(Client.objects, client.pk)
        if taken["kind"] == SupportKind.TRANSITIONAL_HOUSING:
            _require_free(client, taken["on"], taken["until"])
        entry = SupportEntry.objects.create(client=client, recorded_by_id=actor.user_id, **taken)
        client.save(update_fields=["last_act_at"])
        _audit(actor, "plan.add", "client", client.pk, kind=taken["kind"], date=taken["on"].isoformat())
    return entry


def end_stay(*, actor: Actor, client_id: UUID, entry_id: UUID, until: datetime.date | str) -> SupportEntry:
    """The last night of a stay that was open. Raises NotSeen, Invalid (until), Conflict (ended already)."""
    client = access_client(client_id, actor)
    stays = client.support.filter(kind=SupportKind.TRANSITIONAL_HOUSING)
    with transaction.atomic():
        entry = stays.select_for_update().filter(pk=entry_id).first()
        if entry is None:
            raise NotSeen
        if entry.until is not None:
            raise Conflict(_("This stay has ended already."))
        entry.until = _day("until", until)
        if entry.until < entry.on:
            raise Invalid({"until": [_("A stay ends after it began.")]})
        entry.save()
        _audit(actor, "plan.end_stay", "client", client.pk, date=entry.until.isoformat())
    return entry


def phase_on(client: Client, day: datetime.date) -> int | None:
    """The phase she was in on that day: of two that meet, the one she entered."""
    there = client.phases.filter(Q(left_on__isnull=True) | Q(left_on__gte=day), entered_on__lte=day)
    return there.order_by("-entered_on", "left_on").values_list("phase", flat=True).first()


def record_outreach(*, actor: Actor, people: int, on: datetime.date | str, area: str = "") -> OutreachContact:
    """People met on outreach: a number, a day and an area. No file is made and nobody is named."""
    actor.require(Capability.CLIENTS)
    errors: dict[str, list[Any]] = {}
    if not isinstance(people, int) or not 1 <= people <= MOST_PEOPLE:
        errors["people"] = [_("Enter a whole number from 1 to %(most)s.") % {"most": MOST_PEOPLE}]
    place = Area.objects.filter(code=area).first() if area else None
    if area and place is None:
        errors["area"] = [_("Choose an area from the list.")]
    try:
        day = _day("on", on)
    except Invalid as error:
        errors |= error.errors
    if errors:
        raise Invalid(errors)
    with transaction.atomic():
        contact = OutreachContact.objects.create(
            organization_id=actor.organization_id,
            on=day,
            area=place,
            people=people,
            recorded_by_id=actor.user_id,
        )
        _audit(actor, "outreach.record", "outreach", contact.pk, count=people, date=day.isoformat())
    return contact


def outreach_by_month(actor: Actor) -> list[Month]:
    """The own organization's last twelve months with any outreach, newest first."""
    actor.require(Capability.CLIENTS)
    own = OutreachContact.objects.filter(organization_id=actor.organization_id)
    rows = (
        own.annotate(month=TruncMonth("on"))
        .values("month")
        .annotate(contacts=Count("pk"), met=Sum("people"))
        .order_by("-month")[:MONTHS]
    )
    return [Month(row["month"], row["contacts"], row["met"]) for row in rows]


def _read_entry(kind: str, on: Any, until: Any, phase: Any, note: Any) -> dict[str, Any]:
    errors: dict[str, list[Any]] = {}
    taken: dict[str, Any] = {"kind": kind, "phase": phase, "on": None, "until": None, "note": ""}
    if kind not in SupportKind.values:
        errors["kind"] = [_("Choose from the list.")]
    if phase is not None and phase not in dict(ClientPhase.PHASES):
        errors["phase"] = [_("Choose a phase from 1 to 4.")]
    for name, value in {"on": on, "until": until}.items():
        try:
            taken[name] = _day(name, value) if value or name == "on" else None
        except Invalid as error:
            errors |= error.errors
    try:
        taken["note"] = clean_text(note, NOTE_LENGTH)
    except ValueError as error:
        errors["note"] = [error.args[0]]
    return _checked(taken, errors)


def _checked(taken: dict[str, Any], errors: dict[str, list[Any]]) -> dict[str, Any]:
    """What holds between the fields; raises Invalid with everything that is wrong."""
    if taken["until"] and taken["kind"] != SupportKind.TRANSITIONAL_HOUSING:
        errors["until"] = [_("Only a stay in transitional housing has an end.")]
    elif taken["until"] and taken["on"] and taken["until"] < taken["on"]:
        errors["until"] = [_("A stay ends after it began.")]
    if errors:
        raise Invalid(errors)
    return taken


def _day(name: str, value: Any) -> datetime.date:
    try:
        day = read_date(value)
    except ValueError as error:
        raise Invalid({name: [error.args[0]]}) from None
    if day > timezone.localdate():
        raise Invalid({name: [_("This date is in the future.")]})
    if day < FIRST_DAY:
        raise Invalid({name: [_("This date is too long ago.")]})
    return day


def _require_free(client: Client, on: datetime.date, until: datetime.date | None) -> None:
    """She leaves and enters on the same day at most."""
    stays = client.support.filter(kind=SupportKind.TRANSITIONAL_HOUSING)
    meets = stays.filter(Q(until__isnull=True) | Q(until__gt=on))
    if until is not None:
        meets = meets.filter(Q(on__lt=until) | Q(on=on))
    if meets.exists():
        raise Invalid({"on": [_("The person has another stay in that time.")]})


def _record_release(actor: Actor, client: Client) -> None:
    """The notes of the plan shown to the own worker; committed before they are."""
    audit.release(_entry(actor, "plan.open", "client", client.pk))


def _audit(actor: Actor, action: str, object_type: str, object_id: UUID, **details: Any) -> None:
    audit.record(_entry(actor, action, object_type, object_id, **details))


def _entry(actor: Actor, action: str, object_type: str, object_id: UUID, **details: Any) -> audit.Entry:
    return audit.Entry(
        actor=actor,
        action=action,
        object_type=object_type,
        object_id=object_id,
        chains=(actor.organization_id,),
        details=details,
    )
