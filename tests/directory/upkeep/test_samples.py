"""Phone samples: who is drawn, what counts as right, and how sure the share is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.models import ListingReport, PhoneCheck, Verification
from directory.upkeep import samples
from directory.upkeep.accuracy import accuracy_of, is_right, wilson
from directory.upkeep.accuracy_chart import chart_of
from partners.errors import Conflict, Invalid, NotSeen, Refused
from partners.models import AuditEvent
from tests.directory.upkeep.ground import VOICE, Ground, fresh


@given(called=st.integers(1, 2_000), share=st.floats(0, 1))
def test_the_interval_holds_the_share_and_narrows_with_the_calls(called: int, share: float) -> None:
    right = round(share * called)
    low, high = wilson(right, called)
    assert 0 <= low <= right / called <= high <= 1
    assert low < high
    more_low, more_high = wilson(4 * right, 4 * called)
    assert more_high - more_low < high - low
    mirrored = wilson(called - right, called)
    assert mirrored == (pytest.approx(1 - high), pytest.approx(1 - low))


def test_known_intervals() -> None:
    """As the textbooks have them: 8 of 10, and nobody right or wrong of 10."""
    assert wilson(8, 10) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert wilson(0, 10) == (0, pytest.approx(0.2775, abs=1e-4))
    assert wilson(10, 10) == (pytest.approx(0.7225, abs=1e-4), 1)
    assert wilson(0, 0) == (0, 1)


def test_right_means_reached_still_offered_and_nothing_wrong() -> None:
    def right(**answers: bool | None) -> bool:
        return is_right(PhoneCheck(**answers))

    assert right(reached=True, still_offered=True)
    assert right(reached=True, still_offered=True, hours_right=True, intake_right=None)
    assert not right(reached=False)
    assert not right(reached=True, still_offered=False)
    assert not right(reached=True, still_offered=True, eligibility_right=False)


@pytest.mark.django_db
def test_crisis_lines_and_what_cannot_be_called_are_never_drawn() -> None:
    ground = Ground()
    line = {**VOICE, "number": "204-555-0199"}
    ground.listing(ground.lantern, categories=["crisis-suicide"], phones=[line])
    # A shelter that is reached by the crisis line alone, however the number is written; a help line's too.
    ground.listing(ground.lantern, phones=[{**VOICE, "number": "1 (204) 555-0199"}])
    ground.listing(ground.lantern, phones=[{**VOICE, "number": "1-877-977-0007"}])
    ground.listing(ground.lantern, phones=[])
    ground.listing(ground.lantern, phones=[{**VOICE, "kind": "text"}])
    ground.listing(ground.lantern, publish=False)
    ground.listing(ground.lantern, status="defunct")
    second = ground.listing(ground.lantern)

    sample = samples.draw(ground.actor(ground.kim), 30)
    drawn = {check.service_id for check in sample.checks.all()}
    assert drawn == {ground.service.pk, second.pk}
    assert sample.population == 2
    assert AuditEvent.objects.get(action="draw_sample").details == {"drawn": 2}


@pytest.mark.django_db
def test_what_calls_found_is_recorded_once_and_counted() -> None:
    ground = Ground()
    for number in range(3):
        ground.listing(ground.lantern, name_en=f"Group {number}")
    kim = ground.actor(ground.kim)
    sample = samples.draw(kim, 4)
    checks = list(sample.checks.order_by("pk"))
    yes = dict.fromkeys(samples.ANSWERS, True)

    samples.record(kim, checks[0].pk, yes)
    samples.record(kim, checks[1].pk, {**yes, "hours_right": False, "intake_right": False}, report=True)
    samples.record(kim, checks[2].pk, {"reached": False, "hours_right": True}, report=True)
    with pytest.raises(Conflict):
        samples.record(kim, checks[0].pk, {"reached": False})
    for unfit in ({}, {"reached": True}):
        with pytest.raises(Invalid):
            samples.record(kim, checks[3].pk, unfit)
    for name in ("ed", "will"):
        with pytest.raises(Refused):
            samples.record(ground.actor(getattr(ground, name)), checks[3].pk, yes)
    with pytest.raises(NotSeen):
        samples.record(kim, ground.service.pk, yes)

    assert Verification.objects.get().method == "call"
    assert fresh(checks[0].service).verified_by == ground.kim
    assert fresh(checks[1].service).verified_at is None
    reported = ListingReport.objects.order_by("service_id", "kind").values_list("service_id", "kind")
    wrong = [
        (checks[1].service_id, "hours"),
        (checks[1].service_id, "other"),
        (checks[2].service_id, "phone"),
    ]
    assert sorted(reported) == sorted(wrong)
    assert PhoneCheck.objects.get(pk=checks[2].pk).hours_right is None
    (told,) = accuracy_of(samples.samples(kim))
    assert (told.drawn, told.called, told.right) == (4, 3, 1)
    assert (told.low, told.high) == wilson(1, 3)
    chart = chart_of([told])
    assert chart is not None
    (point,) = chart.points
    assert point.high < point.y < point.low
    assert not samples.sample_of(kim, sample.pk).closed_at
    samples.record(kim, checks[3].pk, {"reached": False})
    assert samples.sample_of(kim, sample.pk).closed_at
