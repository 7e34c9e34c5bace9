"""The work-list: whatever is overdue stands on somebody's, in a dozen queries at most."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.access import actor_for
from partners.models import User
from referrals import worklist
from referrals.attempts import record_attempt
from referrals.consent_acts import withdraw_consent
from referrals.handoffs import plan_handoff
from referrals.messages import send_message
from referrals.models import (
    AgeBand,
    ChildProtectionRecord,
    Introduction,
    IntroductionKind,
    Referral,
    SupportEntry,
    SupportKind,
)
from referrals.worklist import parts
from tests.referrals.clock import DAY, at, moment, run_all
from tests.referrals.pages import NAME, World, address, browser

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12


@pytest.fixture
def world() -> World:
    with at("2026-10-01"):
        return World()


def listed(user: User) -> dict[str, list[Any]]:
    return {section.key: section.items for section in worklist.sections(actor_for(user, None))}


def codes(user: User, key: str) -> list[str]:
    return [item.code for item in listed(user).get(key, [])]


def tried(referral: Referral, user: User, result: str = "no_answer", **given: Any) -> None:
    actor = actor_for(user, None)
    record_attempt(referral_id=referral.pk, actor=actor, method="text", result=result, **given)


def new_person(world: World, name: str) -> Referral:
    return world.accepted(world.client(chosen_name=name))


def test_whom_nobody_reached_stands_on_both_lists_what_is_overdue_first(world: World) -> None:
    with at("2026-11-02"):
        today = timezone.localdate()
        late, soon, later, undated, reached = (new_person(world, name) for name in "ABCDE")
        for referral, days in ((later, 9), (late, 1), (soon, 3)):
            tried(referral, world.tom, next_on=today + days * DAY)
        tried(undated, world.tom)
        tried(reached, world.tom)
    with at("2026-11-02", "11:00"):
        tried(reached, world.nadia, "reached")
    with at("2026-11-05"):
        assert codes(world.tom, "unreached") == [late.code, soon.code, later.code, undated.code]
        clocks = [item.clock.kind for item in listed(world.tom)["unreached"]]
        assert clocks == ["late", "soon", "", ""]
        # The days are Tom's own; Nadia has the rows, and her people's names are hers alone.
        nadia = listed(world.nadia)["unreached"]
        assert {item.code for item in nadia} == {late.code, soon.code, later.code, undated.code}
        assert not any(item.due for item in nadia)
        assert not any(item.client_id for item in listed(world.tom)["unreached"])
        withdraw_consent(actor=actor_for(world.nadia, None), consent_id=late.consent_id, how="phone")
        assert late.code not in codes(world.tom, "unreached")
        assert late.code in codes(world.nadia, "unreached")
        assert "unreached" not in listed(world.pat)


def everything(world: World) -> dict[str, tuple[User, str, str]]:
    """One of each that goes without an answer: on whose list and in which section it must stand."""
    with at("2026-10-05"):
        unanswered, waiting, silent, missed, written = (
            world.sent(person, consent_id=world.consent(person, expires_at=moment("2027-03-01")).pk)
            for person in (world.client(chosen_name=name) for name in "ABCDE")
        )
        world.act(waiting, "waitlist", expected_date="2026-10-20")
        for referral in (silent, missed, written):
            world.act(referral, "accept")
        when = timezone.now() + DAY
        plan_handoff(referral_id=missed.pk, actor=actor_for(world.tom, None), kind="self", when=when)
        send_message(referral_id=written.pk, actor=actor_for(world.tom, None), text="A word")
        ending = world.sent(world.person, consent_id=world.consent(expires_at=moment("2026-11-08")).pk)
        draft = world.draft(world.client(chosen_name="Draft"))
        person_due(world)
    return {
        "unanswered, its receiver": (world.tom, "answer", unanswered.code),
        "unanswered, its sender": (world.nadia, "waiting", unanswered.code),
        "a place expected, the receiver": (world.tom, "answer", waiting.code),
        "a place expected, the sender": (world.nadia, "waiting", waiting.code),
        "no outcome, the receiver": (world.tom, "outcome", silent.code),
        "a handoff without a result, the receiver": (world.tom, "answer", missed.code),
        "a handoff without a result, the sender": (world.nadia, "answer", missed.code),
        "a message": (world.nadia, "answer", written.code),
        "a consent about to end": (world.nadia, "consent", ""),
        "an answer to it": (world.tom, "answer", ending.code),
        "a draft": (world.nadia, "drafts", draft.code),
        "a report under way": (world.paula, "protection", ""),
        "two years of housing": (world.nadia, "housing", ""),
    }


def person_due(world: World) -> None:
    now = timezone.now()
    child = world.client(chosen_name="Child", age_band=AgeBand.UNDER_18)
    ChildProtectionRecord.objects.create(
        client=child,
        state="being_reported",
        at=now,
        reported_to="CFS",
        follow_up_at=now + datetime.timedelta(hours=1),
        recorded_by=world.nadia,
    )
    SupportEntry.objects.create(
        client=world.person,
        kind=SupportKind.TRANSITIONAL_HOUSING,
        on=datetime.date(2024, 12, 1),
        recorded_by=world.nadia,
    )
    Introduction.objects.create(
        kind=IntroductionKind.INTRODUCTION,
        introduced_by=world.elsewhere,
        receiver=world.lantern,
        safe_contact={},
        consent_text_version="1",
        consented_at=now,
        answer_due_on=datetime.date(2026, 10, 8),
    )


def test_whatever_is_overdue_stands_on_somebodys_list(world: World) -> None:
    expected = everything(world)
    with at("2026-10-30"):
        run_all()
        missing = [what for what, (user, key, code) in expected.items() if code not in codes(user, key)]
        assert missing == []
        introduced = listed(world.nadia)["introductions"]
        assert [item.clock.kind for item in introduced] == ["late"]
        assert [item.organization for item in introduced] == [world.elsewhere]
    with at("2026-12-05"):
        # Sixty days without an outcome: the sender has it as well, also once the consent is withdrawn.
        silent = Referral.objects.get(code=expected["no outcome, the receiver"][2])
        withdraw_consent(actor=actor_for(world.nadia, None), consent_id=silent.consent_id, how="phone")
        assert silent.code in codes(world.nadia, "outcome")
        assert silent.code not in codes(world.tom, "outcome")


@pytest.mark.parametrize("who", ["nadia", "paula", "tom"])
def test_the_page_asks_a_dozen_questions_at_most_however_much_there_is(world: World, who: str) -> None:
    everything(world)
    with at("2026-10-30"):
        for name in "FGHIJ":
            tried(world.act(world.sent(world.client(chosen_name=name)), "accept"), world.tom)
        page = browser(getattr(world, who))
        page.get(address("home"))
        with CaptureQueriesContext(connection) as captured:
            answer = page.get(address("home"))
    asked = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert answer.status_code == 200
    assert len(answer.context["sections"]) >= 3
    assert len(asked) <= MOST_QUERIES, "\n".join(asked)


def test_a_long_section_is_not_counted_to_its_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "CAP", 3)
    monkeypatch.setattr(worklist, "CAP", 3)
    monkeypatch.setattr(parts, "LIMIT", 2)
    sent = [world.sent(world.client(chosen_name=f"Person {number}")) for number in range(5)]
    section = next(s for s in worklist.sections(actor_for(world.nadia, None)) if s.key == "waiting")
    assert (section.count, section.capped, len(section.items)) == (3, True, 2)
    assert [item.code for item in section.items] == [sent[0].code, sent[1].code]
    page = browser(world.nadia).get(address("home")).content.decode()
    assert '<span class="count">3+</span>' in page
    assert "Many more in the boxes" in page


def test_the_list_in_french(world: World) -> None:
    everything(world)
    with time_machine.travel(moment("2026-10-30", "10:00"), tick=False):
        page = browser(world.nadia, "fr").get(address("home", language="fr")).content.decode()
        assert NAME in page
        assert NAME not in browser(world.tom, "fr").get(address("home", language="fr")).content.decode()
