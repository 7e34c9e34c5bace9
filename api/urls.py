"""Addresses of the API, version 1."""

from django.urls import path

from api.v1 import (
    actions,
    calls,
    categories,
    clients,
    consents,
    docs,
    handoffs,
    matches,
    messages,
    needs,
    organizations,
    outcomes,
    places,
    programs,
    protection,
    referrals,
    services,
    timeline,
    vocabularies,
    workflow,
)
from api.views import Missing

app_name = "api"
urlpatterns = [
    path("services/", services.List.as_view(), name="services"),
    path("services/<uuid:service_id>/", services.Detail.as_view(), name="service"),
    path("organizations/", organizations.List.as_view(), name="organizations"),
    path("organizations/<uuid:organization_id>/", organizations.Detail.as_view(), name="organization"),
    path("programs/", programs.List.as_view(), name="programs"),
    path("programs/<uuid:program_id>/", programs.Detail.as_view(), name="program"),
    path("categories/", categories.List.as_view(), name="categories"),
    path("vocabularies/", vocabularies.List.as_view(), name="vocabularies"),
    path("places/", places.List.as_view(), name="places"),
    path("workflow/", workflow.Table.as_view(), name="workflow"),
    path("consent-texts/", consents.Texts.as_view(), name="consent_texts"),
    path("clients/", clients.List.as_view(), name="clients"),
    path("clients/<uuid:client_id>/", clients.Detail.as_view(), name="client"),
    path("clients/<uuid:client_id>/phases/", clients.Phases.as_view(), name="phases"),
    path(
        "clients/<uuid:client_id>/child-protection/", protection.OfClient.as_view(), name="child_protection"
    ),
    path("clients/<uuid:client_id>/consents/", consents.OfClient.as_view(), name="consents"),
    path("consents/<uuid:consent_id>/withdraw/", consents.Withdrawal.as_view(), name="consent_withdraw"),
    path("needs/", needs.List.as_view(), name="needs"),
    path("needs/<uuid:need_id>/", needs.Detail.as_view(), name="need"),
    path("needs/<uuid:need_id>/matches/", matches.List.as_view(), name="matches"),
    path("needs/<uuid:need_id>/offers/", needs.Offers.as_view(), name="offers"),
    path("referrals/", referrals.List.as_view(), name="referrals"),
    path("referrals/<uuid:referral_id>/", referrals.Detail.as_view(), name="referral"),
    path("referrals/<uuid:referral_id>/actions/<slug:action>/", actions.Act.as_view(), name="action"),
    path("referrals/<uuid:referral_id>/confirmation/", actions.Confirmation.as_view(), name="confirmation"),
    path(
        "referrals/<uuid:referral_id>/confirmation/code/",
        outcomes.Code.as_view(),
        name="confirmation_code",
    ),
    path("referrals/<uuid:referral_id>/outcomes/", outcomes.List.as_view(), name="outcomes"),
    path("referrals/<uuid:referral_id>/timeline/", timeline.List.as_view(), name="timeline"),
    path("referrals/<uuid:referral_id>/messages/", messages.List.as_view(), name="messages"),
    path("referrals/<uuid:referral_id>/handoffs/", handoffs.List.as_view(), name="handoffs"),
    path(
        "referrals/<uuid:referral_id>/handoffs/<uuid:handoff_id>/", handoffs.Detail.as_view(), name="handoff"
    ),
    path("schema/", docs.Schema.as_view(), name="schema"),
    path("calls/", calls.List.as_view(), name="calls"),
    path("calls/<uuid:referral_id>/", calls.Detail.as_view(), name="call"),
    path("calls/<uuid:referral_id>/answer/", calls.Answer.as_view(), name="call_answer"),
    path("docs/", docs.Docs.as_view(), name="docs"),
    path("<path:rest>/", Missing.as_view(), name="missing"),
]
