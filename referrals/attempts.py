"""Attempts to reach the person: by either side, by the ways her safe-contact block allows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.actor import Actor, Side
from partners.errors import Invalid, Refused
from referrals import events, happened, preconditions
from referrals.access import access_referral, held, side_of
from referrals.consent import Stage, groups_for, stage_of, tells_how_to_reach
from referrals.details import REQUIRED, clean_text, read_date
from referrals.models import AttemptResult, ContactAttempt, ContactMethod, Referral
from referrals.safe_contact import allowed_methods
from referrals.telling import concerned, conflict, tell
from referrals.workflow import OPEN, Status

NOTE_LENGTH = 1000
MANY = 3
_YEAR = datetime.timedelta(days=366)


@dataclass(frozen=True)
class AttemptView:
    """An attempt as one side reads it. Note and next day are the own side's; else they are empty."""

    id: UUID
    side: str
    organization_name: str
    own: bool
    at: datetime.datetime
    method: str
    method_label: str
    result: str
    result_label: str
    next_on: datetime.date | None
    note: str


def record_attempt(*, referral_id: UUID, actor: Actor, **given: Any) -> AttemptView:
    """Write down one attempt: method, result, at (now where left out), next_on, note.

    The sender may at any time after the sending. The receiver may between acceptance and end, while the
    consent lives and opens how to reach her; "do not contact" leaves them no way. After the third in a row
    that failed, or one that was not safe, the other side is told. Raises Invalid, ConsentRequired, Conflict.
    """
    referral = access_referral(referral_id, actor)
    side = side_of(referral, actor)
    with transaction.atomic():
        referral = _still(referral, actor, side)
        taken = _read(given, methods_for(referral, side))
        own = referral.sender_id if side is Side.SENDER else referral.receiver_id
        attempt = ContactAttempt.objects.create(
            referral=referral, organization_id=own, by=actor.user_id, **taken
        )
        codes = {"method": attempt.method, "result": attempt.result}
        events.record_event(referral, "attempt", actor, side, codes)
        told = _told(referral, side)
        happened.record(referral, actor, "referral.attempt", told)
        _tell_the_other(referral, attempt, told)
    return _view(attempt, referral, own)


def methods_for(referral: Referral, side: Side) -> tuple[str, ...]:
    """The ways that may be offered. Where nobody may contact her, her worker can still meet her."""
    block = referral.client.safe_contact
    if side is Side.SENDER:
        return allowed_methods(block) or (ContactMethod.IN_PERSON.value,)
    open_to_them = "contact" in groups_for(referral.consent, referral.receiver)
    return allowed_methods(block) if open_to_them else ()


def can_attempt(referral: Referral, side: Side) -> bool:
    """Whether the page offers to write one down."""
    if side is Side.SENDER:
        return referral.sent_at is not None
    disclosed = stage_of(referral, side) is Stage.DISCLOSED and Status(referral.status) in OPEN
    return disclosed and bool(methods_for(referral, side))


def attempts_of(referral: Referral, actor: Actor) -> list[AttemptView]:
    """Newest first. For the receiver only while the person is disclosed to them, and the sender's only
    where they may know how she is reached."""
    side = side_of(referral, actor)
    if side is Side.RECEIVER and stage_of(referral, side) is not Stage.DISCLOSED:
        return []
    own = referral.sender_id if side is Side.SENDER else referral.receiver_id
    rows = referral.attempts.all()
    if side is Side.RECEIVER and not tells_how_to_reach(referral):
        rows = [row for row in rows if row.organization_id == own]
    return [_view(row, referral, own) for row in rows]


def failed_in_a_row(results: Iterable[str]) -> int:
    """How many of the last attempts failed; ``results`` newest first."""
    count = 0
    for result in results:
        if result == AttemptResult.REACHED:
            break
        count += 1
    return count


def _still(referral: Referral, actor: Actor, side: Side) -> Referral:
    """The referral as it stands under its locks; who must not write an attempt is refused."""
    if side is Side.SENDER:
        if referral.sent_at is None:
            raise conflict(referral, actor, _("This referral has not been sent."))
        held(Referral.objects, referral.pk)
        return referral
    preconditions.require_consent(referral, actor)
    locked = held(Referral.objects, referral.pk)
    if Status(locked.status) not in OPEN or locked.accepted_at is None:
        raise conflict(locked, actor, _("Attempts can be recorded from acceptance until the end."))
    if not methods_for(referral, side):
        raise Refused(_("You may not contact the person. Speak only to the worker."))
    return referral


def _told(referral: Referral, side: Side) -> tuple[UUID, ...]:
    """Whose log and mail it belongs to. Who may not know how to reach her learns of no attempt."""
    if side is Side.SENDER and not tells_how_to_reach(referral):
        return (referral.sender_id,)
    return concerned(referral)


def _tell_the_other(referral: Referral, attempt: ContactAttempt, told: tuple[UUID, ...]) -> None:
    results = list(referral.attempts.values_list("result", flat=True)[: MANY + 1])
    if attempt.result != AttemptResult.NOT_SAFE and failed_in_a_row(results) != MANY:
        return
    for organization_id in set(told) - {attempt.organization_id}:
        tell(referral, organization_id, "unreached")


def _read(given: dict[str, Any], methods: tuple[str, ...]) -> dict[str, Any]:
    errors: dict[str, list[str | Promise]] = {}
    taken: dict[str, Any] = {"method": given.get("method"), "result": given.get("result")}
    if taken["method"] not in methods:
        known = taken["method"] in ContactMethod.values
        errors["method"] = [
            _("This way is not safe for the person.") if known else _("Choose how you tried.")
        ]
    if taken["result"] not in AttemptResult.values:
        errors["result"] = [_("Choose how it went.")]
    for name, reader in _READERS.items():
        try:
            taken[name] = reader(given.get(name))
        except ValueError as error:
            errors[name] = [error.args[0]]
    if errors:
        raise Invalid(errors)
    return taken


def _moment(value: Any) -> datetime.datetime:
    now = timezone.now()
    if value is None:
        return now
    if not isinstance(value, datetime.datetime):
        raise ValueError(REQUIRED)
    if value > now:
        raise ValueError(_("This time is in the future."))
    if value < now - _YEAR:
        raise ValueError(_("This date is more than a year ago."))
    return value


def _next_day(value: Any) -> datetime.date | None:
    if value in (None, ""):
        return None
    day, today = read_date(value), timezone.localdate()
    if day < today:
        raise ValueError(_("This date is in the past."))
    if day > today + _YEAR:
        raise ValueError(_("This date is more than a year away."))
    return day


_READERS = {
    "at": _moment,
    "next_on": _next_day,
    "note": lambda value: clean_text(value or "", NOTE_LENGTH),
}


def _view(row: ContactAttempt, referral: Referral, own: UUID) -> AttemptView:
    by_sender = row.organization_id == referral.sender_id
    is_own = row.organization_id == own
    return AttemptView(
        id=row.pk,
        side=(Side.SENDER if by_sender else Side.RECEIVER).value,
        organization_name=str(referral.sender if by_sender else referral.receiver),
        own=is_own,
        at=row.at,
        method=row.method,
        method_label=str(ContactMethod(row.method).label),
        result=row.result,
        result_label=str(AttemptResult(row.result).label),
        next_on=row.next_on if is_own else None,
        note=row.note if is_own else "",
    )
