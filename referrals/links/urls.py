"""Addresses for the sender's side of one-time links."""

from django.urls import path

from referrals.links import views

urlpatterns = [
    path("referrals/<uuid:referral_id>/answer-link/", views.answer_link_new, name="answer_link_new"),
    path("referrals/<uuid:referral_id>/preview-link/", views.preview_link_new, name="preview_link_new"),
]
