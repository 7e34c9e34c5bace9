"""What the pages of keeping a listing show: its check, its capacity, and what is suggested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory import presentation
from directory.hooks import CapacityHint, capacity_suggestions
from directory.models import CapacityReport, CheckMethod, Service, Verification
from directory.models.attachments import CapacityValue
from directory.presentation import Capacity
from directory.proposals.access import names_for
from directory.upkeep import lapse
from directory.upkeep.access import is_published
from directory.upkeep.capacity_acts import history_of
from partners.actor import Actor

CHOICES = (CapacityValue.OPEN, CapacityValue.LIMITED, CapacityValue.WAITLIST, CapacityValue.FULL)
CHECKS_LISTED = 20


@dataclass(frozen=True)
class Standing:
    """How a listing stands: whether its check holds, and until when."""

    text: str
    due: date | None
    lapsed: bool
    closed: bool


@dataclass(frozen=True)
class Said:
    """One line of a history: when, what, by whom (empty where nobody signed in), by which way."""

    at: datetime
    what: str
    who: str
    method: str | Promise


@dataclass(frozen=True)
class CapacityPanel:
    """For ``directory/partials/capacity_panel.html``: one button a value."""

    service_id: UUID
    now: Capacity | None
    values: list[tuple[str, str]]
    suggested: str
    why: str


def capacity_choices() -> list[tuple[str, str]]:
    return [(value.value, str(value.label)) for value in CHOICES]


def standing_of(service: Service) -> Standing:
    """Of a listing with its phones."""
    lines = presentation.phone_lines(service.phones.all())
    checked = presentation.checked(service, bool(lines))
    closed = service.accepts_referrals and lapse.is_closed(service)
    return Standing(checked.text, lapse.due_on(service), checked.lapsed, closed)


def capacity_panels(actor: Actor, services: list[Service]) -> dict[UUID, CapacityPanel]:
    """By service, of services with their capacity; what is suggested costs the same for one or many.

    What its answers say of a partner is said to its own people alone.
    """
    own = [row for row in services if row.organization_id == actor.organization_id]
    hints = suggested([row.pk for row in own if is_published(row)])
    values = capacity_choices()
    return {
        service.pk: CapacityPanel(
            service.pk,
            presentation.capacity(service),
            values,
            str(CapacityValue(hints[service.pk].value).label) if service.pk in hints else "",
            hint_words(hints[service.pk]) if service.pk in hints else "",
        )
        for service in services
    }


def suggested(service_ids: list[UUID]) -> dict[UUID, CapacityHint]:
    found: dict[UUID, CapacityHint] = {}
    for _name, hints_of in capacity_suggestions:
        found |= hints_of(service_ids)
    return found


def hint_words(hint: CapacityHint) -> str:
    return ngettext(
        "In the last %(days)s days you declined %(count)s referral because there was no space.",
        "In the last %(days)s days you declined %(count)s referrals because there was no space.",
        hint.count,
    ) % {"days": hint.days, "count": hint.count}


def capacity_said(actor: Actor, service: Service) -> list[Said]:
    reports = history_of(service)
    who = _who(actor, service, [row.user_id for row in reports])
    return [
        Said(row.at, _capacity_words(row), who[row.user_id], CheckMethod(row.method).label) for row in reports
    ]


def _who(actor: Actor, service: Service, user_ids: list[UUID | None]) -> dict[UUID | None, str]:
    """Nobody signed in with a link: then it is told by the way alone."""
    return names_for(actor, service, user_ids) | {None: ""}


def _capacity_words(row: CapacityReport) -> str:
    words = [str(CapacityValue(row.value).label)]
    if row.available is not None:
        places = ngettext("%(n)s place free", "%(n)s places free", row.available)
        words.append(places % {"n": row.available})
    if row.wait_weeks:
        wait = ngettext("Wait of about %(n)s week", "Wait of about %(n)s weeks", row.wait_weeks)
        words.append(wait % {"n": row.wait_weeks})
    return " · ".join(words)


def checks_said(actor: Actor, service: Service) -> list[Said]:
    rows: list[Verification] = list(service.verifications.all()[:CHECKS_LISTED])
    who = _who(actor, service, [row.user_id for row in rows])
    return [
        Said(
            row.at,
            _("Put right, then confirmed") if row.changed else _("Confirmed"),
            who[row.user_id],
            CheckMethod(row.method).label,
        )
        for row in rows
    ]
