"""Addresses: who belongs to an organization: invitations, roles, leaving."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
