"""Addresses: what one is told, how, and what could not be told."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
