"""The audit codes of this app in plain words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import CheckMethod, NoChange
from directory.models.attachments import CapacityValue
from directory.proposals.blockers import NotPublishable
from directory.upkeep.errors import NotMergeable, NotPublished, ReferralsKept, ReferralsOpen

WORDS: dict[str, str | Promise] = {
    "save_listing": _("Listing saved"),
    "save_organization": _("Organization saved"),
    "save_program": _("Program saved"),
    "propose_listing": _("Change of a listing proposed"),
    "approve_listing_change": _("Change of a listing approved"),
    "reject_listing_change": _("Change of a listing not accepted"),
    "withdraw_listing_change": _("Change of a listing taken back"),
    "publish_listing": _("Listing published"),
    "report_listing": _("Listing reported as wrong"),
    "pass_on_listing_report": _("Report of a listing passed on to the network"),
    "close_listing_report": _("Report of a listing closed"),
    "type.listing_proposal": _("Change of a listing"),
    "type.listing_report": _("Report of a listing"),
    **{f"reason.{reason.value}": reason.label for reason in NoChange},
    f"code.{NotPublishable.code}": NotPublishable.message,
    "confirm_listing": _("Listing confirmed"),
    "tell_capacity": _("Capacity told"),
    "archive_listing": _("Listing archived"),
    "delete_listing": _("Listing deleted"),
    "merge_listings": _("Listings merged"),
    "not_a_duplicate": _("Two listings told apart"),
    "draw_sample": _("Phone sample drawn"),
    "record_call": _("Phone call of a sample recorded"),
    "type.sample": _("Phone sample"),
    "detail.means": _("Said"),
    "detail.changed": _("Changed before"),
    "detail.capacity": _("Capacity"),
    "detail.dropped": _("Merged listing"),
    "detail.drawn": _("Drawn"),
    "detail.right": _("All right"),
    **{f"means.{method.value}": method.label for method in CheckMethod},
    **{f"capacity.{value.value}": value.label for value in CapacityValue},
    **{f"code.{e.code}": e.message for e in (NotPublished, ReferralsOpen, ReferralsKept, NotMergeable)},
    "type.service": _("Listing"),
    "type.program": _("Program"),
}
