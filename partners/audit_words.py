"""Audit codes in plain words. Each app registers the words of its own codes.

Keys: an action (``token.create``), ``type.<object type>``, ``detail.<key>``, ``<key>.<value>``; a
refusal's ``code`` says what the error said.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners import errors

_ERRORS = (
    errors.Invalid,
    errors.Refused,
    errors.NotSeen,
    errors.Conflict,
    errors.ConsentRequired,
    errors.AgreementRequired,
    errors.ChildProtectionRequired,
    errors.ListingNotOpen,
    errors.ChannelOff,
    errors.LastAdministrator,
    errors.SecondWorkerRequired,
    errors.PoliceAlone,
    errors.Suspended,
)
_words: dict[str, str | Promise] = {
    "token.create": _("API token made"),
    "audit.prune": _("Old lines of the audit log removed"),
    "organization.police_channel": _("Police channel switched"),
    "detail.switched": _("Switched"),
    "switched.on": pgettext_lazy("a switch", "on"),
    "switched.off": pgettext_lazy("a switch", "off"),
    "webhook.add": _("Address of a system added"),
    "webhook.remove": _("Address of a system removed"),
    "webhook.rotate": _("New secret for the address of a system"),
    "notice.retry": _("Notices tried again"),
    "type.webhook": _("Address of a system"),
    "type.user": _("Member"),
    "type.organization": _("Organization"),
    "detail.days": _("Days"),
    "detail.scopes": _("Scopes"),
    "detail.code": _("Why not"),
    "channel.session": _("Website"),
    "channel.token": _("API"),
    "channel.link": _("One-time link"),
    "channel.system": _("Relais itself"),
    "result.refused": _("Refused"),
    "result.released": _("Shown"),
    **{f"code.{error.code}": error.message for error in _ERRORS},
}


def register(words: Mapping[str, str | Promise]) -> None:
    _words.update(words)


def words_for(code: str, otherwise: str | None = None) -> str:
    """The code's words in the reader's language; ``otherwise``, or the code itself, without any."""
    return str(_words.get(code, code if otherwise is None else otherwise))
