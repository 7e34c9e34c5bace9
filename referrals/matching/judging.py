"""One service judged for one person by every rule."""

from __future__ import annotations

from referrals.matching import hard, soft
from referrals.matching.facts import Person, ServiceFacts
from referrals.matching.reasons import Reasons, Verdict


def judge(person: Person, service: ServiceFacts) -> Verdict:
    say = Reasons()
    for rule in (*hard.RULES, *soft.RULES):
        rule(person, service, say)
    return say.verdict()
