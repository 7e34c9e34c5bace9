"""What became of it, and who says so: only then is the loop closed.

An outcome is never edited. A wrong one is superseded by a new row with a reason, for 30 days after the
first, by the side that recorded it; what had been confirmed is then asked again.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.actor import Actor, Side
from partners.errors import Invalid, Refused
from referrals import details, events
from referrals.access import access_referral, side_of, sides_of
from referrals.actions import parties_of, require_party
from referrals.client_view import Stage
from referrals.consent import stage_of
from referrals.happened import happened, record
from referrals.models import ConfirmationCode, Outcome, Referral, ReferralKind
from referrals.telling import conflict, reached, tell
from referrals.workflow import CONFIRMATION_REASONS, CORRECTION, OPEN, Status

CORRECTABLE = datetime.timedelta(days=30)
NOTHING_LEFT = _("There is no outcome left to confirm.")


@dataclass(frozen=True)
class OutcomeView:
    """One outcome as a side may read it. ``needs_met`` and ``reason`` are "" where they are not told."""

    id: UUID
    code: str
    date: datetime.date
    needs_met: str
    reason: str
    recorded_at: datetime.datetime
    superseded_at: datetime.datetime | None


def outcomes_of(referral: Referral, actor: Actor) -> list[OutcomeView]:
    """Every outcome, the newest first; none of what is no longer shared.

    Whether her need was met, as the person said it, is for the sender alone: the receiver reads only
    what it recorded itself, so that nobody has to fear what she answers.
    """
    side = side_of(referral, actor)
    if stage_of(referral, side) is Stage.TOMBSTONE or Status(referral.status) in OPEN:
        return []
    seen = [row for row in referral.outcomes.all() if side is Side.SENDER or not _is_her_answer(row)]
    newest = seen[0].pk if seen else None
    return [
        OutcomeView(
            row.pk,
            row.code,
            row.date,
            row.needs_met,
            row.reason,
            row.recorded_at,
            None if row.pk == newest else row.superseded_at,
        )
        for row in seen
    ]


def may_correct(referral: Referral, actor: Actor) -> bool:
    """The actor's side recorded the outcome, and no more than 30 days ago."""
    by_right = bool(CORRECTION.parties & parties_of(referral, actor))
    return by_right and referral.status == Status.CLOSED.value and not _too_late(referral)


def confirm_outcome(
    *, referral_id: UUID, actor: Actor, needs_met: str = "", outcome_id: UUID | None = None
) -> Referral:
    """The sender, having asked the person, confirms the outcome: only then is the loop closed.

    ``outcome_id`` is the outcome that was read; 409 if another one has taken its place since.
    """
    referral = access_referral(referral_id, actor)
    require_side(referral, actor, Side.SENDER)
    answer = _read_answer(needs_met)
    with transaction.atomic():
        if not close_loop(referral, "sender", answer, actor.user_id, outcome_id):
            referral.refresh_from_db()
            raise conflict(referral, actor, NOTHING_LEFT)
        events.record_event(referral, "confirmed", actor, Side.SENDER)
        told = reached(referral, Side.SENDER)
        for organization_id in set(told) - {referral.sender_id}:
            tell(referral, organization_id, "confirmed")
        record(referral, actor, "referral.confirm", told)
    return access_referral(referral_id, actor)


def close_loop(
    referral: Referral,
    by: str,
    needs_met: str,
    user_id: UUID | None = None,
    outcome_id: UUID | None = None,
) -> bool:
    """Confirm the newest outcome, with what she said of it. False where none is left to confirm.

    Call it inside the act's transaction; when it answers False, that must be rolled back.
    """
    now = timezone.now()
    unconfirmed = Referral.objects.filter(
        pk=referral.pk, status=Status.CLOSED.value, confirmed_at__isnull=True
    )
    if not unconfirmed.update(confirmed_at=now, confirmed_by=by, last_modified=now):
        return False
    current = _current(referral)
    if outcome_id is not None and current.pk != outcome_id:
        return False
    ConfirmationCode.objects.filter(referral=referral, used_at__isnull=True, expires_at__gt=now).update(
        expires_at=now
    )
    if needs_met and needs_met != current.needs_met:
        reason = "sender_asked" if by == "sender" else "person_answered"
        _supersede(current, user_id, needs_met=needs_met, reason=reason)
    return True


