"""The only writer of a referral's status.

``apply_action`` is one transaction, in this order: see (404), locks, side (403), preconditions (422),
details (400), source state (409), compare-and-swap (409), then event and outbox row, what it does to the
need's other referrals, and the audit rows of all of it.
``attempt`` is what pages, API and commands call: it also records a refusal, after the rollback.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners import audit
from partners.actor import SYSTEM, Actor, Side
from partners.errors import Conflict, DomainError, Invalid, Refused
from partners.fields import sealed
from partners.police_channel import is_police
from referrals import details, events, preconditions, pressing, turns, workflow
from referrals.access import access_referral, sides_of
from referrals.clock import add_working_days
from referrals.consent import live_consent, may_share
from referrals.models import NeedsMet, Outcome, Referral, ReferralKind
from referrals.order import box_order
from referrals.partnership import in_force
from referrals.telling import concerned, conflict, tell
from referrals.workflow import Action, Party, Status

type_of_door = Callable[[UUID, Actor], Referral]


def attempt(
    *, referral_id: UUID, action: str, actor: Actor, door: type_of_door = access_referral, **given: Any
) -> Referral:
    """``apply_action``, and an audit row of its own for a refusal. The outermost caller uses this."""
    try:
        return apply_action(referral_id=referral_id, action=action, actor=actor, door=door, **given)
    except DomainError as error:
        if not actor.is_anonymous:
            audit.record_refusal(
                audit.Entry(
                    actor=actor,
                    action=f"referral.{action}",
                    object_type="referral",
                    object_id=referral_id,
                    result=audit.REFUSED,
                    details={"code": error.code, "status": error.status},
                )
            )
        raise


def apply_action(
    *, referral_id: UUID, action: str, actor: Actor, door: type_of_door = access_referral, **given: Any
) -> Referral:
    """Move the referral by one row of the workflow table. Answers it as it stands afterwards.

    ``given`` holds the details the row asks for (reason, note, date, expected_date, outcome). ``door``
    answers the referral to who may touch it; police have one of their own (``referrals.calls``).
    Raises the DomainError of the first step that does not hold; then nothing has changed.
    """
    row = workflow.ACTIONS.get(action)
    if row is None:
        raise Invalid({"action": [_("There is no such action.")]})
    with transaction.atomic():
        turns.lock(door(referral_id, actor).need_id)
        referral = door(referral_id, actor)
        require_party(referral, row, actor)
        preconditions.check(referral, row, actor)
        taken = details.read(row, given, actor)
        if taken.get("note") and not may_share(referral) and row.name == "close":
            raise Invalid({"note": [_("Nothing more may be written here. Choose the code and the date.")]})
        move(referral, row, actor, taken)
    return door(referral_id, actor)


def parties_of(referral: Referral, actor: Actor) -> frozenset[Party]:
    """Everything the actor is to this referral; narrowed by ``acting_as``."""
    if actor.is_system:
        return frozenset({Party.SYSTEM, Party.SYSTEM_IN_TURN} if turns.is_next(referral) else {Party.SYSTEM})
    sides = sides_of(referral, actor)
    if actor.acting_as is not None:
        sides &= {actor.acting_as}
    stands_in = {
        Party.SENDER_IF_LOGGED: referral.kind == ReferralKind.LOGGED,
        Party.SENDER_IF_POLICE: is_police(referral.receiver),
    }
    held = {
        party
        for party, side in workflow.PARTY_SIDE.items()
        if side in sides
        and stands_in.get(party, True)
        and (side is Side.RECEIVER or actor.can(workflow.PARTY_CAPABILITY[party]))
    }
    return frozenset(held)


def require_party(referral: Referral, row: Action, actor: Actor) -> None:
    """403 on the wrong side. Where both sides are one organization, the act must say which it is."""
    if len(sides_of(referral, actor)) > 1 and actor.acting_as is None:
        raise Invalid({"as": [_("Say whether you act as sender or as receiver.")]})
    if not row.parties & parties_of(referral, actor):
        raise Refused


def allowed_actions(referral: Referral, actor: Actor) -> list[Action]:
    """The actions that are open to the actor now. Consent is looked at, and whether what was sent may
    still be shared; other preconditions are not."""
    rows = workflow.actions_from(Status(referral.status), parties_of(referral, actor))
    live = live_consent(referral) is not None
    shared = live and in_force(referral)
    return [row for row in rows if not row.consent or (live if row.opens_partner_duty else shared)]


def move(referral: Referral, row: Action, actor: Actor, taken: Mapping[str, Any]) -> None:
    """The act and everything that commits with it. Call inside a transaction.

    Raises Conflict when the referral is not, or no longer, in a state the row starts from.
    """
    entries = _step(referral, row, actor, taken)
    for other, follows, given in _followers(referral, row, taken):
        entries += _step(other, follows, SYSTEM, given)
    audit.record(*entries)


type_of_follower = tuple[Referral, Action, Mapping[str, Any]]


def _followers(referral: Referral, row: Action, taken: Mapping[str, Any]) -> list[type_of_follower]:
    """What the act does to the need's other referrals: the first who accepts ends them; after a no the
    next of a list is asked, if all that sending needs holds. If not it waits as a draft for a worker."""
    if row.name == "accept":
        withdraw, reason = workflow.ACTIONS["withdraw"], {"reason": "accepted_elsewhere"}
        return [(other, withdraw, reason) for other in turns.losers(referral)]
    if not turns.goes_on(referral, row.name, taken.get("reason", "")):
        return []
    send, following = workflow.ACTIONS["send"], turns.next_in_turn(referral.need)
    return [(following, send, {})] if following and _may_go(following, send) else []


def _may_go(referral: Referral, row: Action) -> bool:
    try:
        preconditions.check(referral, row, SYSTEM)
    except DomainError:
        return False
    return True


def _step(referral: Referral, row: Action, actor: Actor, taken: Mapping[str, Any]) -> list[audit.Entry]:
    """One referral by one row: compare-and-swap, event, notices. Answers the audit rows still to write."""
    seen = Status(referral.status)
    if seen not in row.sources:
        raise _conflict(referral, actor)
    changes = {
        "status": row.target.value,
        "box_order": box_order(row.target.value, referral.need.urgency),
        "last_modified": timezone.now(),
        **_changes(referral, row, taken),
    }
    if not Referral.objects.filter(pk=referral.pk, status=seen.value).update(**changes):
        referral.refresh_from_db()
        raise _conflict(referral, actor)
    if row.name == "close":
        Outcome.objects.create(
            referral=referral,
            code=taken["outcome"],
            date=taken["date"],
            needs_met=taken.get("needs_met", NeedsMet.UNKNOWN.value),
            recorded_by=actor.user_id,
        )
    for name, value in changes.items():
        setattr(referral, name, value)
    if row.name == "accept":  # what was sent before is open to the receiver from now on
        pressing.refresh(referral.pk)
    return _tell(referral, row, actor, taken, seen)


def _conflict(referral: Referral, actor: Actor) -> Conflict:
    label = workflow.STATUS_LABELS[Status(referral.status)]
    words = _("Someone else acted first. The referral now stands at: %(status)s.") % {"status": label}
    return conflict(referral, actor, words)


def _changes(referral: Referral, row: Action, taken: Mapping[str, Any]) -> dict[str, Any]:
    now = timezone.now()
    changes: dict[str, Any] = {}
    if row.name == "send":
        due = add_working_days(timezone.localdate(), referral.service.response_days)
        changes = {"sent_at": now, "answer_due_on": due}
    elif row.name == "accept":
        changes = {"accepted_at": referral.accepted_at or now}
    elif row.name == "waitlist":
        changes = {"expected_on": taken.get("expected_date")}
    elif row.name == "start_service":
        changes = {"service_started_on": taken["date"]}
    if row.target in workflow.FINAL:
        changes["ended_at"] = now
        changes["end_reason"] = taken.get("reason") or taken.get("outcome") or ""
        changes["end_note"] = sealed(Referral, referral.pk, "end_note", taken.get("note", ""))
    return changes


_EVENT_DETAILS: Mapping[str, Callable[[Any], Any]] = {
    "reason": str,
    "outcome": str,
    "date": lambda day: day.isoformat(),
    "expected_date": lambda day: day.isoformat() if day else details.UNKNOWN,
}


def _tell(
    referral: Referral, row: Action, actor: Actor, taken: Mapping[str, Any], seen: Status
) -> list[audit.Entry]:
    """Timeline and notices of one step; answers its audit rows. A draft's end is told to nobody else.

    A receiver whose sight ends by another's act is told just that, in notice and audit log alike: not
    how, nor by whom; and only once.
    """
    ended = row.target in workflow.TOMBSTONED and referral.events.filter(kind__in=events.ENDS).exists()
    side = None if actor.is_system else _side(referral, row, actor)
    codes = {name: show(taken[name]) for name, show in _EVENT_DETAILS.items() if name in taken}
    events.record_event(referral, row.name, actor, side, codes)
    own = None if side is None else (referral.sender_id if side is Side.SENDER else referral.receiver_id)
    entries = []
    for organization_id in concerned(referral):
        buried = organization_id != referral.sender_id and row.target in workflow.TOMBSTONED
        blind = buried and side is not Side.RECEIVER
        if blind and ended:
            continue
        kind = "sharing_ended" if blind else row.name
        if organization_id != own:
            tell(referral, organization_id, kind)
        entries.append(
            audit.Entry(
                actor=SYSTEM if blind else actor,
                action=f"referral.{kind}",
                object_type="referral",
                object_id=referral.pk,
                chains=(organization_id,),
                details={} if blind else {"from": seen.value, "to": row.target.value, **codes},
            )
        )
    return entries


def _side(referral: Referral, row: Action, actor: Actor) -> Side:
    return next(workflow.PARTY_SIDE[p] for p in row.parties & parties_of(referral, actor))
