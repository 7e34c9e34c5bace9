"""One-tap changes of a search: filters to remove, another order, other pages, what to loosen.

Every address made here is sealed anew, so that nothing asked can be read in it and that it lives for
another quarter of an hour.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from directory.filters import criteria_from
from directory.places import Place
from directory.sealed import seal
from directory.search import search_services
from directory.search_form import FACETS, RADII, as_query, type_of_params
from directory.wording import is_distance, loosened, said, within
from partners.actor import ANONYMOUS

PAGE, AFTER = "page", "after"
SINGLE_FILTERS = ("radius_km", "age", "open_now", "open_at", "accepts_referrals", "organization")
# Words that only say how the answer is shown; leaving them out finds nothing more.
MANNER = {"ordering"}


@dataclass(frozen=True)
class Change:
    """A link that changes the search. ``count`` is what it finds, where that was counted."""

    label: str
    href: str
    count: int | None = None


def link(params: type_of_params, **changes: list[str] | None) -> str:
    """The sealed address of the same search with some parameters replaced; None leaves one out."""
    wanted = {**params, **changes}
    return reverse("directory:sealed", args=[seal({name: v for name, v in wanted.items() if v})])


def without(params: type_of_params, *names: str) -> type_of_params:
    return {name: values for name, values in params.items() if name not in names}


def chips(params: type_of_params) -> list[Change]:
    """The filters chosen, each with the address that removes it. Text and place stand in their boxes."""
    found = []
    for name in (*SINGLE_FILTERS, *(facet.name for facet in FACETS)):
        values = params.get(name, [])
        for value in values:
            rest = [other for other in values if other != value]
            found.append(Change(said(name, value), link(params, **{name: rest})))
    return found


def places_meant(params: type_of_params, candidates: Iterable[Place]) -> list[Change]:
    """The same search near each of the places that may have been meant."""
    return [Change(place.name, link(params, near=[place.query])) for place in candidates]


def loosenings(params: type_of_params) -> list[Change]:
    """What to leave out or widen when nothing is found, and what each would find.

    A filter is dropped with all its values: leaving out one of several would narrow the search.
    Bounded by the number of filters, whatever the number of listings. Those that still find nothing
    are kept back, unless all do.
    """
    candidates = [(loosened(name, params[name]), rest) for name, rest in _dropped(params)]
    candidates += _wider(params)
    changes = [Change(label, link(rest), _count(rest)) for label, rest in candidates]
    return [change for change in changes if change.count] or [
        Change(change.label, change.href) for change in changes
    ]


def _dropped(params: type_of_params) -> list[tuple[str, type_of_params]]:
    found = []
    for name in params:
        if name in MANNER or name == "radius_km":
            continue
        rest = without(params, name, *(("radius_km", "ordering") if name == "near" else ()))
        found.append((name, rest))
    return found


def _wider(params: type_of_params) -> list[tuple[str, type_of_params]]:
    asked = params.get("radius_km", [""])[0]
    if not is_distance(asked):
        return []
    steps = [radius for radius in RADII if float(radius) > float(asked)][:2]
    found = [(within(radius), {**params, "radius_km": [radius]}) for radius in steps]
    return [*found, (_("Any distance"), without(params, "radius_km"))]


def _count(params: type_of_params) -> int:
    return search_services(actor=ANONYMOUS, criteria=criteria_from(as_query(params)), page_size=1).count
