"""Every state × action × role × consent, against the table of the rules written out anew here.

Each case runs on its own savepoint, with the state put directly; the counts are exact.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone

from partners.actor import ANONYMOUS, SYSTEM, Actor
from partners.errors import DomainError
from partners.models import AuditEvent, Organization, OutboxRow
from referrals.actions import attempt
from referrals.models import Consent, Outcome, Referral, TimelineEvent
from referrals.workflow import ACTIONS, Status
from tests.referrals.pages import World, admitted, member

pytestmark = pytest.mark.django_db

TODAY = {"date": timezone.localdate().isoformat()}
# Action: from, to, who, whether it needs a live consent, and details that are right.
TABLE: dict[str, tuple[str, str, str, bool, dict[str, str]]] = {
    "send": ("draft", "sent", "sender system_in_turn", True, {}),
    "accept": ("sent waitlisted", "accepted", "receiver sender_if_logged", True, {}),
    "waitlist": (
        "sent accepted",
        "waitlisted",
        "receiver sender_if_logged",
        True,
        {"expected_date": "unknown"},
    ),
    "decline": ("sent", "declined", "receiver sender_if_logged", False, {"reason": "no_capacity"}),
    "start_service": ("accepted", "in_service", "receiver sender_if_logged", True, TODAY),
    "close": (
        "accepted waitlisted in_service",
        "closed",
        "receiver sender_if_logged sender_if_police",
        False,
        {"outcome": "got_help", **TODAY},
    ),
    "withdraw": (
        "draft sent waitlisted accepted in_service",
        "withdrawn",
        "sender system",
        False,
        {"reason": "client_choice"},
    ),
    "expire": ("sent waitlisted", "expired", "system", False, {"reason": "deadline"}),
    "void": (
        "sent accepted waitlisted in_service closed declined withdrawn expired entered_in_error",
        "entered_in_error",
        "sender_manager",
        False,
        {"reason": "duplicate"},
    ),
}
# A referral that was withdrawn as a draft never existed for the receiver.
UNSENT = {"draft": "draft", "withdrawn unsent": "withdrawn"}
STATES = ("draft", "sent", "accepted", "waitlisted", "waitlisted after acceptance", "in_service", "closed")
STATES += ("declined", "withdrawn", "withdrawn unsent", "expired", "entered_in_error")
ONCE_ACCEPTED = {"accepted", "waitlisted after acceptance", "in_service", "closed"}
# What each role is to the referral, in the words of the table's fourth column.
ROLES: dict[str, set[str]] = {
    "nadia, the sender's worker": {"sender"},
    "paula, the sender's manager": {"sender", "sender_manager"},
    "tom, the receiver's worker": {"receiver"},
    "an intake worker of the receiver": {"receiver"},
    "ines, a stranger's manager": set(),
    "pat, a stranger's worker": set(),
    "lea, network administrator": set(),
    "eva, evaluator at the sender": set(),
    "mo, police liaison": set(),
    "somebody without an organization": set(),
    "nobody signed in": set(),
    "the system": {"system"},
}
CONSENTS = ("live", "withdrawn", "expired", "none")


@dataclass
class Stage:
    """The one referral, the consents it may stand on, who may try to act, and what is written so far."""

    referral: Referral
    consents: dict[str, Consent | None]
    actor: Actor
    counted: dict[str, int]


def actor_of(world: World, role: str) -> Actor:
    if role in ("nobody signed in", "the system"):
        return ANONYMOUS if role == "nobody signed in" else SYSTEM
    police, network = admitted("Police", "police_liaison"), admitted("Network", "government")
    organizations_and_roles: dict[str, tuple[Organization, tuple[str, ...]]] = {
        "nadia, the sender's worker": (world.lantern, ("worker",)),
        "paula, the sender's manager": (world.lantern, ("manager", "privacy_officer")),
        "tom, the receiver's worker": (world.northern, ("worker",)),
        "an intake worker of the receiver": (world.northern, ("receiver_intake",)),
        "ines, a stranger's manager": (admitted("Ines", "womens_centre"), ("manager",)),
        "pat, a stranger's worker": (world.elsewhere, ("worker", "receiver_intake")),
        "lea, network administrator": (network, ("network_admin",)),
        "eva, evaluator at the sender": (world.lantern, ("evaluator",)),
        "mo, police liaison": (police, ("police_liaison",)),
        "somebody without an organization": (network, ()),
    }
    organization, roles = organizations_and_roles[role]
    return world.actor(member("Somebody", organization, *roles))


def set_up(role: str) -> Stage:
    world = World()
    live = world.consent()
    draft = world.draft(consent_id=live.pk)
    now, day = timezone.now(), datetime.timedelta(days=1)
    ended = {"withdrawn": {"withdrawn_at": now}, "expired": {"expires_at": now - day}}
    consents: dict[str, Consent | None] = {"live": live, "none": None}
    for name, changes in ended.items():
        consents[name] = Consent.objects.create(
            client=live.client,
            recipient=live.recipient,
            field_groups=live.field_groups,
            recorded_by=live.recorded_by,
            given_at=now - 2 * day,
            **{"expires_at": now + day, **changes},
        )
    return Stage(draft, consents, actor_of(world, role), counts())


def expected(role: str, state: str, action: str, consent: str, details: str) -> int | str:
    """The status of the refusal, or the state that the referral moves to."""
    sources, target, who, needs_consent, _right = TABLE[action]
    status = state.split()[0]
    if role == "nobody signed in":
        return 401
    if not ROLES[role] or (ROLES[role] == {"receiver"} and state in UNSENT):
        return 404
    if not ROLES[role] & set(who.split()):
        return 403
    if needs_consent and consent != "live":
        # To a receiver it is no longer shared, whatever the cause.
        return 409 if ROLES[role] == {"receiver"} else 422
    if details == "wrong":
        return 400
    return target if status in sources.split() else 409


def put(stage: Stage, state: str, consent: str) -> dict[str, Any]:
    """The referral as it stands in this state; answers its row."""
    now = timezone.now()
    own = Referral.objects.filter(pk=stage.referral.pk)
    own.update(
        status=state.split()[0],
        sent_at=None if state in UNSENT else now,
        accepted_at=now if state in ONCE_ACCEPTED else None,
        consent=stage.consents[consent],
    )
    return own.values().get()


def counts() -> dict[str, int]:
    """Of everything an act writes. Refusals are counted apart."""
    results = list(AuditEvent.objects.values_list("result", flat=True))
    return {
        "events": TimelineEvent.objects.count(),
        "notices": OutboxRow.objects.count(),
        "outcomes": Outcome.objects.count(),
        "done": results.count("done"),
        "refused": results.count("refused"),
    }


@contextmanager
def undone() -> Iterator[None]:
    """A savepoint that lets the refusal's own transaction through, as a test's does."""
    block = transaction.atomic()
    block._from_testcase = True  # what Django's own TestCase does
    with block:
        yield
        transaction.set_rollback(True)


def wanted_growth(result: int | str, role: str, state: str, action: str) -> dict[str, int]:
    if isinstance(result, int):
        return {
            "events": 0,
            "notices": 0,
            "outcomes": 0,
            "done": 0,
            "refused": 0 if role == "nobody signed in" else 1,
        }
    told = {"sender", "receiver"} if state not in UNSENT or action == "send" else {"sender"}
    own = "sender" if "sender" in ROLES[role] else "".join(ROLES[role])
    return {
        "events": 1,
        "notices": len(told - {own}),
        "outcomes": 1 if action == "close" else 0,
        "done": len(told),
        "refused": 0,
    }


def run(stage: Stage, role: str, state: str, action: str, consent: str, details: str) -> str:
    """What is wrong with this case, or nothing."""
    given: dict[str, str] = dict(TABLE[action][4]) if details == "right" else {"colour": "red"}
    if role == "the system" and action == "withdraw" and given.get("reason"):
        given["reason"] = "consent_withdrawn"
    wanted = expected(role, state, action, consent, details)
    with undone():
        before = put(stage, state, consent)
        got: int | str
        try:
            got = attempt(referral_id=stage.referral.pk, action=action, actor=stage.actor, **given).status
        except DomainError as error:
            got = error.status
        after = Referral.objects.values().get(pk=stage.referral.pk)
        grown = {name: number - stage.counted[name] for name, number in counts().items()}
        faults = recorded_faults(stage, action, wanted)
    if got != wanted:
        faults.append(f"answered {got}, not {wanted}")
    if isinstance(wanted, int) and after != before:
        faults.append("the referral was changed")
    if isinstance(wanted, str) and after["status"] != wanted:
        faults.append(f"stands at {after['status']}")
    if grown != (growth := wanted_growth(wanted, role, state, action)):
        faults.append(f"wrote {grown}, not {growth}")
    return f"{state} / {action} / {consent} / details {details}: {'; '.join(faults)}" if faults else ""


def recorded_faults(stage: Stage, action: str, wanted: int | str) -> list[str]:
    """The newest audit row names the act, its object and its actor, and so does the newest event.

    What a receiver's log says of an end that is not its own names neither: that has a test of its own.
    """
    row = AuditEvent.objects.exclude(action="referral.sharing_ended").order_by("-at", "-sequence").first()
    if wanted == 401 or row is None:
        return []
    faults = []
    named = (row.action, row.object_id, row.user_id, row.organization_id)
    actor = stage.actor
    if named != (f"referral.{action}", str(stage.referral.pk), actor.user_id, actor.organization_id):
        faults.append(f"the audit row says {named}")
    if isinstance(wanted, int):
        if row.details.get("status") != wanted:
            faults.append(f"the refusal says {row.details}")
        if row.chain != (actor.organization_id or UUID(int=0)):
            faults.append("the refusal stands in another's chain")
    elif not TimelineEvent.objects.filter(kind=action, user_id=actor.user_id).exists():
        faults.append("no such event")
    return faults


def test_the_table_below_knows_every_action_and_state() -> None:
    assert {name: set(row[2].split()) for name, row in TABLE.items()} == {
        name: {party.value for party in row.parties} for name, row in ACTIONS.items()
    }
    assert {state.split()[0] for state in STATES} == {status.value for status in Status}


# A plain `make test` tries one of those who are nothing to the referral; CI tries them all.
OUTSIDE = [role for role, held in ROLES.items() if not held][1:]


@pytest.mark.long
@pytest.mark.one_database
@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=[pytest.mark.ci] if role in OUTSIDE else []) for role in ROLES]
)
def test_every_state_action_and_consent_for(role: str) -> None:
    stage = set_up(role)
    cases = [(*case, "right") for case in product(STATES, TABLE, CONSENTS)]
    cases += [(*case, "live", "wrong") for case in product(STATES, TABLE)]

    faults = [fault for case in cases if (fault := run(stage, role, *case))]

    assert not faults, "\n".join(faults)
