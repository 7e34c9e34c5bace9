"""Rows of the matrix of pages: listings that are kept, the member's own sessions, links to a referral."""

from __future__ import annotations

from django.utils import timezone

from directory.models import ListingReport
from tests.api.matrix_listings import listing_ids
from tests.api.world import World

MEMBERS = "302 200 200 200 200 200 200 200 200"
EDITORS = "302 403 200 403 403 403 200 403 403"
# Red River's listing: Paula edits Lantern's alone, Lea keeps the catalogue.
KEPT = "302 403 404 403 403 403 200 403 403"
KEPT_ACT = KEPT.replace("200", "302")
KEPT_FORM = KEPT.replace("200", "400")
# Its partner signs in, and it was not logged: there is nothing to send.
SENDER_ACTS = "302 409 409 403 404 404 404 404 404"
LISTING, PROPOSAL = "listings/{service}/", "listings/proposals/{proposal}/"

ROWS: dict[tuple[str, str], tuple[str, str]] = {
    ("get", "account_sessions"): (MEMBERS, "second-factor/sessions/"),
    ("post", "account_sessions"): (MEMBERS.replace("200", "404"), "second-factor/sessions/"),
    ("get", "account_locked"): (MEMBERS.replace("200", "302"), "sign-in/locked/"),
    ("post", "account_active"): (MEMBERS, "sign-in/active/"),
    ("get", "directory:listings"): (EDITORS, "listings/"),
    ("get", "directory:listing_new"): (EDITORS, "listings/new/"),
    ("post", "directory:listing_new"): (EDITORS.replace("200", "400"), "listings/new/"),
    ("get", "directory:listing_edit"): (KEPT, LISTING + "edit/"),
    ("post", "directory:listing_edit"): (KEPT_FORM, LISTING + "edit/"),
    # It is published already.
    ("post", "directory:listing_publish"): (KEPT.replace("200", "409"), LISTING + "publish/"),
    ("get", "directory:listing_history"): (KEPT, LISTING + "history/"),
    ("get", "directory:proposal"): (KEPT, PROPOSAL),
    ("post", "directory:proposal_approve"): (KEPT_ACT, PROPOSAL + "approve/"),
    ("post", "directory:proposal_reject"): (KEPT_FORM, PROPOSAL + "reject/"),
    ("post", "directory:proposal_withdraw"): (KEPT_ACT, PROPOSAL + "withdraw/"),
    ("get", "directory:report_handle"): (KEPT, "listings/reports/{report}/"),
    ("post", "directory:report_handle"): (KEPT_FORM, "listings/reports/{report}/"),
    ("post", "directory:sample_call"): (
        "302 403 403 403 403 403 400 403 403",
        "listings/samples/{sample}/calls/{check}/",
    ),
    ("post", "referrals:answer_link_new"): (SENDER_ACTS, "referrals/{sent}/answer-link/"),
    ("post", "referrals:preview_link_new"): (SENDER_ACTS, "referrals/{sent}/preview-link/"),
}


def more_ids(world: World) -> dict[str, str]:
    """A change that the network proposed, and what somebody of the public said, of Red River's listing."""
    report = ListingReport.objects.create(service=world.service, kind="phone", passed_on_at=timezone.now())
    return listing_ids(world) | {"report": str(report.pk)}
