"""What a search asks of the database: a handful of statements, however much there is to be found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.search import index
from tests.search.population import Writer

MOST = 6
ASKED = [
    "",
    "ordering=name",
    "near=R2W&ordering=distance&facets=true",
    "near=R2W&radius_km=50&category=crisis&age=30&open_now=true&facets=true",
    "q=harbour",
    "q=harbour+house&facets=true",
    "q=owner&near=R2W&facets=1&capacity=open&capacity=unknown&verified_within=90",
    "q=%22same+name%22",
    "page=2&page_size=5",
]
WORDS = [
    "q=harbour+zebra+same+food+bank+north+steps+place",
    "q=quokkavile",
    "q=xqwvy+zzkkq+vvbbq+wwppz+kkjjh",
    "q=harb+quokk+zephyr+bramb+fjord",
    "q=detox+shelter+counselling+refuge+food",
]


@contextmanager
def at_most(number: int, about: str) -> Iterator[None]:
    with CaptureQueriesContext(connection) as asked:
        yield
    assert len(asked) <= number, f"{about}: {len(asked)}\n" + "\n".join(query["sql"][:200] for query in asked)


def search(params: str) -> Any:
    answer = Client().get(f"/api/v1/services/?{params}")
    assert answer.status_code == 200
    return answer.json()


@pytest.fixture
def grown(transactional_db: None) -> Callable[[int], None]:
    """``grown(count)``: so many listings more, half of them in the base."""
    writer = Writer()

    def grow(count: int) -> None:
        writer.write(count - count // 2)
        index.rebuild()
        if count > 1:
            writer.write(count // 2)

    return grow


@pytest.mark.parametrize("facets", ["", "&facets=true"])
def test_twenty_results_in_six_statements_however_many_match(
    grown: Callable[[int], None], facets: str
) -> None:
    for count in (2, 60):
        grown(count)
        for params in ASKED:
            search(params + facets)
        for params in ASKED:
            with at_most(MOST, params):
                search(params + facets)


def test_words_never_met_before_cost_no_statement_each(grown: Callable[[int], None]) -> None:
    """A process that has read no word yet: one look for all of them."""
    grown(30)
    search("")
    for params in WORDS:
        with at_most(MOST + 6, params):
            search(params)
        with at_most(MOST, params):
            search(params)
