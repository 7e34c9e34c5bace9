"""Of a million rows the clock reads those whose day has come: each task goes along its own index."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from partners.models import ClockMark
from referrals.clock_tasks import TASKS
from referrals.consent_acts import expire_consents

pytestmark = pytest.mark.django_db
INDEXES = {
    "expire": ["referral_expiry", "referral_place_due"],
    "remind": ["referral_answer_due"],
    "escalate": ["referral_answer_due"],
    "remind_of_waitlist": ["referral_place_due"],
    "handoffs_due": ["handoff_planned"],
    "outcomes_due": ["referral_accepted_since", "referral_served_since"],
    "consents_ending": ["consent_ending"],
    "protection_due": ["report_to_follow_up"],
    "introductions_due": ["introduction_due"],
    "housing_ending": ["support_housing"],
    "expire_consents": ["consent_ending"],
}


def plans_of(task: Any) -> str:
    """How the database goes about every question of the task, with its parameters bound as in life."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        task()
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # empty tables are read whole otherwise
            cursor.execute("SET LOCAL enable_sort = off")
        lines = []
        for sql, params in asked:
            cursor.execute(explain + sql, params)
            lines += [str(row) for row in cursor.fetchall()]
    return "\n".join(lines)


def test_every_task_has_its_index() -> None:
    tasks = {task.__name__: task for task in (*TASKS, expire_consents)}
    assert set(tasks) == set(INDEXES)
    for name, task in tasks.items():
        plan = plans_of(task)
        assert [index for index in INDEXES[name] if index not in plan] == [], f"{name}:\n{plan}"


def test_an_empty_turn_leaves_one_mark_a_day() -> None:
    for task in (*TASKS, expire_consents, expire_consents):
        task()
    assert ClockMark.objects.count() == 1
