"""Audit codes in plain words. Each app registers the words of its own codes.

Keys: an action (``token.create``), ``type.<object type>``, ``detail.<key>``, ``<key>.<value>``.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_words: dict[str, str | Promise] = {
    "token.create": _("API token made"),
    "type.user": _("Member"),
    "detail.days": _("Days"),
    "detail.scopes": _("Scopes"),
    "detail.code": _("Why not"),
    "channel.session": _("Website"),
    "channel.token": _("API"),
    "channel.link": _("One-time link"),
    "channel.system": _("Relais itself"),
    "result.refused": _("Refused"),
    "result.released": _("Shown"),
}


def register(words: Mapping[str, str | Promise]) -> None:
    _words.update(words)


def words_for(code: str, otherwise: str | None = None) -> str:
    """The code's words in the reader's language; ``otherwise``, or the code itself, without any."""
    return str(_words.get(code, code if otherwise is None else otherwise))
