"""One batch of synthetic listings with everything that hangs on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from functools import cached_property
from typing import Any

import numpy as np

from directory.folding import normalise
from directory.load import hours, terms, words
from directory.load.batch import Batch
from directory.load.places import Places
from directory.load.writing import Table, moments, times
from directory.models import (
    Attribute,
    Language,
    Phone,
    Schedule,
    Service,
    ServiceAlias,
    ServiceCapacity,
    Taxonomy,
)

NAME_WORDS, SUMMARY_WORDS, DESCRIPTION_WORDS, ELIGIBILITY_WORDS = 3, 8, 18, 5
LONGEST_SORT = 200
OLDEST_DAYS = 900
LANGUAGES = ("cr", "oj", "tl", "pa", "ar", "uk", "es", "so", "zh", "vi", "hi", "ase")
AGES = ((12, 17), (13, 24), (16, 29), (18, None), (18, 30), (18, 64), (55, None), (None, 17), (None, None))
STATUSES, STATUS_SHARES = ("active", "temporarily closed", "inactive", "defunct"), (0.96, 0.02, 0.01, 0.01)
PUBLICATIONS, PUBLICATION_SHARES = ("published", "draft"), (0.97, 0.03)
HOLIDAYS, HOLIDAY_SHARES = ("unknown", "closed", "usual"), (0.4, 0.4, 0.2)
ONE_LANGUAGE_SHARES = (0.04, 0.06, 0.90)  # French alone, English alone, both
CAPACITIES = ("open", "limited", "waitlist", "full", "unknown")

Texts = list[str]


class Services:
    """Writes batches. ``today`` is the day from which "last week" is counted."""

    def __init__(self, seed: int, today: date):
        rng = np.random.default_rng([seed, 1])
        midnight = datetime.combine(today, clock(0), tzinfo=UTC)
        self.days = moments([midnight - timedelta(days=day) for day in range(OLDEST_DAYS)])
        self.patterns = [
            [(row.freq, row.byday, *times((row.opens_at, row.closes_at))) for row in pattern]
            for pattern in hours.patterns(rng)
        ]
        self.terms = terms.terms()
        self.places = Places()

    @cached_property
    def table(self) -> Table:
        texts = ("name", "summary", "description", "eligibility")
        return Table(
            Service,
            *("id", "organization", "source_id"),
            *(f"{text}_{language}" for text in texts for language in ("en", "fr")),
            *("sort_en", "sort_fr", "minimum_age", "maximum_age", "status", "publication"),
            *(
                "holiday_hours",
                "accepts_referrals",
                "verified_at",
                "created_at",
                "last_modified",
                "source_type",
            ),
        )

    def write(self, batch: Batch, organizations: list[str]) -> None:
        services = batch.ids(batch.count)
        drawn = list(terms.draw(batch.rng, self.terms, batch.count))
        self._services(batch, services, organizations, dict(drawn)[Taxonomy.CATEGORY])
        self._attributes(batch, services, [rows for _taxonomy, rows in drawn])
        provinces = self.places.write(batch, services, organizations)
        self._schedules(batch, services, provinces)
        self._phones(batch, services, provinces)
        self._languages(batch, services, provinces)
        self._rest(batch, services)

    def _services(
        self, batch: Batch, services: Texts, organizations: Texts, categories: list[list[terms.Term]]
    ) -> None:
        english, french = _texts(batch, "en", categories), _texts(batch, "fr", categories)
        for number, side in enumerate(batch.pick((english, french, None), ONE_LANGUAGE_SHARES)):
            if side:
                for texts in side:
                    texts[number] = ""
        names = list(zip(english[0], french[0], strict=True))
        ages = batch.pick(AGES)
        self.table.write(
            services,
            organizations,
            [f"load-{batch.first + number}" for number in range(batch.count)],
            *(texts[field] for field in range(4) for texts in (english, french)),
            [normalise(one or other)[:LONGEST_SORT] for one, other in names],
            [normalise(one or other)[:LONGEST_SORT] for other, one in names],
            [minimum for minimum, _maximum in ages],
            [maximum for _minimum, maximum in ages],
            batch.pick(STATUSES, STATUS_SHARES),
            batch.pick(PUBLICATIONS, PUBLICATION_SHARES),
            batch.pick(HOLIDAYS, HOLIDAY_SHARES),
            batch.chance(0.4),
            [
                day if some else None
                for day, some in zip(batch.pick(self.days), batch.chance(0.7), strict=True)
            ],
            batch.pick(self.days),
            [self.days[0]] * batch.count,
            ["official"] * batch.count,
        )

    def _attributes(self, batch: Batch, services: Texts, drawn: list[list[list[terms.Term]]]) -> None:
        pairs = [
            (service, term.id.hex)
            for number, service in enumerate(services)
            for rows in drawn
            for term in rows[number]
        ]
        Table(Attribute, "id", "service", "term").write(batch.ids(len(pairs)), *zip(*pairs, strict=True))

    def _schedules(self, batch: Batch, services: Texts, provinces: list[Any]) -> None:
        numbers = hours.draw(batch.rng, len(self.patterns), batch.count)
        rows = [
            (service, *row, province.timezone)
            for service, number, province in zip(services, numbers, provinces, strict=True)
            if number >= 0
            for row in self.patterns[number]
        ]
        table = Table(Schedule, "id", "service", "freq", "byday", "opens_at", "closes_at", "timezone")
        _write(table, batch, rows)

    def _phones(self, batch: Batch, services: Texts, provinces: list[Any]) -> None:
        lines = batch.rng.integers(0, 10_000, batch.count).tolist()
        rows = [
            (service, f"{province.telephone}-555-{line:04}", kind)
            for service, province, line, has, kind in zip(
                services, provinces, lines, batch.chance(0.9), batch.pick(("voice", "text")), strict=True
            )
            if has
        ]
        _write(Table(Phone, "id", "service", "number", "kind"), batch, rows)

    def _languages(self, batch: Batch, services: Texts, provinces: list[Any]) -> None:
        rows = []
        english, french, other = batch.chance(0.92), batch.chance(0.25), batch.chance(0.15)
        others = batch.pick(LANGUAGES)
        for number, service in enumerate(services):
            at_home = provinces[number].area_code == "quebec"
            spoken = ["en"] * english[number] + ["fr"] * (french[number] or at_home)
            rows += [(service, code) for code in spoken + [others[number]] * other[number]]
        _write(Table(Language, "id", "service", "code"), batch, rows)

    def _rest(self, batch: Batch, services: Texts) -> None:
        """Capacities, and the other names of one listing in ten."""
        values, days = batch.pick(CAPACITIES), batch.pick(self.days[:60])
        known = [row for row, some in zip(range(batch.count), batch.chance(0.3), strict=True) if some]
        Table(ServiceCapacity, "service", "value", "as_of").write(
            [services[row] for row in known], [values[row] for row in known], [days[row] for row in known]
        )
        named = [service for service, some in zip(services, batch.chance(0.1), strict=True) if some]
        ranks = words.draw(batch.rng, (len(named), 2), words.content_from("en"))
        Table(ServiceAlias, "service", "name", "language", "kind").write(
            named, words.texts("en", ranks), ["en"] * len(named), ["former"] * len(named)
        )


def _texts(batch: Batch, language: str, categories: list[list[terms.Term]]) -> list[Texts]:
    """Names, summaries, descriptions and who it is for. Most names begin as their category does."""
    sizes = (SUMMARY_WORDS, DESCRIPTION_WORDS, ELIGIBILITY_WORDS)
    ranks = words.draw(batch.rng, (batch.count, NAME_WORDS), words.content_from(language))
    firsts = [row[0].name_fr if language == "fr" else row[0].name_en for row in categories]
    names = [
        f"{first.split()[0]} {name}" if telling else name.capitalize()
        for name, first, telling in zip(words.texts(language, ranks), firsts, batch.chance(0.6), strict=True)
    ]
    longer = [words.texts(language, words.draw(batch.rng, (batch.count, size))) for size in sizes]
    return [names, *([f"{text.capitalize()}." for text in texts] for texts in longer)]


def _write(table: Table, batch: Batch, rows: Iterable[tuple[Any, ...]]) -> None:
    found = list(rows)
    if found:
        table.write(batch.ids(len(found)), *zip(*found, strict=True))
