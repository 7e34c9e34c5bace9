"""Pages of workers and partners. All of them need a sign-in."""

from django.urls import path

from referrals.views import boxes, clients, consents, home, referral, send, steps

app_name = "referrals"

urlpatterns = [
    path("home/", home.home, name="home"),
    path("clients/", clients.clients, name="clients"),
    path("clients/new/", clients.client_new, name="client_new"),
    path("clients/<uuid:client_id>/", clients.client, name="client"),
    path("clients/<uuid:client_id>/edit/", clients.client_edit, name="client_edit"),
    path("clients/<uuid:client_id>/phase/", clients.phase, name="phase"),
    path("clients/<uuid:client_id>/child-protection/", clients.child_protection, name="child_protection"),
    path("clients/<uuid:client_id>/consents/new/", consents.consent_new, name="consent_new"),
    path("consents/<uuid:consent_id>/withdraw/", consents.consent_withdraw, name="consent_withdraw"),
    path("referrals/", boxes.referral_list, name="list"),
    path("referrals/inbox/", boxes.inbox, name="inbox"),
    path("referrals/sent/", boxes.sent, name="sent"),
    path("referrals/new/", send.send, name="send"),
    path("referrals/<uuid:referral_id>/", referral.detail, name="detail"),
    path("referrals/<uuid:referral_id>/actions/<slug:slug>/", referral.action, name="action"),
    path("referrals/<uuid:referral_id>/handoffs/new/", steps.handoff_new, name="handoff_new"),
    path("referrals/<uuid:referral_id>/messages/", steps.message, name="message"),
    path("referrals/<uuid:referral_id>/confirmation/", steps.confirm, name="confirm"),
    path(
        "referrals/<uuid:referral_id>/handoffs/<uuid:handoff_id>/result/",
        steps.handoff_result,
        name="handoff_result",
    ),
]
