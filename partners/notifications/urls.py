"""Addresses: what one is told, how, and what could not be told."""

from django.urls import path

from partners.notifications import mailbox_page, managing, pages

urlpatterns = [
    path("notices/", pages.notices, name="notices"),
    path("notices/read/", pages.notices_read, name="notices_read"),
    path("notices/by-mail/", pages.notice_choice, name="notice_choice"),
    path("notices/undelivered/", managing.undelivered, name="undelivered"),
    path("notices/webhooks/", managing.webhooks, name="webhooks"),
    path("notices/<uuid:notification_id>/", pages.notice_open, name="notice_open"),
    path("mailbox/", mailbox_page.mailbox, name="mailbox"),
    path("mailbox/<slug:name>/", mailbox_page.mailbox_mail, name="mailbox_mail"),
    path("mailbox/<slug:name>/html/", mailbox_page.mailbox_html, name="mailbox_html"),
]
