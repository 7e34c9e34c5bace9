"""Every address of Relais. HTML stands under /en/ and /fr/; the API, HSDS, health checks
and the way back from single sign-on do not."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from config import health, views

urlpatterns = [
    path("", views.root, name="root"),
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("api/v1/", include("api.urls")),
    path("r/", include("referrals.links.outside", namespace="by_link")),
    path("", include("partners.signing.sign_on_urls")),
]
urlpatterns += i18n_patterns(
    path("", include("directory.urls")),
    path("", include("referrals.urls")),
    path("", include("partners.urls")),
)

handler400 = "config.views.bad_request"
handler403 = "config.views.permission_denied"
handler404 = "config.views.page_not_found"
handler500 = "config.views.server_error"
handler429 = "config.views.too_many_requests"  # asked for by allauth
