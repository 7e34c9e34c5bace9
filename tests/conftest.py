"""Fixtures for every test. The trip-wires that watch all of them are in tests/tripwires.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import settings as hypothesis_settings

pytest.register_assert_rewrite("tests.tripwires", "tests.browser.guard")

from directory.search import snapshot  # noqa: E402

# The assertions of what is imported here explain themselves only after the line above.
from tests import extent, restoring, tripwires  # noqa: E402

# Generated examples are the same in every run, and a busy machine is no failure.
hypothesis_settings.register_profile("relais", deadline=None, derandomize=True, max_examples=extent.EXAMPLES)
hypothesis_settings.load_profile("relais")

BROWSER_TESTS = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What stands in tests/browser shares one server and one browser. The longest tests begin first.

    Otherwise a core would wait at the end, and pytest-django puts those that commit behind the others.
    """
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
    taken = [item for item in items if extent.is_taken(item)]
    if len(taken) < len(items):
        config.hook.pytest_deselected(items=list(set(items) - set(taken)))
    items[:] = sorted(taken, key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(autouse=True, scope="session")
def unordered_comes_reversed() -> Iterator[None]:
    with tripwires.unordered_comes_reversed():
        yield


@pytest.fixture(autouse=True)
def english_first() -> Iterator[None]:
    """Each test starts in English: a request in French leaves its language to the thread."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True, scope="session")
def planted_words_in_logs() -> Iterator[tripwires.PlantedWords]:
    """Over the whole run, also between the tests."""
    with tripwires.planted_words_in_logs() as handler:
        yield handler
    assert handler.found == []


@pytest.fixture(autouse=True)
def logs_hold_nothing_planted(planted_words_in_logs: tripwires.PlantedWords) -> Iterator[None]:
    yield
    found, planted_words_in_logs.found = planted_words_in_logs.found, []
    assert found == []


# For each test anew: a test that overrides a setting makes Django build another template engine.
@pytest.fixture(autouse=True)
def undefined_variables_fail() -> Iterator[None]:
    with tripwires.undefined_variables_fail():
        yield


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """In the place of pytest-django’s: the database is copied from one that was migrated before."""
    with django_db_blocker.unblock():
        database = restoring.made()
        database.__enter__()
    yield
    with django_db_blocker.unblock():
        database.__exit__(None, None, None)


@pytest.fixture(autouse=True, scope="session")
def committed_is_put_back() -> Iterator[None]:
    with tripwires.committed_is_put_back():
        yield


@pytest.fixture(autouse=True)
def reading_writes_nothing() -> Iterator[None]:
    with tripwires.reading_writes_nothing():
        yield


@pytest.fixture(autouse=True)
def nothing_searched_before() -> Iterator[None]:
    """What a search outside a transaction has read is kept by the process, and no other test's concern."""
    yield
    snapshot.forget()


@pytest.fixture
def assert_flat() -> Callable[[Callable[[], object], Callable[[], object]], None]:
    """``assert_flat(call, grow)``: after ``grow()`` the same ``call()`` makes no more queries."""
    return tripwires.assert_flat


@pytest.fixture
def without_audit_triggers(db: None) -> Iterator[None]:
    """For a test that tampers with audit rows as only somebody with the database in hand could."""
    with tripwires.triggers_lifted():
        yield