def correct_outcome(
    *, referral_id: UUID, actor: Actor, outcome_id: UUID | None = None, **given: Any
) -> Referral:
    """Replace a wrong outcome. ``given``: outcome, date, reason, and needs_met where it changes.

    ``outcome_id`` is the outcome that was read. Raises NotSeen, Refused (the other side), Invalid, Conflict
    (not closed, closed too long ago, or somebody else corrected it meanwhile).
    """
    referral = access_referral(referral_id, actor)
    require_party(referral, CORRECTION, actor)
    taken = details.read(CORRECTION, given, actor)
    read = outcome_id or _own(referral)
    side = Side.SENDER if referral.kind == ReferralKind.LOGGED else Side.RECEIVER
    with transaction.atomic():
        now = timezone.now()
        changes = {"confirmed_at": None, "confirmed_by": "", "end_reason": taken["outcome"]}
        closed = Referral.objects.filter(pk=referral.pk, status=Status.CLOSED.value)
        if not closed.update(last_modified=now, **changes):
            referral.refresh_from_db()
            raise conflict(referral, actor, _("There is no outcome to correct."))
        if _too_late(referral):
            raise conflict(referral, actor, _("An outcome can be corrected for 30 days."))
        if _own(referral) != read:
            raise conflict(referral, actor, _("Somebody else has corrected the outcome meanwhile."))
        _replace(referral, actor, taken)
        codes = {"outcome": taken["outcome"], "date": taken["date"].isoformat(), "reason": taken["reason"]}
        happened(referral, actor, side, "outcome_corrected", codes)
    return access_referral(referral_id, actor)


def _replace(referral: Referral, actor: Actor, taken: dict[str, Any]) -> None:
    """What the own side recorded last is corrected: what she said meanwhile is asked again."""
    own = next(row for row in referral.outcomes.all() if not _is_her_answer(row))
    wanted = {"code": taken["outcome"], "date": taken["date"]}
    wanted["needs_met"] = taken.get("needs_met", own.needs_met)
    if all(getattr(own, name) == value for name, value in wanted.items()):
        raise Invalid({"outcome": [_("This is what is recorded already.")]})
    _supersede(_current(referral), actor.user_id, reason=taken["reason"], **wanted)


def _supersede(current: Outcome, user_id: UUID | None, **changes: Any) -> None:
    """The referral's row is locked by the act, so nobody else replaces the outcome meanwhile."""
    Outcome.objects.filter(pk=current.pk).update(superseded_at=timezone.now())
    same = {"referral_id": current.referral_id, "code": current.code, "date": current.date}
    Outcome.objects.create(recorded_by=user_id, **same | changes)


def _current(referral: Referral) -> Outcome:
    return Outcome.objects.get(referral=referral, superseded_at__isnull=True)


def _own(referral: Referral) -> UUID | None:
    """The newest outcome that the recording side wrote itself."""
    return next((row.pk for row in referral.outcomes.all() if not _is_her_answer(row)), None)


def _is_her_answer(outcome: Outcome) -> bool:
    return outcome.reason in CONFIRMATION_REASONS


def _too_late(referral: Referral) -> bool:
    return referral.ended_at is None or timezone.now() > referral.ended_at + CORRECTABLE


def _read_answer(needs_met: str) -> str:
    try:
        return details.read_needs_met(needs_met) if needs_met else ""
    except ValueError as error:
        raise Invalid({"needs_met": [error.args[0]]}) from None


def require_side(referral: Referral, actor: Actor, side: Side) -> None:
    """403 on the other side, or where the act says that it is done as the other one."""
    held = sides_of(referral, actor)
    if side not in held or (actor.acting_as is not None and actor.acting_as is not side):
        raise Refused
