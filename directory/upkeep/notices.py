"""The notices of keeping listings: who is told, and where they read it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from directory.upkeep import letters
from partners.notifications import kinds
from partners.notifications.kinds import Notice
from partners.roles import Capability, roles_with

NOTICES: dict[str, Notice] = {
    "listing_lapsed": Notice(
        roles_with(Capability.KEEP_CATALOGUE),
        "directory:upkeep",
        _("Relais: a listing was not confirmed"),
        _("Nobody has confirmed a listing for a month after its check was due."),
    ),
    "capacity_hint": Notice(
        roles_with(Capability.EDIT_LISTINGS),
        "directory:upkeep",
        _("Relais: is the capacity of listing %(code)s right?"),
        _("What you answered lately does not fit the capacity that listing %(code)s shows."),
    ),
}


def register() -> None:
    kinds.register(NOTICES)
    kinds.register_letter("listing_check", letters.ask_editors)
    kinds.register_letter("listing_check_again", letters.ask_editors)
    kinds.register_letter("listing_check_late", letters.ask_administrators)
    kinds.register_letter("listing_link", letters.new_link_asked)
