"""One-tap changes of a search: filters to remove, another order, other pages, what to loosen.

Every address made here is sealed anew, so that nothing asked can be read in it and that it lives for
another quarter of an hour.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from directory.filters import criteria_from
from directory.sealed import seal
from directory.search import search_services
from directory.search_form import FACETS, RADII, SearchForm, as_query, type_of_params
from directory.vocabulary import InUse, Vocabulary, offered
from directory.wording import is_distance, loosened, said, within
from partners.actor import ANONYMOUS
from partners.bilingual import localized

PAGE = "page"
SINGLE_FILTERS = ("radius_km", "age", "accepts_referrals", "open_now", "verified_within")
WIDEST = float(RADII[-1])
# Words that only say how the answer is shown; leaving them out finds nothing more.
MANNER = {"ordering", PAGE}


@dataclass(frozen=True)
class Change:
    """A link that changes the search. ``count`` is what it finds, where that was counted."""

    label: str
    href: str
    count: int | None = None


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    checked: bool
    child: bool = False


@dataclass(frozen=True)
class FacetGroup:
    name: str
    label: str | Promise
    options: list[Option]
    errors: list[str]

    @property
    def chosen(self) -> int:
        return sum(option.checked for option in self.options)


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


def groups(params: type_of_params, form: SearchForm, vocabulary: Vocabulary, used: InUse) -> list[FacetGroup]:
    """The facets with the values worth offering; what is chosen stays on offer."""
    found = []
    for facet in FACETS:
        chosen = params.get(facet.name, [])
        options = (
            _options(vocabulary, used, facet.taxonomy, chosen)
            if facet.taxonomy
            else [Option(a.code, localized(a, "name").text, a.code in chosen) for a in used.areas]
        )
        errors = [str(error) for error in form.errors.get(facet.name, [])]
        if options or errors:
            found.append(FacetGroup(facet.name, facet.label, options, errors))
    return found


def _options(vocabulary: Vocabulary, used: InUse, taxonomy: str, chosen: list[str]) -> list[Option]:
    shown = offered(vocabulary, used, taxonomy)
    codes = {term.code for term in shown}
    open_tops = {vocabulary.top(term).id for code in chosen if (term := vocabulary.find(taxonomy, code))}
    options = []
    for term in vocabulary.terms(taxonomy):
        child = term.parent_id is not None
        # Under a chosen top category its parts in use can be chosen instead.
        part = child and vocabulary.top(term).id in open_tops and term.id in used.term_ids
        if term.code in codes or term.code in chosen or part:
            options.append(Option(term.code, term.label, term.code in chosen, child))
    return options


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
