"""The home page's list: what waits for me, what I wait for, what is about to end.

Each section is one query for its rows and at most one for its count, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from partners.actor import Actor
from partners.roles import Capability
from referrals.boxes import top_categories
from referrals.worklist.answer import needs_answer
from referrals.worklist.introductions import to_contact
from referrals.worklist.items import Section
from referrals.worklist.next_offer import asked_to_continue, next_offer
from referrals.worklist.others import (
    consent_ending,
    could_not_reach,
    drafts,
    protection,
    to_confirm,
    waiting,
)
from referrals.worklist.second_worker import to_check


def sections(actor: Actor) -> list[Section]:
    """The sections that hold something, in the order in which they press."""
    top = top_categories()
    built: list[Section] = []
    if actor.can(Capability.CLIENTS) and actor.can(Capability.CHILD_PROTECTION):
        built.append(protection(actor))
    built.append(needs_answer(actor, top))
    if actor.can(Capability.CLIENTS):
        built.append(to_contact(actor))
    if actor.can(Capability.SEND):
        built.append(to_check(actor))
        built += [next_offer(actor), asked_to_continue(actor)]
        built += [waiting(actor), could_not_reach(actor)]
    if actor.can(Capability.CLIENTS):
        built.append(consent_ending(actor))
    if actor.can(Capability.SEND):
        built += [to_confirm(actor), drafts(actor)]
    return [section for section in built if section.count]


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
