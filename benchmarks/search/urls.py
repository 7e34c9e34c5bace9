"""Every address of Relais, and the null views: what an answer costs before anything is searched."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from api.permissions import PublicRead
from api.v1 import services
from api.views import ApiView
from benchmarks.search.sample import rendered, sample
from config import urls


class Null(ApiView):
    """The same base, authentication and renderer as the list of services, and a constant body."""

    permission_classes = [PublicRead]
    renderer_classes = services.List.renderer_classes

    def get(self, request: Request) -> Response:
        return Response(sample())


class NullBytes(ApiView):
    """Not even rendered."""

    permission_classes = [PublicRead]

    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(rendered(), content_type="application/json")


urlpatterns = [
    path("api/v1/null/", Null.as_view()),
    path("api/v1/null-bytes/", NullBytes.as_view()),
    *urls.urlpatterns,
]
handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler500, handler429 = urls.handler500, urls.handler429
