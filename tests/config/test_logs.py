"""No query, sealed search or one-time link reaches a log."""

from __future__ import annotations

import logging

import pytest

from config.logs import PrivatePaths


@pytest.mark.parametrize(
    ("message", "arguments", "expected"),
    [
        ("Not Found: %s", ("/en/services/?q=secret",), "Not Found: /en/services/?…"),
        (
            '"GET %s HTTP/1.1" %s',
            ("/fr/services/s/gAAAAsecret/", 200),
            '"GET /fr/services/s/…/ HTTP/1.1" 200',
        ),
        ("%s", ("/en/r/one-time-secret/",), "/en/r/…/"),
        ("%s", ("/fr/answer/CDFG-HJKM/",), "/fr/answer/…/"),
        ("%s", ("/fr/invitation/aB3-_x/?next=1",), "/fr/invitation/…/?…"),
        ("plain words", (), "plain words"),
    ],
)
def test_record_is_cleaned(message: str, arguments: tuple[object, ...], expected: str) -> None:
    record = logging.LogRecord("django", logging.WARNING, "", 0, message, arguments, None)
    record.request = object()

    assert PrivatePaths().filter(record)
    assert record.getMessage() == expected
    assert not hasattr(record, "request")
