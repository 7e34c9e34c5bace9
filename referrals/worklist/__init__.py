"""The home page's list: what waits for me, what I wait for, what is about to end.

A handful of queries for the whole list, however many rows and sections there are: see ``parts``.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from partners.actor import Actor
from partners.roles import Capability
from referrals.worklist.ages import ages_to_ask, protection
from referrals.worklist.answer import needs_answer
from referrals.worklist.introductions import to_contact
from referrals.worklist.items import Section
from referrals.worklist.links import closed_links
from referrals.worklist.next_offer import asked_to_continue, next_offer
from referrals.worklist.others import consent_ending, drafts, housing_ending, to_confirm, waiting
from referrals.worklist.parts import CAP, Part, Read, read
from referrals.worklist.reaching import could_not_reach, outcome_due
from referrals.worklist.second_worker import to_check

# The sections in the order in which they press. A new one needs a line here and one in ``_parts``.
TITLES: dict[str, Promise] = {
    "protection": gettext_lazy("Child protection: follow up"),
    "answer": gettext_lazy("Needs an answer from me"),
    "introductions": gettext_lazy("Asks to be contacted"),
    "second_worker": gettext_lazy("A colleague asks you to check"),
    "links": gettext_lazy("The partner can’t answer"),
    "next": gettext_lazy("Next in the list needs you"),
    "continue": gettext_lazy("Asked to take it up again"),
    "waiting": gettext_lazy("Waiting on others"),
    "unreached": gettext_lazy("Could not reach"),
    "outcome": gettext_lazy("Outcome not known yet"),
    "consent": gettext_lazy("Consent about to end"),
    "housing": gettext_lazy("Transitional housing about to end"),
    "ages": gettext_lazy("Age to ask again"),
    "confirm": gettext_lazy("Outcome to confirm"),
    "drafts": gettext_lazy("Drafts"),
}
# Marked as late whenever they hold something; these others when one of their lines is late.
LATE = frozenset({"protection", "answer", "second_worker", "links", "next"})
LATE_BY_LINE = frozenset({"introductions", "unreached"})


def sections(actor: Actor) -> list[Section]:
    """The sections that hold something, in the order in which they press."""
    flat = [(key, part) for key, parts in _parts(actor).items() for part in parts]
    found: dict[str, list[Read]] = {}
    for (key, _part), rows in zip(flat, read([part for _key, part in flat], actor), strict=True):
        found.setdefault(key, []).append(rows)
    if actor.can(Capability.CLIENTS):
        found["housing"] = [housing_ending(actor)]
    built = [_section(key, found[key]) for key in TITLES if key in found]
    return [section for section in built if section.count]


def _parts(actor: Actor) -> dict[str, list[Part]]:
    parts = {
        "answer": needs_answer(actor),
        "unreached": could_not_reach(actor),
        "outcome": outcome_due(actor),
    }
    if actor.can(Capability.CLIENTS):
        parts["introductions"] = [to_contact(actor)]
        parts["consent"] = [consent_ending(actor)]
        parts["ages"] = [ages_to_ask(actor)]
        if actor.can(Capability.CHILD_PROTECTION):
            parts["protection"] = protection(actor)
    if actor.can(Capability.SEND):
        parts["second_worker"] = [to_check(actor)]
        parts["links"] = [closed_links(actor)]
        parts["next"] = [next_offer(actor)]
        parts["continue"] = [asked_to_continue(actor)]
        parts["waiting"] = [waiting(actor)]
        parts["confirm"] = [to_confirm(actor)]
        parts["drafts"] = [drafts(actor)]
    return parts


def _section(key: str, found: Sequence[Read]) -> Section:
    items = [item for rows in found for item in rows.items]
    items.sort(key=lambda item: item.due or datetime.date.max)
    late = key in LATE or (
        key in LATE_BY_LINE and any(item.clock is not None and item.clock.kind == "late" for item in items)
    )
    count = sum(min(rows.count, CAP) for rows in found)
    return Section(key, TITLES[key], count, items, late, capped=any(rows.count > CAP for rows in found))


def with_names(found: list[Section], names: dict[UUID, str]) -> list[Section]:
    """The same sections with the chosen names of own clients."""
    return [
        replace(
            section,
            items=[
                replace(item, name=names.get(item.client_id, "")) if item.client_id else item
                for item in section.items
            ],
        )
        for section in found
    ]


def client_ids(found: Iterable[Section]) -> set[UUID]:
    return {item.client_id for section in found for item in section.items if item.client_id}
