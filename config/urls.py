"""Every address of Relais. HTML stands under /en/ and /fr/; the API, HSDS and health checks do not."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("api/v1/", include("api.urls")),
]
urlpatterns += i18n_patterns(
    path("", include("directory.urls")),
    path("", include("referrals.urls")),
    path("", include("partners.urls")),
)
