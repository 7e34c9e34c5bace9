"""Public pages of the directory."""

from django.urls import path

from directory.proposals.urls import urlpatterns as proposals
from directory.upkeep.urls import urlpatterns as upkeep
from directory.views import index, listing, pages, program, results

app_name = "directory"

urlpatterns = [
    path("", index.index, name="index"),
    path("services/", results.results, name="results"),
    path("services/s/<str:sealed>/", results.sealed, name="sealed"),
    path("services/c/<slug:short>/", results.category, name="category"),
    path("services/<uuid:service_id>/", listing.listing, name="listing"),
    path("programs/<uuid:program_id>/", program.program, name="program"),
    path("get-help/", pages.get_help, name="get_help"),
    path("exit/", pages.exit, name="exit"),
    path("safety/", pages.safety, name="safety"),
    path("about/", pages.about, name="about"),
    path("styleguide/", pages.styleguide, name="styleguide"),
    *proposals,
    *upkeep,
]
