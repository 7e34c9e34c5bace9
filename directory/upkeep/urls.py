"""Addresses: keeping listings true: checks, capacity, phone samples, duplicates."""

from django.urls import path

from directory.upkeep import views, views_link, views_network

ONE, CALL = "listings/<uuid:service_id>/", "listings/samples/<uuid:sample_id>/calls/<uuid:check_id>/"
TWO = "listings/duplicates/<uuid:kept_id>/<uuid:dropped_id>/"

urlpatterns = [
    path("listings/check/<str:token>/", views_link.verify, name="verify"),
    path("listings/samples/", views_network.samples_list, name="samples_list"),
    path("listings/samples/<uuid:sample_id>/", views_network.sample, name="sample"),
    path(CALL, views_network.sample_call, name="sample_call"),
    path("listings/duplicates/", views_network.duplicates_list, name="duplicates_list"),
    path(TWO, views_network.duplicate, name="duplicate"),
    path(f"{TWO}apart/", views_network.duplicate_apart, name="duplicate_apart"),
    path(f"{ONE}upkeep/", views.upkeep, name="upkeep"),
    path(f"{ONE}confirm/", views.listing_confirm, name="listing_confirm"),
    path(f"{ONE}capacity/", views.listing_capacity, name="listing_capacity"),
    path(f"{ONE}archive/", views.listing_archive, name="listing_archive"),
    path(f"{ONE}delete/", views.listing_delete, name="listing_delete"),
]
