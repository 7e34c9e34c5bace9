"""The OpenAPI 3.1 document: how one signs in, how lists are paged, and how refusals look."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import AllowAny

from api import errors
from api.idempotency import HEADER
from api.pagination import DEFAULT_PAGE, LARGEST_PAGE

PAGING = [
    OpenApiParameter("page", {"type": "integer", "minimum": 1, "default": 1}),
    OpenApiParameter(
        "page_size", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": DEFAULT_PAGE}
    ),
]
ACTING_AS = OpenApiParameter(
    "as",
    str,
    enum=["sender", "receiver"],
    description="The side you act on, where sender and receiver are one organization.",
)
LANGUAGE = OpenApiParameter(
    "Accept-Language", {"type": "string", "default": "en"}, OpenApiParameter.HEADER, description="en or fr."
)
IDEMPOTENCY = OpenApiParameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": 255},
    OpenApiParameter.HEADER,
    description="The same request sent again with the same key within a day acts once.",
)
PROBLEM = {
    "type": "object",
    "description": "RFC 9457. A conflict also says current_status.",
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "Messages by field; nested fields with dots.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "current_status": {"type": "string"},
    },
}
WRITING = {"post", "patch"}


class Schema(AutoSchema):
    """One address, one tag; headers that every operation takes."""

    def get_tags(self) -> list[str]:
        return [self.path.removeprefix("/api/v1/").split("/")[0]]

    def get_override_parameters(self) -> list[Any]:
        return [LANGUAGE, IDEMPOTENCY] if self.method == "POST" else [LANGUAGE]

    def get_description(self) -> str:
        """Only what ``extend_schema`` says: docstrings of views are for who changes them."""
        return ""

    def get_auth(self) -> list[dict[str, list[str]]]:
        if any(issubclass(permission, AllowAny) for permission in self.view.permission_classes):
            return []
        return [{"token": []}, {"session": []}]


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token of one organization."}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "A signed-in browser; what writes needs the X-CSRFToken header.",
        }


def add_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A postprocessing hook: the refusals each operation may answer, all in the one shape."""
    _drop(result, "x-spec-enum-id")
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["securitySchemes"] = {
        scheme.name: scheme(None).get_security_definition(None) for scheme in (TokenScheme, SessionScheme)
    }
    content = {errors.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status in _statuses(path, method, bool(operation.get("security"))):
                title = str(errors.KINDS[status][1])
                operation["responses"][str(status)] = {"description": title, "content": content}
    return result


def _drop(value: Any, name: str) -> None:
    """Takes the generator's own marks out, in place."""
    if isinstance(value, dict):
        value.pop(name, None)
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _drop(inner, name)


def _statuses(path: str, method: str, closed: bool) -> list[int]:
    found = {400}
    if "{" in path:
        found.add(404)
    if closed:
        found |= {401, 403}
    elif method in WRITING:
        found.add(429)
    if method in WRITING:
        found |= {404, 409, 413, 415, 422}
    if method == "patch":
        found.add(412)
    return sorted(found)
