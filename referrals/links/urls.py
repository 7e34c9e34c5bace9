"""Addresses: answering a referral without an account: the one-time link."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
