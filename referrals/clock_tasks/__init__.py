"""What the clock does by itself, told from the rows alone: any turn, at any time, leads to the same effects.

Each task is run by every tick. ``effects`` says how each effect is made once.
"""

from __future__ import annotations

from referrals.clock_tasks.answers import escalate, expire, remind, remind_of_waitlist
from referrals.clock_tasks.following import handoffs_due, outcomes_due
from referrals.clock_tasks.people import consents_ending, housing_ending, introductions_due, protection_due

# In this order: what ends in this turn is not reminded of in the same turn.
TASKS = (
    expire,
    remind,
    escalate,
    remind_of_waitlist,
    handoffs_due,
    outcomes_due,
    consents_ending,
    protection_due,
    introductions_due,
    housing_ending,
)

__all__ = ["TASKS"]
