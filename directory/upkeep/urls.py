"""Addresses: keeping listings true: checks, capacity, phone samples, duplicates."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
