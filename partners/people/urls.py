"""Addresses: who belongs to an organization: invitations, roles, leaving."""

from django.urls import URLPattern, path

from partners.people import views
from partners.people.invitation_page import invitation
from partners.people.organization_page import organization

urlpatterns: list[URLPattern] = [
    path("organization/", organization, name="organization"),
    path("organization/leave/", views.leave, name="leave"),
    path("members/", views.members, name="members"),
    path("members/invite/", views.member_invite, name="member_invite"),
    path("members/invitations/<uuid:invitation_id>/", views.invitation_change, name="invitation_change"),
    path("members/<uuid:user_id>/", views.member, name="member"),
    path("members/<uuid:user_id>/end/", views.member_end, name="member_end"),
    path("invitation/<str:token>/", invitation, name="invitation"),
]
