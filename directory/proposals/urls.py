"""Addresses: changing a listing: proposals, what they change, who approves, what the public reports."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
