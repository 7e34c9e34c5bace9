"""Pages of workers and partners. All of them need a sign-in."""

from django.urls import path

from referrals.views import (
    answer,
    boxes,
    calls,
    care_team,
    clients,
    consents,
    home,
    legal_basis,
    outcomes,
    referral,
    send,
    steps,
)

app_name = "referrals"

urlpatterns = [
    path("home/", home.home, name="home"),
    path("clients/", clients.clients, name="clients"),
    path("clients/new/", clients.client_new, name="client_new"),
    path("clients/<uuid:client_id>/", clients.client, name="client"),
    path("clients/<uuid:client_id>/edit/", clients.client_edit, name="client_edit"),
    path("clients/<uuid:client_id>/phase/", clients.phase, name="phase"),
    path("clients/<uuid:client_id>/child-protection/", clients.child_protection, name="child_protection"),
    path("clients/<uuid:client_id>/care-team/", care_team.care_team, name="care_team"),
    path("clients/<uuid:client_id>/sharing/new/", legal_basis.sharing_new, name="sharing_new"),
    path("clients/break-glass/", care_team.break_glass, name="break_glass"),
    path("reviews/", care_team.reviews, name="reviews"),
    path("glass-breaks/<uuid:break_id>/", care_team.glass_break, name="glass_break"),
    path("glass-breaks/<uuid:break_id>/review/", care_team.glass_review, name="glass_review"),
    path("sharing/<uuid:share_id>/", legal_basis.sharing, name="sharing"),
    path("sharing/<uuid:share_id>/decision/", legal_basis.sharing_decide, name="sharing_decide"),
    path("sharing/<uuid:share_id>/release/", legal_basis.sharing_release, name="sharing_release"),
    path("clients/<uuid:client_id>/consents/new/", consents.consent_new, name="consent_new"),
    path("consents/<uuid:consent_id>/withdraw/", consents.consent_withdraw, name="consent_withdraw"),
    path("referrals/", boxes.referral_list, name="list"),
    path("referrals/inbox/", boxes.inbox, name="inbox"),
    path("referrals/sent/", boxes.sent, name="sent"),
    path("referrals/new/", send.send, name="send"),
    path("referrals/<uuid:referral_id>/", referral.detail, name="detail"),
    path("referrals/<uuid:referral_id>/actions/<slug:slug>/", referral.action, name="action"),
    path("referrals/<uuid:referral_id>/handoffs/new/", steps.handoff_new, name="handoff_new"),
    path("referrals/calls/", calls.calls, name="calls"),
    path("referrals/calls/<uuid:referral_id>/", calls.call, name="call"),
    path("referrals/calls/<uuid:referral_id>/answer/", calls.call_answer, name="call_answer"),
    path("referrals/<uuid:referral_id>/messages/", steps.message, name="message"),
    path("referrals/<uuid:referral_id>/confirmation/", steps.confirm, name="confirm"),
    path("referrals/<uuid:referral_id>/confirmation/code/", outcomes.own_word, name="own_word"),
    path("referrals/<uuid:referral_id>/outcome/", outcomes.correct, name="outcome_correct"),
    path("answer/", answer.enter, name="answer_enter"),
    path("answer/<str:token>/", answer.answer, name="answer"),
    path(
        "referrals/<uuid:referral_id>/handoffs/<uuid:handoff_id>/result/",
        steps.handoff_result,
        name="handoff_result",
    ),
]
