"""Listings in the hands of those who keep them: proposals, reports, a draft, two that may be one.

What is changed is put right again, so that loading the fixtures once more finds nothing to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from directory.listing_shape import Shape, shape_of
from directory.models import Service
from directory.proposals import deciding, proposing, reports
from referrals.demo.past import set_back

if TYPE_CHECKING:
    from referrals.demo.story import Story

PROGRAM, COUNSELLING, SKILLS = "prairie-lantern-program", "red-river-counselling", "two-rivers-skills"
EVENINGS = [{"byday": "TU,TH", "opens_at": "13:00", "closes_at": "19:00"}]


def _history(story: Story) -> None:
    """A slip in a phone number, noticed by the public and put right; and an answer promised sooner."""
    right = shape_of(story.listing(PROGRAM))["phones"]
    slip = [{**right[0], "number": "204-555-0101"}, *right[1:]]
    _change(story, "paula", PROGRAM, {"response_days": 2})
    _change(story, "paula", PROGRAM, {"phones": slip})
    seen = reports.report(service_id=story.service(PROGRAM).pk, kind="phone", text="Nobody picks up there.")
    proposal = proposing.propose(
        actor=story.actor("paula"),
        service_id=story.service(PROGRAM).pk,
        wanted={"phones": right},
        note="Two digits were the wrong way round.",
        report_id=seen.pk,
    )
    deciding.approve(actor=story.actor("paula"), proposal_id=proposal.pk)


def _proposals(story: Story) -> None:
    """One waits for Red River, one for Prairie Lantern; the third was not accepted."""
    _propose(story, "tom", COUNSELLING, {"schedules": EVENINGS}, "We open later on two days.")
    words = {"hours_note_en": "Closed on the first Monday of each month."}
    words["hours_note_fr"] = "Fermé le premier lundi du mois."
    _propose(story, "lea", "prairie-lantern-drop-in", words, "You told us on the phone.")
    refused = _propose(story, "tom", "red-river-primary-care", {"minimum_age": 18}, "")
    note = "The team sees people from 16. Please ask them first."
    deciding.reject(actor=story.actor("lea"), proposal_id=refused, note=note)


def _reports(story: Story) -> None:
    """One for Tom; the other one Pat has left for too long, so that the network has it too."""
    reports.report(service_id=story.service(COUNSELLING).pk, kind="hours", text="Closed at 3 on Friday.")
    left = reports.report(service_id=story.service("two-rivers-pre-employment").pk, kind="eligibility")
    set_back(left, reports.PASSED_ON_AFTER.days + 1, "created_at")
    reports.pass_on_due()


def _drafts(story: Story) -> None:
    """One that can't be published yet, and one that says again what another listing says."""
    name = {"name_en": "Art evenings", "description_en": "Paint, clay and tea. Come once or every week."}
    proposing.create_draft(actor=story.actor("paula"), wanted=name)
    twin = shape_of(story.listing(SKILLS)) | {"name_en": "Skills training program", "aliases": []}
    twin |= {"name_fr": "Programme de formation aux compétences"}
    again = proposing.create_draft(actor=story.actor("pat"), wanted=twin)
    proposing.publish(actor=story.actor("pat"), service_id=again.pk)


def _change(story: Story, name: str, key: str, wanted: Shape) -> None:
    deciding.approve(actor=story.actor(name), proposal_id=_propose(story, name, key, wanted, ""))


def _propose(story: Story, name: str, key: str, wanted: Shape, note: str):  # type: ignore[no-untyped-def]
    service: Service = story.service(key)
    actor = story.actor(name)
    return proposing.propose(actor=actor, service_id=service.pk, wanted=wanted, note=note).pk


TOLD = (_history, _proposals, _reports, _drafts)
