"""Where a referral stands in a box: what waits for an answer, then what is open, by urgency; then the rest.

The place is kept with the row (``Referral.box_order``), so that an index has the box in its order.
"""

from __future__ import annotations

from referrals.workflow import FINAL, Status

URGENCIES = ("urgent", "soon", "routine")
ANSWERED = len(URGENCIES)
ENDED = 2 * len(URGENCIES)


def box_order(status: str, urgency: str) -> int:
    """Below ANSWERED: waits for an answer, by urgency; below ENDED: open; ENDED: the rest, whatever its
    urgency."""
    if status in FINAL:
        return ENDED
    waits = status == Status.SENT
    return URGENCIES.index(urgency) + (0 if waits else ANSWERED)
