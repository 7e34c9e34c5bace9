"""The audit codes of this app in plain words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "save_listing": _("Listing saved"),
    "save_organization": _("Organization saved"),
    "save_program": _("Program saved"),
    "type.service": _("Listing"),
    "type.program": _("Program"),
}
