"""The OpenAPI document and the page to try it: offline, and without inline script or style."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer, TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from api.permissions import PublicRead
from api.views import ApiView
from partners.bilingual import reader_language


@cache
def document(language: str) -> dict[str, Any]:
    """The OpenAPI document with its texts in that language. Only a new release changes it."""
    with translation.override(language):
        return SchemaGenerator().get_schema(request=None, public=True)


@extend_schema(exclude=True)
class Schema(ApiView):
    """JSON, or YAML where that is asked for."""

    permission_classes = [PublicRead]
    renderer_classes = [OpenApiJsonRenderer, JSONRenderer, OpenApiYamlRenderer]

    def get(self, request: Request) -> Response:
        return Response(document(reader_language()))


@extend_schema(exclude=True)
class Docs(ApiView):
    """drf-spectacular's own page asks for a CSRF token, which would set a cookie on a public page."""

    permission_classes = [PublicRead]
    renderer_classes = [TemplateHTMLRenderer]

    def get(self, request: Request) -> Response:
        return Response(template_name="api/docs.html")
