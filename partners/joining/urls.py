"""Addresses: how an organization joins: application, agreement, suspension; and the partners' list."""

from django.urls import path

from partners.joining import views, views_admission, views_agreement, views_partner

urlpatterns = [
    path("partners/", views.partner_list, name="list"),
    path("partners/join/", views.apply, name="apply"),
    path("partners/invite/", views_admission.invite_organization, name="invite_organization"),
    path("partners/applications/", views_admission.applications, name="applications"),
    path("partners/applications/<uuid:application_id>/", views_admission.application, name="application"),
    path(
        "partners/applications/<uuid:application_id>/refuse/",
        views_admission.application_refuse,
        name="application_refuse",
    ),
    path("partners/agreement-texts/", views_agreement.agreement_texts, name="agreement_texts"),
    path("partners/agreement-texts/<str:version>/", views_agreement.agreement_text, name="agreement_text"),
    path(
        "partners/agreement-texts/<str:version>/publish/",
        views_agreement.agreement_text_publish,
        name="agreement_text_publish",
    ),
    path("partners/<uuid:organization_id>/", views_partner.partner, name="partner"),
    path(
        "partners/<uuid:organization_id>/agreements/",
        views_partner.agreement_prepare,
        name="agreement_prepare",
    ),
    path(
        "partners/<uuid:organization_id>/referral-address/",
        views_partner.referral_address,
        name="referral_address",
    ),
    path("partners/<uuid:organization_id>/suspend/", views_partner.suspend, name="suspend"),
    path("partners/<uuid:organization_id>/lift/", views_partner.lift, name="lift"),
    path(
        "partners/agreements/<uuid:agreement_id>/terminate/",
        views_partner.agreement_terminate,
        name="agreement_terminate",
    ),
    path("organization/agreement/", views_agreement.agreement, name="agreement"),
    path(
        "organization/agreement/referral-address/",
        views_agreement.own_referral_address,
        name="own_referral_address",
    ),
    path(
        "organization/agreement/<uuid:agreement_id>/sign/",
        views_agreement.agreement_sign,
        name="agreement_sign",
    ),
]
