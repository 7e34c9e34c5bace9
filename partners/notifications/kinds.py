"""What each kind of notice is: who is told, where it leads, and what it says without saying more.

Each app registers its own kinds in its ``ready()``. A kind goes to members of the organization, who find
it in Relais and in their mail, or it is a letter to one address outside, written when it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.functional import Promise

from partners.models import Notification, OutboxRow


@dataclass(frozen=True)
class Notice:
    """Who is told of a kind of act, the page they can open, and what the mail says without saying more.

    ``otherwise``: who is told where nobody has one of the roles. ``at_object``: the page is the object's.
    ``urgent``: by mail at once, whatever the member chose. ``inside``: to members alone and to no system,
    since the kind itself says something of a person, or names a file.
    """

    roles: list[str]
    route: str
    subject: Promise
    line: Promise
    otherwise: tuple[str, ...] = ()
    at_object: bool = True
    urgent: bool = False
    inside: bool = False


@dataclass(frozen=True)
class Letter:
    """A mail to one address, which may belong to nobody with a sign-in. ``recipient`` names it stably.

    ``url`` may hold a secret: it is made for this mail and written down nowhere else.
    """

    recipient: UUID
    address: str
    language: str
    subject: str
    lines: list[str]
    url: str = ""
    url_label: str = ""
    closing: list[str] = field(default_factory=list)


# Asked when a row of its kind is delivered, and again for each retry: what is secret in a letter is made
# anew each time, so a row with a secret has one letter. An empty answer: there is nobody to tell any more.
type_of_writer = Callable[[OutboxRow], list[Letter]]
# Asked first of each row: the notice in place of the kind's own one, or None.
type_of_override = Callable[[OutboxRow | Notification], Notice | None]

_notices: dict[str, Notice] = {}
_writers: dict[str, type_of_writer] = {}
_beside_members: set[str] = set()
_overrides: list[type_of_override] = []
_fallback: list[Notice] = []


def register(notices: Mapping[str, Notice]) -> None:
    _notices.update(notices)


def register_letter(kind: str, writer: type_of_writer, *, beside_members: bool = False) -> None:
    """Of a kind with a writer members are told nothing, unless its letters go out ``beside_members``."""
    _writers[kind] = writer
    (_beside_members.add if beside_members else _beside_members.discard)(kind)


def register_override(override: type_of_override) -> None:
    if override not in _overrides:
        _overrides.append(override)


def register_fallback(notice: Notice) -> None:
    """For every kind that nobody registered."""
    _fallback[:] = [notice]


def writer_of(row: OutboxRow) -> type_of_writer | None:
    return _writers.get(row.kind)


def for_members(row: OutboxRow) -> bool:
    return row.kind not in _writers or row.kind in _beside_members


def notice_of(row: OutboxRow | Notification) -> Notice:
    for override in _overrides:
        if (notice := override(row)) is not None:
            return notice
    return _notices.get(row.kind) or _fallback[0]


def is_registered(kind: str) -> bool:
    return kind in _notices
