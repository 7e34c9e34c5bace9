"""What editors and the network are told about listings: a number and a link, nothing of the listing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from directory.proposals.access import EDITORS, KEEPERS
from partners.notifications import kinds
from partners.notifications.kinds import Notice

NOTICES: dict[str, Notice] = {
    "listing_proposal": Notice(
        EDITORS,
        "directory:proposal",
        _("Relais: a change of listing %(code)s waits"),
        _("A colleague proposes a change of listing %(code)s. It needs a second person."),
    ),
    "listing_proposal_network": Notice(
        KEEPERS,
        "directory:proposal",
        _("Relais: a change of a listing waits"),
        _("A change of a listing needs a second person."),
    ),
    "listing_decided": Notice(
        EDITORS,
        "directory:proposal",
        _("Relais: a change of listing %(code)s was decided"),
        _("A proposed change of listing %(code)s was decided."),
    ),
    "listing_report": Notice(
        EDITORS,
        "directory:report_handle",
        _("Relais: is listing %(code)s right?"),
        _("Somebody says that something is wrong with listing %(code)s."),
    ),
    "listing_report_network": Notice(
        KEEPERS,
        "directory:report_handle",
        _("Relais: is a listing right?"),
        _("Somebody says that something is wrong with a listing, and its owner has not answered."),
    ),
}


def register() -> None:
    kinds.register(NOTICES)
