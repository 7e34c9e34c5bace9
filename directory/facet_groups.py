"""The filters that a page of results offers, each value with what it would find."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from directory.folding import normalise
from directory.models import Taxonomy
from directory.models.attachments import CapacityValue
from directory.search import FacetCount
from directory.search_form import FACETS, SWITCHES, Facet, SearchForm, type_of_params
from directory.vocabulary import Term, vocabulary
from directory.wording import areas, said

type_of_counts = dict[str, list[FacetCount]]
ON = "true"


@dataclass(frozen=True)
class Option:
    """``depth``: how far below the top of its tree. ``count`` is None where nothing was counted."""

    value: str
    label: str
    checked: bool
    count: int | None
    depth: int = 0


@dataclass(frozen=True)
class FacetGroup:
    """``kind`` is that of its boxes: ``checkbox`` for several values, ``radio`` for one."""

    name: str
    label: str | Promise
    kind: str
    options: list[Option]
    errors: list[str]

    @property
    def chosen(self) -> int:
        return sum(option.checked and bool(option.value) for option in self.options)


def groups(
    params: type_of_params, form: SearchForm, counts: type_of_counts, *, counted: bool
) -> list[FacetGroup]:
    """The facets with the values that find something; what is chosen stays on offer.

    ``counted``: the counts are those of this very search and are worth showing.
    """
    found = []
    for facet in FACETS:
        options = _options(facet, params.get(facet.name, []), _of(counts, facet.name), counted=counted)
        errors = [str(error) for error in form.errors.get(facet.name, [])]
        if options or errors:
            found.append(
                FacetGroup(
                    facet.name, facet.label, "radio" if facet.is_single else "checkbox", options, errors
                )
            )
    return found


def switches(params: type_of_params, counts: type_of_counts, *, counted: bool) -> list[tuple[str, Option]]:
    """What is asked for or not, each with its parameter. What finds nothing is not offered."""
    found = []
    for name in SWITCHES:
        count, checked = _of(counts, name).get(ON, 0), params.get(name, ["false"])[0] in ("true", "1", "on")
        if count or checked:
            found.append((name, Option(ON, said(name, ON), checked, count if counted else None)))
    return found


def _of(counts: type_of_counts, facet: str) -> dict[str, int]:
    return {one.value: one.count for one in counts.get(facet, [])}


def _options(facet: Facet, chosen: list[str], counts: dict[str, int], *, counted: bool) -> list[Option]:
    options = []
    for value, depth, is_opened in _values(facet, chosen, counts):
        if value in counts or value in chosen or is_opened:
            count = counts.get(value, 0) if counted else None
            options.append(Option(value, said(facet.name, value), value in chosen, count, depth))
    if facet.is_single and options:
        options.insert(0, Option("", _("Does not matter"), not chosen, None))
    return options


def _values(facet: Facet, chosen: list[str], counts: dict[str, int]) -> list[tuple[str, int, bool]]:
    """In the order that they are shown in, with their depth, and whether something chosen stands below."""
    if facet.name == Taxonomy.CATEGORY:
        return _tree(chosen)
    if facet.taxonomy:
        values = [term.code for term in vocabulary().terms(facet.taxonomy)]
    elif facet.name == "capacity":
        values = list(CapacityValue.values)
    elif facet.name == "place":
        values = sorted({*areas(), *chosen}, key=lambda code: normalise(said("place", code)))
    else:
        values = sorted({*counts, *chosen}, key=lambda value: (len(value), value))
    return [(value, 0, False) for value in values]


def _tree(chosen: list[str]) -> list[tuple[str, int, bool]]:
    """The top of the tree; below what is chosen, and on the way to it, one step more."""
    words = vocabulary()
    above = {term: words.above(term) for term in words.terms(Taxonomy.CATEGORY)}
    opened: set[Term] = set()
    for term, ancestors in above.items():
        if term.code in chosen:
            opened.update([term, *ancestors])
    return [
        (term.code, len(ancestors), term in opened)
        for term, ancestors in above.items()
        if not ancestors or ancestors[0] in opened
    ]
