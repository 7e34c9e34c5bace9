"""Keeps what people typed, and one-time links, out of every log."""

from __future__ import annotations

import logging
import re
import traceback

_SECRET_PATHS = re.compile(
    r"(/r/|/services/s/|/answer/|/listings/check/|/password/new/|/invitation/)[^/\s?]+"
)
_QUERY = re.compile(r"\?[^\s\"']*")


def holds_secret(path: str) -> bool:
    """The address alone opens something: it stands in no log and in no referrer."""
    return _SECRET_PATHS.search(path) is not None


def clean(text: str) -> str:
    """The text with query strings cut off and sealed searches and one-time links masked."""
    return _QUERY.sub("?…", _SECRET_PATHS.sub(r"\1…", text))


def without_words(error: BaseException | None) -> str:
    """The traceback of an error and its causes, by place and kind: its words may repeat a value."""
    lines: list[str] = []
    while error is not None:
        kind = f"{type(error).__module__}.{type(error).__qualname__}\n"
        lines[:0] = [*traceback.format_tb(error.__traceback__), kind]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "".join(lines).rstrip()


class PrivatePaths(logging.Filter):
    """Cleans a record's message, its arguments, its traceback and the request it may carry."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = clean(record.getMessage())
        record.args = ()
        record.__dict__.pop("request", None)
        if record.exc_info:
            record.exc_text = clean(without_words(record.exc_info[1]))
            record.exc_info = None
        return True
