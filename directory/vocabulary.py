"""The labels of all codes, read in one query."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from directory.models import TaxonomyTerm
from partners.bilingual import localized


@dataclass(frozen=True)
class Term:
    id: UUID
    taxonomy: str
    code: str
    parent_id: UUID | None
    name_en: str
    name_fr: str

    @property
    def label(self) -> str:
        return localized(self, "name").text


class Vocabulary:
    """All terms of all taxonomies. Labels are in the language that is active when they are read."""

    def __init__(self) -> None:
        fields = ("id", "taxonomy", "code", "parent_id", "name_en", "name_fr")
        rows = TaxonomyTerm.objects.order_by("taxonomy", "position", "code").values_list(*fields)
        self._terms = {(row[1], row[2]): Term(*row) for row in rows}
        self._by_id = {term.id: term for term in self._terms.values()}
        self._of: dict[str, list[Term]] = defaultdict(list)
        for term in self._terms.values():
            self._of[term.taxonomy].append(term)

    def terms(self, taxonomy: str) -> list[Term]:
        return self._of[taxonomy]

    def find(self, taxonomy: str, code: str) -> Term | None:
        return self._terms.get((taxonomy, code))

    def label(self, taxonomy: str, code: str) -> str:
        """The name in the reader's language; a code without a term stands for itself."""
        term = self.find(taxonomy, code)
        return term.label if term else code

    def above(self, term: Term) -> list[Term]:
        """The terms that it stands under, the nearest first."""
        found = []
        while term.parent_id:
            term = self._by_id[term.parent_id]
            found.append(term)
        return found

    def with_below(self, taxonomy: str, code: str) -> list[Term]:
        """The term of this code and all that stand under it, in their order."""
        top = self.find(taxonomy, code)
        return [term for term in self.terms(taxonomy) if top in (term, *self.above(term))]


@cache
def vocabulary() -> Vocabulary:
    """Read once a process: terms change with a migration only."""
    return Vocabulary()
