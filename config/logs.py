"""Keeps what people typed, and one-time links, out of every log."""

from __future__ import annotations

import logging
import re

_SECRET_PATHS = re.compile(r"(/r/|/services/s/)[^/\s?]+")
_QUERY = re.compile(r"\?[^\s\"']*")


def clean(text: str) -> str:
    """The text with query strings cut off and sealed searches and one-time links masked."""
    return _QUERY.sub("?…", _SECRET_PATHS.sub(r"\1…", text))


class PrivatePaths(logging.Filter):
    """Cleans a record's message, its arguments and the request it may carry."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = clean(record.getMessage())
        record.args = ()
        record.__dict__.pop("request", None)
        return True
