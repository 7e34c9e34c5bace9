"""Addresses: listings kept by their owners, proposals, history, and reports from the public."""

from django.urls import path

from directory.proposals.views import deciding, editing, reports

urlpatterns = [
    path("listings/", editing.listings, name="listings"),
    path("listings/new/", editing.listing_new, name="listing_new"),
    path("listings/<uuid:service_id>/edit/", editing.listing_edit, name="listing_edit"),
    path("listings/<uuid:service_id>/publish/", editing.listing_publish, name="listing_publish"),
    path("listings/<uuid:service_id>/history/", editing.listing_history, name="listing_history"),
    path("listings/proposals/<uuid:proposal_id>/", deciding.proposal, name="proposal"),
    path(
        "listings/proposals/<uuid:proposal_id>/approve/", deciding.proposal_approve, name="proposal_approve"
    ),
    path("listings/proposals/<uuid:proposal_id>/reject/", deciding.proposal_reject, name="proposal_reject"),
    path(
        "listings/proposals/<uuid:proposal_id>/withdraw/",
        deciding.proposal_withdraw,
        name="proposal_withdraw",
    ),
    path("listings/reports/<uuid:report_id>/", reports.report_handle, name="report_handle"),
    path("services/<uuid:service_id>/report/", reports.report, name="report"),
]
