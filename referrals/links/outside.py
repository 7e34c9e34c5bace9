"""Addresses below /r/, without a language and without a sign-in: the door, and the referral behind it.

The same names as the members' pages in a namespace of their own: on a page that was opened here, every
``url`` of a referral leads here again, and to nothing that is not in this list.
"""

from django.urls import path

from referrals.links import views
from referrals.links.frame import by_link
from referrals.views import attempts, documents, going_on, outcomes, referral, steps

app_name = "referrals"

VISIT = "visit/<uuid:referral_id>/"
urlpatterns = [
    path("<str:token>/", views.answer_link, name="answer_link"),
    path("<str:token>/again/", views.answer_link_again, name="answer_link_again"),
    path(VISIT, by_link(referral.detail), name="detail"),
    path(VISIT + "leave/", by_link(views.leave), name="leave"),
    path(VISIT + "actions/<slug:slug>/", by_link(referral.action), name="action"),
    path(VISIT + "continuation/", by_link(going_on.continuation), name="continuation"),
    path(VISIT + "handoffs/new/", by_link(steps.handoff_new), name="handoff_new"),
    path(VISIT + "handoffs/<uuid:handoff_id>/result/", by_link(steps.handoff_result), name="handoff_result"),
    path(VISIT + "attempts/", by_link(attempts.attempt_new), name="attempt_new"),
    path(VISIT + "messages/", by_link(steps.message), name="message"),
    path(VISIT + "messages/read/", by_link(documents.messages_read), name="messages_read"),
    path(VISIT + "documents/<uuid:document_id>/", by_link(documents.document), name="document"),
    path(VISIT + "outcome/", by_link(outcomes.correct), name="outcome_correct"),
]
