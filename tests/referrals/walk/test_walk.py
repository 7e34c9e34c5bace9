"""Random actors walk the workflow; a simple model says at every step what must have happened.

No illegal state, no disclosure beyond consent ∩ kind ∩ stage, one timeline event for each change, and at
the end of each walk the audit chains hold. At least 10,000 steps where CI is set, a few hundred elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.db.models import Count
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from partners import audit, hooks
from partners.errors import DomainError, NotSeen
from partners.models import AuditEvent
from referrals.access import access_referral
from referrals.actions import attempt
from referrals.clock_tasks import TASKS
from referrals.consent import disclose
from referrals.consent_acts import record_consent, withdraw_consent
from referrals.consent_texts import CURRENT_VERSION
from referrals.handoffs import plan_handoff
from referrals.messages import messages_of, send_message
from referrals.models import Consent, Referral, TimelineEvent
from referrals.needs import create_need
from referrals.offers import offer_need
from tests.referrals.walk.cast import PLANTED, Cast, gather, pressing_as_kept, savepoint
from tests.referrals.walk.model import KINDS, OPEN, TABLE, Book, Offered, Permission, Wanted

pytestmark = [pytest.mark.django_db, pytest.mark.long]

LONG, WALKS = 60, 3
PARTS = 4  # each its own test, so that they share the cores
# The rules are the same on both databases; the long walk is on the quicker one.
LONG_WALK = bool(os.environ.get("CI")) and not os.environ.get("TEST_DATABASE_URL")
STEPS = (10_000 if LONG_WALK else 600) // PARTS
ACTS = sorted(TABLE)
WHO = ["sender", "manager", "stranger", *KINDS]
# Lines that change nothing; tests/referrals/test_clock*.py count them.
CLOCKS_OWN = ("opened", "reminder", "escalation")
# What the clock does to referrals and consents. The model knows of nothing else that it does, and
# retention removes what the walk still looks at.
CLOCK = {"expire_consents", *(task.__name__ for task in TASKS)}
_cast: list[Cast] = []
_taken: list[int] = []


def details(action: str) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    given: dict[str, dict[str, Any]] = {
        "waitlist": {"expected_date": "unknown"},
        "decline": {"reason": "no_capacity"},
        "start_service": {"date": today},
        "close": {"outcome": "got_help", "date": today},
        "withdraw": {"reason": "client_choice"},
    }
    return given.get(action, {"reason": "duplicate"} if action == "void" else {})


class Walk(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.cast = _cast[0]
        self.book = Book()
        self.consents: dict[int, Consent] = {}
        self.seen: dict[Any, Any] = {}
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.time = self.clock.start()
        self.block = savepoint()
        self.block.__enter__()

    def teardown(self) -> None:
        try:
            assert (audit.verify()[1], pressing_as_kept()) == (None, True)
        finally:
            self.block.__exit__(None, None, None)
            self.clock.stop()

    @property
    def now(self) -> datetime:
        return timezone.now()

    def pick(self, number: int) -> tuple[Any, Offered]:
        keys = list(self.book.offers)
        key = keys[number % len(keys)]
        return key, self.book.offers[key]

    @rule(
        client=st.integers(0, 1),
        kind=st.sampled_from(sorted(KINDS)),
        groups=st.sets(st.sampled_from(sorted(PLANTED)), min_size=1),
        days=st.integers(1, 90),
        refused=st.sampled_from([False, False, False, True]),
    )
    def agree(self, client: int, kind: str, groups: set[str], days: int, refused: bool) -> None:
        until = self.now + timedelta(days=days)
        consent = record_consent(
            actor=self.cast.actors["sender"],
            client_id=self.cast.clients[client].pk,
            recipient_id=self.cast.organizations[kind].pk,
            refused=refused,
            field_groups=sorted(groups),
            how="written",
            language="en",
            text_version=CURRENT_VERSION,
            expires_at=until,
        )
        if not refused:
            permission = Permission(client, kind, frozenset(groups), self.now, until)
            self.book.agree(permission, self.now)
            self.consents[id(permission)] = consent

    @precondition(lambda self: any(not one.ended for one in self.book.permissions))
    @rule(number=st.integers(0, 1_000), how=st.sampled_from(["phone", "written", "in_person"]))
    def take_back(self, number: int, how: str) -> None:
        standing = [one for one in self.book.permissions if not one.ended]
        permission = standing[number % len(standing)]
        withdraw_consent(
            actor=self.cast.actors["sender"],
            consent_id=self.consents[id(permission)].pk,
            how=how,
            **({"told_by": "Her sister"} if how == "phone" else {}),
        )
        self.book.end(permission, self.now, "withdrawn")

    @precondition(lambda self: len(self.book.offers) < 9)
    @rule(
        client=st.integers(0, 1),
        kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=3, unique=True),
        in_turn=st.booleans(),
    )
    def offer(self, client: int, kinds: list[str], in_turn: bool) -> None:
        sender = self.cast.actors["sender"]
        need = create_need(
            actor=sender, client_id=self.cast.clients[client].pk, category="counselling", urgency="soon"
        )
        mode = "single" if len(kinds) == 1 else "in_turn" if in_turn else "at_once"
        drafts = offer_need(
            actor=sender, need_id=need.pk, services=[self.cast.services[kind].pk for kind in kinds], mode=mode
        )
        wanted = Wanted(client, mode == "in_turn")
        for turn, (kind, draft) in enumerate(zip(kinds, drafts, strict=True)):
            live = [
                one
                for one in self.book.permissions
                if (one.client, one.recipient) == (client, kind) and one.live(self.now)
            ]
            self.book.offers[draft.pk] = Offered(wanted, kind, live[-1] if live else None, turn)

    @precondition(lambda self: self.book.offers)
    @rule(number=st.integers(0, 1_000), action=st.sampled_from(ACTS), who=st.sampled_from(WHO))
    def act(self, number: int, action: str, who: str) -> None:
        self._act(number, action, who)

    @precondition(lambda self: self.book.offers)
    @rule(number=st.integers(0, 1_000), choice=st.integers(0, 1_000), twice=st.booleans())
    def act_in_place(self, number: int, choice: int, twice: bool) -> None:
        """By whoever may, so that walks get somewhere; the second of two is refused."""
        _key, offer = self.pick(number)
        able = [action for action, row in sorted(TABLE.items()) if offer.status in row[0]]
        if not able:
            return
        action = able[choice % len(able)]
        party = TABLE[action][2]
        for _time in range(1 + twice):
            self._act(number, action, offer.receiver if party == "receiver" else party)

    def _act(self, number: int, action: str, who: str) -> None:
        key, offer = self.pick(number)
        wanted = self.book.expected(offer, action, who, self.now)
        got: int | str
        try:
            got = attempt(
                referral_id=key, action=action, actor=self.cast.actors[who], **details(action)
            ).status
        except DomainError as error:
            got = error.status
        assert got == wanted, f"{who}: {action} from {offer.status} answered {got}, not {wanted}"
        if isinstance(wanted, str):
            self.book.move(offer, wanted, self.now)

    @precondition(lambda self: self.book.offers)
    @rule(number=st.integers(0, 1_000), who=st.sampled_from(WHO), handoff=st.booleans())
    def talk(self, number: int, who: str, handoff: bool) -> None:
        """Messages and handoffs need a live consent; a handoff also that a partner has accepted."""
        key, offer = self.pick(number)
        actor = self.cast.actors[who]
        wanted = self._talks(offer, who, handoff)
        act: Callable[[], Any] = lambda: send_message(referral_id=key, actor=actor, text="Planted word")  # noqa: E731
        if handoff:
            when = self.now + timedelta(days=1)
            act = lambda: plan_handoff(referral_id=key, actor=actor, kind="warm", when=when)  # noqa: E731
        got = 200
        try:
            act()
        except DomainError as error:
            got = error.status
        assert got == wanted, f"{who} talks at {offer.status}: {got}, not {wanted}"
        offer.events += got == 200

    def _talks(self, offer: Offered, who: str, handoff: bool) -> int:
        sender = who in ("sender", "manager")
        if not sender and not (who == offer.receiver and offer.sent):
            return 404
        if not offer.live(self.now):
            return 422 if sender else 409
        if not offer.sent or offer.status not in OPEN:
            return 409
        return 409 if handoff and not offer.accepted else 200

    @precondition(lambda self: self.book.offers or self.book.permissions)
    @rule(hours=st.sampled_from([1, 7, 30, 24 * 8, 24 * 31, 24 * 95]))
    def wait(self, hours: int) -> None:
        self.time.shift(timedelta(hours=hours))
        for name, task in hooks.clock_tasks:
            if name in CLOCK:
                task()
        self.book.tick(self.now)

    @invariant()
    def a_step_is_counted(self) -> None:
        _taken[0] += 1

    @invariant()
    def every_referral_stands_where_the_model_says(self) -> None:
        rows = dict(Referral.objects.filter(pk__in=self.book.offers).values_list("pk", "status"))
        assert rows == {key: offer.status for key, offer in self.book.offers.items()}

    @invariant()
    def every_change_has_one_event(self) -> None:
        events = TimelineEvent.objects.order_by().filter(referral__in=self.book.offers)
        counted = events.exclude(kind__in=CLOCKS_OWN).values_list("referral").annotate(Count("pk"))
        assert dict(counted) == {key: offer.events for key, offer in self.book.offers.items()}

    @invariant()
    def nobody_sees_more_than_was_agreed(self) -> None:
        """Looked at by everybody wherever what may be seen can have changed with this step."""
        for key, offer in self.book.offers.items():
            state = (offer.status, offer.stage(self.now), offer.groups(self.now, offer.receiver))
            if self.seen.get(key) == (state, offer.events):
                continue
            for who in ("stranger", *KINDS):
                self._check_sight(key, offer, who)
            self.seen[key] = (state, offer.events)

    def _check_sight(self, key: Any, offer: Offered, who: str) -> None:
        actor = self.cast.actors[who]
        stage = offer.stage(self.now) if who == offer.receiver else "nothing"
        try:
            referral = access_referral(key, actor)
        except NotSeen:
            assert stage == "nothing", f"{who} sees nothing of {offer}"
            return
        releases = AuditEvent.objects.filter(action="disclose", object_id=str(referral.client_id))
        before = releases.count()
        view = disclose(referral, actor)
        allowed = offer.groups(self.now, who)
        shown = {group for group, text in PLANTED.items() if text in repr(view)}
        assert view.stage.value == stage, f"{who} at {view.stage} of {offer}"
        assert shown == allowed, f"{who} sees {shown}, agreed {allowed}"
        assert releases.count() - before == (2 if stage == "disclosed" else 0)
        if stage == "tombstone":
            assert messages_of(referral, actor) == []


@pytest.mark.parametrize("part", range(PARTS))
def test_no_walk_leaves_the_model(part: int) -> None:
    """Some walks end early, so they are begun until enough steps were taken."""
    _cast[:], _taken[:] = [gather()], [0]
    for number in count():
        if _taken[0] >= STEPS:
            break
        run_state_machine_as_test(
            seed(1_000 * part + number)(type(f"Walk{part}_{number}", (Walk,), {})),
            settings=settings(
                max_examples=WALKS,
                stateful_step_count=LONG,
                deadline=None,
                # A failing walk is printed as it was walked: to shrink it takes longer than to read it.
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
