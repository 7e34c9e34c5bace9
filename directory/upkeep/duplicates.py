"""Which listings may be one: suggested by name, phone and place, without holding each against every other.

Only listings that share a phone number, an address, or one of the rarest words of their names are
compared. A number or word that very many share (a switchboard, "centre") tells nothing and is left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from rapidfuzz.fuzz import token_sort_ratio

from directory.folding import normalise
from directory.models import NotADuplicate, Phone, Publication, Service, ServiceAlias, ServiceAtLocation
from directory.models.locations import LocationKind
from directory.upkeep.access import kept_service
from partners import audit
from partners.actor import Actor
from partners.errors import Invalid
from partners.phones import digits
from partners.roles import Capability

LISTED = 100
CROWD = 12  # a number, address or word that more listings share tells nothing
RARE_WORDS = 2  # of each name
# How alike two names are at least, of 100: alone, and where a phone or a place agrees too.
ALIKE, ALIKE_BESIDE = 92, 70
LOCAL_DIGITS = 10


class Pair(NamedTuple):
    """``first`` has the smaller id. ``alike``: of 100, their most similar names."""

    first: UUID
    second: UUID
    alike: int
    same_phone: bool
    same_place: bool


@dataclass
class Compared:
    """Of one listing, what it is compared by: normalised."""

    names: list[str] = field(default_factory=list)
    phones: set[str] = field(default_factory=set)
    places: set[tuple[str, str]] = field(default_factory=set)


def suggestions(actor: Actor) -> list[Pair]:
    """The likeliest first, at most 100; without what somebody has told apart. Five statements."""
    actor.require(Capability.KEEP_CATALOGUE)
    listings = _read()
    apart = set(NotADuplicate.objects.order_by("pk").values_list("first_id", "second_id"))
    found = [
        pair
        for first, second in _candidates(listings)
        if (first, second) not in apart
        and (pair := _compared(first, second, listings[first], listings[second]))
    ]
    found.sort(key=lambda p: (-(p.alike + 10 * p.same_phone + 10 * p.same_place), p.first, p.second))
    return found[:LISTED]


def tell_apart(actor: Actor, one_id: UUID, other_id: UUID) -> None:
    """They are two, says a human: nobody is asked again. Raises Refused, NotSeen, Invalid."""
    actor.require(Capability.KEEP_CATALOGUE)
    if one_id == other_id:
        raise Invalid({"second": []})
    first, second = (kept_service(actor, pk) for pk in sorted((one_id, other_id)))
    with transaction.atomic():
        try:
            with transaction.atomic():
                NotADuplicate.objects.create(first=first, second=second, by_id=actor.user_id)
        except IntegrityError:
            return
        chains = (first.organization_id, second.organization_id)
        audit.record(audit.Entry(actor, "not_a_duplicate", "service", first.pk, chains=chains))


def _read() -> dict[UUID, Compared]:
    """Everything that two listings are compared by. An archived one is no duplicate any more."""
    rows = Service.objects.exclude(publication=Publication.ARCHIVED).order_by("pk")
    found = {
        pk: Compared([name for name in (normalise(english), normalise(french)) if name])
        for pk, english, french in rows.values_list("pk", "name_en", "name_fr")
    }
    for pk, name in ServiceAlias.objects.order_by("pk").values_list("service_id", "name"):
        if pk in found:
            found[pk].names.append(normalise(name))
    phones = Phone.objects.filter(service__isnull=False).order_by("pk")
    for pk, number in phones.values_list("service_id", "number"):
        if pk in found:
            found[pk].phones.add(digits(number)[-LOCAL_DIGITS:])
    places = ServiceAtLocation.objects.exclude(location__kind=LocationKind.VIRTUAL).order_by("pk")
    places = places.filter(location__addresses__isnull=False)
    for pk, street, city in places.values_list(
        "service_id", "location__addresses__address_1", "location__addresses__city"
    ):
        if pk in found:
            found[pk].places.add((normalise(street), normalise(city)))
    return found


def _candidates(listings: dict[UUID, Compared]) -> set[tuple[UUID, UUID]]:
    """Pairs, the smaller id first, that share a key which few others have."""
    common = Counter(word for one in listings.values() for word in {w for n in one.names for w in n.split()})
    blocks: dict[Hashable, set[UUID]] = defaultdict(set)
    for pk, one in listings.items():
        for key in _keys(one, common):
            blocks[key].add(pk)
    return {
        pair
        for sharing in blocks.values()
        if 2 <= len(sharing) <= CROWD
        for pair in combinations(sorted(sharing), 2)
    }


def _keys(one: Compared, common: Counter[str]) -> Iterator[Hashable]:
    yield from (("phone", number) for number in one.phones if number)
    yield from (("place", place) for place in one.places)
    for name in one.names:
        yield ("name", " ".join(sorted(name.split())))
        for word in sorted(set(name.split()), key=lambda word: (common[word], word))[:RARE_WORDS]:
            yield ("word", word)


def _compared(first: UUID, second: UUID, one: Compared, other: Compared) -> Pair | None:
    phone, place = bool(one.phones & other.phones), bool(one.places & other.places)
    alike = _alike(one.names, other.names)
    if alike < (ALIKE_BESIDE if phone or place else ALIKE):
        return None
    return Pair(first, second, alike, phone, place)


def _alike(names: Iterable[str], others: Iterable[str]) -> int:
    wanted = list(others)
    return int(max((token_sort_ratio(one, other) for one in names for other in wanted), default=0))
