"""How much of the suite one run takes.

CI takes all of it: on SQLite everything, on PostgreSQL whatever opens the database, but for tests whose
many cases differ by rules and not by queries (``one_database``). ``make test`` without CI and without
arguments takes a sample, so that it is run before every commit: it leaves out what is marked ``ci``, and
on PostgreSQL all but what the two databases are known to do differently. It says so in its last lines.
``pytest`` with paths takes what it is given.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Set by tests/run.py for a run that takes a sample.
SAMPLE = "TEST_EXTENT"
WHOLE = os.environ.get("CI") == "true"
TESTS = Path(__file__).resolve().parent
OPENS_THE_DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}
# Where the two databases go different ways: commits and locks, and the search's own SQL.
DIFFER = ("search", "crash")

# What a sample leaves to CI, in the words of its last lines.
LEFT_TO_CI = (
    "PostgreSQL: all but what commits, locks or searches",
    "the browser: every page in English and every state of a referral; the second language of journeys",
    "every state and action for all but one of those who are nothing to a referral",
    "three of four examples of most generated ones",
    "long walks through the workflow, and processes killed again and again",
)


def takes_sample() -> bool:
    return os.environ.get(SAMPLE) == "sample"


# Of a property, where its test does not say otherwise.
EXAMPLES = 25 if takes_sample() else 100


def is_taken(item: pytest.Item) -> bool:
    """Whether this run takes a test that was collected."""
    if _is_under(item, "browser") and os.environ.get("TEST_BROWSER") == "off":
        return False
    if takes_sample() and (item.get_closest_marker("ci") or _tells_it_again(item)):
        return False
    if "TEST_DATABASE_URL" not in os.environ:
        return True
    if item.get_closest_marker("one_database") or not _opens_the_database(item):
        return False
    return not takes_sample() or _differs(item)


def _tells_it_again(item: pytest.Item) -> bool:
    """A journey in its second language, or without script. Every page is French: those words are longer."""
    given = getattr(getattr(item, "callspec", None), "params", {})
    if not _is_under(item, "browser") or "language" not in given:
        return False
    first = "fr" if item.path.name == "test_every_page.py" else "en"
    return given["language"] != first or given.get("javascript") is False


def _opens_the_database(item: pytest.Item) -> bool:
    """pytest-django refuses a query to any other test."""
    if item.get_closest_marker("django_db") or hasattr(getattr(item, "cls", None), "databases"):
        return True
    return bool(OPENS_THE_DATABASE & set(getattr(item, "fixturenames", ())))


def _differs(item: pytest.Item) -> bool:
    marked = item.get_closest_marker("django_db")
    commits = bool(marked and marked.kwargs.get("transaction"))
    races = item.get_closest_marker("race") is not None
    return commits or races or any(_is_under(item, part) for part in DIFFER)


def _is_under(item: pytest.Item, part: str) -> bool:
    return item.path.is_relative_to(TESTS / part)
