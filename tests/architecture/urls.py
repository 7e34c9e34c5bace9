"""Every address of Relais, read from the URLconf."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

PUBLIC_LIST = Path(__file__).with_name("public_urls.txt")
FILLERS = {
    "uuid": str(uuid.UUID(int=7)),
    "int": "7",
    "slug": "seven",
    "str": "seven",
    "path": "seven/eight",
}
CONVERTER = re.compile(r"<(?:(\w+):)?\w+>")
GROUP = re.compile(r"\(\?P<\w+>[^()]*(?:\([^()]*\)[^()]*)*\)")


@dataclass(frozen=True)
class Address:
    """One pattern. ``route`` as the URLconf writes it, ``path`` with every part filled in."""

    name: str
    route: str
    callback: Callable[..., Any]

    @property
    def line(self) -> str:
        return f"{self.name or '-'} /{self.route}"

    @property
    def path(self) -> str:
        filled = CONVERTER.sub(lambda found: FILLERS[found[1] or "str"], self.route)
        return "/" + re.sub(r"[\^$\\?]|\\Z", "", GROUP.sub("seven", filled))

    @property
    def api_view(self) -> type[APIView] | None:
        view = getattr(self.callback, "cls", None)
        return view if isinstance(view, type) and issubclass(view, APIView) else None

    @property
    def is_public(self) -> bool:
        """No sign-in is asked for. Of an API view all permissions must be for everybody."""
        if self.api_view:
            return all(issubclass(permission, AllowAny) for permission in self.api_view.permission_classes)
        return not getattr(self.callback, "login_required", True)


def addresses() -> list[Address]:
    return sorted(set(_walk(get_resolver(), "", "")), key=lambda address: address.line)


def listed() -> list[str]:
    lines = PUBLIC_LIST.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        language = isinstance(entry.pattern, LocalePrefixPattern)
        route = prefix + ("en/" if language else str(entry.pattern))
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, route, inner)
        elif isinstance(entry, URLPattern):
            yield Address(f"{namespace}{entry.name or ''}", route, entry.callback)
