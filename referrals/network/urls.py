"""Addresses: pictures of the network in numbers, without any client data."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
