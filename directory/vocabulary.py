"""The labels of all codes, read in one query, and which of them any listing uses."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from directory.models import Area, Language, Service, Taxonomy, TaxonomyTerm
from partners.actor import ANONYMOUS
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

    def top(self, term: Term) -> Term:
        while term.parent_id:
            term = self._by_id[term.parent_id]
        return term

    def with_id(self, term_id: UUID) -> Term:
        return self._by_id[term_id]


@cache
def vocabulary() -> Vocabulary:
    """Read once a process: terms change with a migration only."""
    return Vocabulary()


@dataclass(frozen=True)
class InUse:
    """What at least one public listing carries: a filter that finds nothing is not offered."""

    term_ids: frozenset[UUID]
    languages: frozenset[str]
    areas: tuple[Area, ...]


def in_use() -> InUse:
    """Three queries, whatever the number of listings. Counts public listings for everybody alike."""
    listed = Service.objects.visible_to(ANONYMOUS).order_by()
    terms = listed.values_list("attributes__term_id", flat=True).distinct()
    languages = Language.objects.filter(service__in=listed)
    areas = Area.objects.filter(location__services_here__service__in=listed)
    return InUse(
        term_ids=frozenset(term for term in terms if term),
        languages=frozenset(languages.order_by().values_list("code", flat=True).distinct()),
        areas=tuple(areas.order_by("name_en").distinct()),
    )


def offered(vocabulary: Vocabulary, used: InUse, taxonomy: str) -> list[Term]:
    """The terms worth offering as a filter: those in use; of the category tree the top of what is."""
    if taxonomy == Taxonomy.LANGUAGE:
        return [term for term in vocabulary.terms(taxonomy) if term.code in used.languages]
    carried = [term for term in vocabulary.terms(taxonomy) if term.id in used.term_ids]
    if taxonomy != Taxonomy.CATEGORY:
        return carried
    tops = {vocabulary.top(term).id for term in carried}
    return [term for term in vocabulary.terms(taxonomy) if term.id in tops]
