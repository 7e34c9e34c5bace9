"""A form sent while its session was locked: sealed into the lock page, and given back after the password."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpRequest

from partners import crypto


@dataclass(frozen=True)
class KeptForm:
    """Where it goes, its fields in their order, and whether it had files, which cannot be kept."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool


def seal(request: HttpRequest) -> str:
    """Opens in this session alone. The browser that sent the form keeps it; no row does."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken"
    ]
    content = [request.get_full_path(), fields, bool(request.FILES)]
    return crypto.encrypt(json.dumps(content), _context(request))


def unseal(request: HttpRequest, sealed: str) -> KeptForm | None:
    if not sealed:
        return None
    try:
        path, fields, had_files = json.loads(crypto.decrypt(sealed, _context(request)))
    except crypto.Unreadable:
        return None
    return KeptForm(path, [(name, value) for name, value in fields], had_files)


def _context(request: HttpRequest) -> str:
    return f"signing.kept/{request.session.session_key}"
