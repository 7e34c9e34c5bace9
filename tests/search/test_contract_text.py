"""Words: whatever holds one in its texts or labels is found, and a word of its own finds nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from unittest.mock import patch
from uuid import UUID

from django.test import TestCase

from directory.folding import normalise
from directory.models import Service, Taxonomy
from directory.search import Criteria, search_services, snapshot
from directory.search.matching import FEW
from directory.search.text import stem
from partners.actor import ANONYMOUS
from tests.search.oracle import shown_city
from tests.search.population import NONCE, Writer, settle

SPOKEN = {
    Taxonomy.CATEGORY,
    Taxonomy.POPULATION,
    Taxonomy.TOPIC,
    Taxonomy.INTAKE,
    Taxonomy.BARRIER,
    Taxonomy.COST,
}


def texts(service: Service) -> Iterable[str]:
    """Every text of the listing, of what it belongs to, and of the terms it carries."""
    owner = service.organization
    yield from (service.name_en, service.name_fr, service.summary_en, service.summary_fr)
    yield from (
        service.description_en,
        service.description_fr,
        service.eligibility_en,
        service.eligibility_fr,
    )
    yield from (owner.name_en, owner.name_fr, *(alias.name for alias in service.aliases.all()))
    for attribute in service.attributes.all():
        term = attribute.term if attribute.term.taxonomy in SPOKEN else None
        while term:
            yield from (term.name_en, term.name_fr, *term.synonyms_en, *term.synonyms_fr)
            term = term.parent
    for at in service.at_locations.all():
        yield shown_city(at.location)
        if at.location.area:
            yield from (at.location.area.name_en, at.location.area.name_fr)


class Words(TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        writer = Writer(3)
        writer.write(50)
        settle()
        writer.write(40)
        rows = Service.objects.visible_to(ANONYMOUS).order_by("pk").select_related("organization")
        cls.holding: dict[str, set[UUID]] = {}
        for service in rows:
            for word in {stem(word) for text in texts(service) for word in normalise(text).split()}:
                cls.holding.setdefault(word, set()).add(service.pk)
        cls.everything = {service.pk for service in rows}
        state = snapshot.current()
        cls.enterClassContext(patch("directory.search.current", lambda: state))

    def found(self, q: str, **more: object) -> set[UUID]:
        criteria = Criteria(q=q, near="R2W", **more)
        page = search_services(actor=ANONYMOUS, criteria=criteria, page_size=200)
        return {hit.id for hit in page.hits}

    def near(self) -> set[UUID]:
        return self.found("")

    def test_a_word_of_its_own_finds_those_that_hold_it_and_no_other(self) -> None:
        near = self.near()
        for word in NONCE:
            wanted = self.holding.get(stem(normalise(word)), set()) & near
            assert wanted, word
            for typed in (word, word.upper(), f"  {word}, ", f"{word}s"):
                assert self.found(typed) == wanted, typed

    def test_any_word_finds_at_least_those_that_hold_it(self) -> None:
        near = self.near()
        words = {
            "harbour",
            "zebra",
            "maison",
            "étoile",
            "counselling",
            "sevrage",
            "women",
            "jeunes",
            "brandon",
        }
        words |= {"banque", "poverty", "gratuit", "logement", "st vital", "abri", "walk"}
        for word in words:
            stems = [stem(part) for part in normalise(word).split()]
            wanted = set.intersection(*(self.holding.get(one, set()) for one in stems)) & near
            assert wanted <= self.found(word), word

    def test_two_words_of_their_own_find_those_that_hold_both(self) -> None:
        near = self.near()
        for one in NONCE:
            for other in NONCE:
                both = [self.holding[stem(normalise(word))] & near for word in (one, other)]
                if len(both[0] & both[1]) >= FEW:  # fewer, and those that hold one of them are shown as well
                    assert self.found(f"{one} {other}") == both[0] & both[1], (one, other)

    def test_a_filter_beside_a_word_keeps_to_both(self) -> None:
        for word in NONCE[:3]:
            for more in ({"population": ("women",)}, {"age": 40}, {"capacity": ("unknown",)}):
                assert self.found(word, **more) == self.found(word) & self.found("", **more)
