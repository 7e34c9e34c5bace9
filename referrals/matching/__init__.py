"""Matching that explains itself: which services fit a need, in which order, and why.

``hard`` excludes by what is known to contradict, ``soft`` puts in order; each says its reason in words.
What is not known never excludes and never counts: it is shown as not known.
"""

from referrals.matching.facts import Person, ServiceFacts
from referrals.matching.judging import judge
from referrals.matching.ranking import Match, matches, matches_of
from referrals.matching.reasons import Kind, Reason, Verdict

__all__ = ["Kind", "Match", "Person", "Reason", "ServiceFacts", "Verdict", "judge", "matches", "matches_of"]
