"""What fails a test although its own assertions hold."""

from __future__ import annotations

import copy
import logging
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.template import Node, engines
from django.template.base import FilterExpression
from django.test import Client, TransactionTestCase
from django.test.utils import CaptureQueriesContext

from config.logs import PrivatePaths
from directory import result_rows
from partners import triggers
from tests import restoring

OWN_TEMPLATES = tuple(
    str(settings.BASE_DIR / package) for package in ("config", "api", "referrals", "directory", "partners")
)
READING = {"GET", "HEAD", "OPTIONS"}
WRITE = re.compile(r'\s*(INSERT\s+INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+"?(\w+)', re.IGNORECASE)
# Neither is the product's own record: the session of who is signed in and its row in the list of open ones,
# and the rate limits.
UNWATCHED_TABLES = {"django_session", "partners_opensession", "cache"}
# By these words, and these numbers, tests know again what they planted.
PLANTED = re.compile(
    r"\bPlanted|\b[A-Z][a-z]*planted|library card|204\D{0,2}555\D?01(77|88|99)|1991-03-17|1987-03-09"
)
# The named acts of reading that leave a record: data of a client released, a referral opened, and the way
# back from single sign-on, which OpenID Connect has as a GET.
RECORDED_READS = {("audit.py", "release"), ("opened.py", "mark_opened"), ("single_sign_on.py", "callback")}


@contextmanager
def unordered_comes_reversed() -> Iterator[None]:
    """A queryset without an order answers in the reverse of what the database happened to give.

    Code that relies on the accidental order passes on one database and fails on the other.
    """
    original = QuerySet._fetch_all

    def fetch_all(queryset: Any) -> None:
        fresh = queryset._result_cache is None
        original(queryset)
        if fresh and not queryset.ordered:
            queryset._result_cache.reverse()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QuerySet, "_fetch_all", fetch_all)
        yield


@contextmanager
def committed_is_put_back() -> Iterator[None]:
    """After a test that commits the database is put back whole; what the process keeps of it is forgotten."""

    def teardown(case: Any) -> None:
        restoring.put_back()
        result_rows._category_terms.cache_clear()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


@contextmanager
def triggers_lifted() -> Iterator[None]:
    triggers.remove()
    try:
        yield
    finally:
        triggers.install()


@contextmanager
def reading_writes_nothing() -> Iterator[None]:
    """GET, HEAD and OPTIONS through any test client may write nothing but the recorded reads."""
    original = Client.request

    def request(client: Any, **environ: Any) -> Any:
        if environ.get("REQUEST_METHOD", "GET") not in READING:
            return original(client, **environ)
        written: list[str] = []
        with connection.execute_wrapper(_note_writes(written)):
            answer = original(client, **environ)
        assert not written, f"reading {environ.get('PATH_INFO')} wrote: {written}"
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "request", request)
        yield


def _note_writes(written: list[str]) -> Callable[..., Any]:
    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITE.match(sql)
        if found and found[2] not in UNWATCHED_TABLES and not _recorded_read():
            written.append(sql)
        return execute(sql, params, many, context)

    return wrapper


def _recorded_read() -> bool:
    frame: FrameType | None = sys._getframe()
    while frame:
        code = frame.f_code
        if (code.co_filename.rpartition("/")[2], code.co_name) in RECORDED_READS:
            return True
        frame = frame.f_back
    return False


class PlantedWords(logging.Handler):
    """Keeps every line in which a log would hold something that a test has planted."""

    def __init__(self) -> None:
        super().__init__()
        plain = settings.LOGGING["formatters"]["plain"]
        self.setFormatter(logging.Formatter(plain["format"], style=plain["style"]))
        self.clean = PrivatePaths()
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        own = copy.copy(record)  # what the filter takes away, other handlers may still want
        self.clean.filter(own)
        line = self.format(own)
        if PLANTED.search(line):
            self.found.append(line)


@contextmanager
def planted_words_in_logs() -> Iterator[PlantedWords]:
    """The handler on every logger that hands nothing further up."""
    handler = PlantedWords()
    names = [
        name for name, logger in settings.LOGGING["loggers"].items() if not logger.get("propagate", True)
    ]
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in names)]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield handler
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


class Undefined(str):
    """What the engine puts in the place of a variable that does not exist: asked for, it fails the test.

    It is asked by ``FilterExpression.resolve``, unless the template says what holds by default.
    Templates of other packages are not ours to mend.
    """

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        expression = frame.f_locals.get("self")
        if isinstance(expression, FilterExpression) and frame.f_code is FilterExpression.resolve.__code__:
            filters = {function.__name__ for function, _arguments in expression.filters}
            path = _template_of(frame)
            if not filters & {"default", "default_if_none"} and path.startswith(OWN_TEMPLATES):
                pytest.fail(f"undefined variable {expression.var} in {path}")
        return False


def _template_of(frame: FrameType | None) -> str:
    """The path of the template whose node is being rendered."""
    while frame:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return str(node.origin)
        frame = frame.f_back
    return ""


@contextmanager
def undefined_variables_fail() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines["django"].engine, "string_if_invalid", Undefined())
        yield


def assert_flat(call: Callable[[], object], grow: Callable[[], object]) -> None:
    """The same call makes as many queries after ``grow()`` as before.

    A first call fills what lives per process (content types), which would count against neither.
    """
    call()
    with CaptureQueriesContext(connection) as before:
        call()
    grow()
    with CaptureQueriesContext(connection) as after:
        call()
    assert len(after) <= len(before), f"{len(before)} queries grew to {len(after)}:\n" + "\n".join(
        query["sql"] for query in after
    )
