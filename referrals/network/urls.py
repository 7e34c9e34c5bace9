"""Addresses: pictures of the network in numbers, without any client data."""

from django.urls import URLPattern, path

from referrals.network import views

urlpatterns: list[URLPattern] = [
    path("partners/network/", views.network, name="network"),
    path("partners/network/referrals.csv", views.network_csv, name="network_csv"),
]
