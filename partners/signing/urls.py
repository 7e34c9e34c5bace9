"""Addresses: signing in and staying signed in: passkeys, single sign-on, sessions, the idle lock."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
