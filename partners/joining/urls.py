"""Addresses: how an organization joins: application, agreement, suspension."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
