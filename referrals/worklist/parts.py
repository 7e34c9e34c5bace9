"""How the list is read: all parts in one question for what stands where, then the referrals in one more.

However many rows there are, no part reads more than CAP of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateField, DateTimeField, F, QuerySet, UUIDField, Value, Window
from django.db.models.functions import Cast, RowNumber

from partners.actor import Actor
from partners.models import Organization
from referrals.models import Referral
from referrals.worklist.items import LIMIT, Item

# More are counted as "more than so many": nobody works through a longer list today.
CAP = 100
# What a part may read of its rows beside their ids, each of one type over all parts.
COLUMNS = {
    "client": UUIDField(),
    "organization": UUIDField(),
    "at": DateTimeField(),
    "on": DateField(),
    "code": CharField(),
}


@dataclass(frozen=True)
class Found:
    """One row. Where the part's rows are referrals, ``referral`` is the row itself."""

    id: UUID
    client_id: UUID | None
    organization_id: UUID | None
    at: datetime.datetime | None
    on: datetime.date | None
    code: str | None
    referral: Referral | None = None
    organization: Organization | None = None


@dataclass(frozen=True)
class Part:
    """Rows of one section, visible to the actor, in their order.

    ``columns`` maps names of COLUMNS to what the rows call them. ``make`` makes the line of a row.
    ``computed`` is what order and columns name beside the fields of the rows. The order should be that
    of an index that begins with the organization: then no more rows are read than are counted.
    """

    rows: QuerySet[Any]
    order: tuple[Any, ...]
    make: Callable[[Any], Item]
    columns: Mapping[str, str] = field(default_factory=dict)
    computed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """The first lines of a part, and how many rows it has, up to one more than CAP."""

    items: list[Item]
    count: int


def read(parts: Sequence[Part], actor: Actor) -> list[Read]:
    """The parts in their order: at most three queries for all of them."""
    if not parts:
        return []
    first, *others = (_numbered(number, part) for number, part in enumerate(parts))
    rows: list[list[tuple[int, Found]]] = [[] for _ in parts]
    for number, rank, *values in first.union(*others, all=True):
        rows[number].append((rank, Found(*values)))
    found = [[row for _rank, row in sorted(of_part, key=_by_rank)] for of_part in rows]
    shown = [of_part[:LIMIT] for of_part in found]
    referrals = _referrals(parts, shown, actor)
    organizations = _organizations(shown)
    return [
        Read(_lines(part, top, referrals, organizations), len(of_part))
        for part, top, of_part in zip(parts, shown, found, strict=True)
    ]


def _by_rank(row: tuple[int, Found]) -> int:
    return row[0]


def _numbered(number: int, part: Part) -> QuerySet[Any]:
    """The part's first rows by number, rank, id and columns, unordered: what a union can take.

    What is asked of them is asked inside, once; outside they are read by their ids alone.
    """
    top = part.rows.alias(**part.computed).order_by(*part.order).values("pk")[: CAP + 1]
    columns = {
        f"wl_{name}": Cast(F(part.columns[name]) if name in part.columns else Value(None), kind)
        for name, kind in COLUMNS.items()
    }
    rows = part.rows.model._default_manager.filter(pk__in=top).alias(**part.computed)
    rank = Window(RowNumber(), order_by=part.order)
    rows = rows.annotate(wl_part=Value(number), wl_rank=rank, wl_id=F("pk"), **columns)
    return rows.order_by().values_list("wl_part", "wl_rank", "wl_id", *columns)


def _referrals(parts: Sequence[Part], shown: Iterable[list[Found]], actor: Actor) -> Mapping[UUID, Referral]:
    wanted = {
        row.id for part, rows in zip(parts, shown, strict=True) if part.rows.model is Referral for row in rows
    }
    if not wanted:
        return {}
    rows = Referral.objects.visible_to(actor).for_list()
    return {row.pk: row for row in rows.filter(pk__in=wanted)}


def _organizations(shown: Iterable[list[Found]]) -> Mapping[UUID | None, Organization]:
    wanted = {row.organization_id for rows in shown for row in rows if row.organization_id}
    return Organization.objects.in_bulk(wanted) if wanted else {}


def _lines(
    part: Part,
    rows: Iterable[Found],
    referrals: Mapping[UUID, Referral],
    organizations: Mapping[UUID | None, Organization],
) -> list[Item]:
    """A referral that somebody moved away between the two questions has no line."""
    whole = (
        replace(row, referral=referrals.get(row.id), organization=organizations.get(row.organization_id))
        for row in rows
    )
    return [part.make(row) for row in whole if row.referral or part.rows.model is not Referral]
