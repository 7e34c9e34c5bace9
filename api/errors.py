"""Every refusal as RFC 9457 ``application/problem+json``, in the reader's language. One table.

``type`` is a name, not an address to open; ``title`` says what kind of refusal it is, ``detail`` what
happened here, ``code`` is for programs, ``errors`` maps a field (dotted where nested) to messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from partners.errors import (
    Conflict,
    DomainError,
    Invalid,
    NotSeen,
    NotSignedIn,
    Refused,
    TooMany,
    type_of_message,
)

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:relais:problem:"

# status: (code, title). A DomainError brings its own code and detail.
KINDS: dict[int, tuple[str, type_of_message]] = {
    400: (Invalid.code, DomainError.message),
    401: (NotSignedIn.code, NotSignedIn.message),
    403: (Refused.code, _("You do not have access to this.")),
    404: (NotSeen.code, _("Not found")),
    405: ("method_not_allowed", _("This address does not take that method.")),
    406: ("not_acceptable", _("This address answers in JSON only.")),
    409: (Conflict.code, _("This cannot be done now.")),
    412: ("changed_meanwhile", _("This was changed after you read it. Read it again.")),
    413: ("too_large", _("This is more than can be taken at once.")),
    415: ("unsupported_media_type", _("Send JSON (application/json).")),
    422: ("unmet", _("Something has to be done first.")),
    429: (TooMany.code, _("Too many requests")),
    500: ("server_error", _("Something went wrong. Try again.")),
}
# What a field says, by the code of the check that refused it. "invalid" comes from api.inputs,
# which knows what kind of field it is.
FIELD_MESSAGES: dict[str, type_of_message] = {
    "required": _("Fill in this field."),
    "null": _("Fill in this field."),
    "blank": _("Fill in this field."),
    "empty": _("Choose at least one."),
    "invalid_choice": _("This is not one of the values allowed."),
    "max_length": _("This text is too long."),
    "max_string_length": _("This text is too long."),
    "not_a_list": _("Send a list."),
    "not_a_dict": _("Send an object with named fields."),
    "unknown_field": _("There is no such field."),
}
UNREADABLE = _("The text sent here contains characters that cannot be read. Type it again.")


class Unreadable(exceptions.ParseError):
    """400: a NUL, a lone surrogate, or bytes that are not UTF-8."""

    default_detail = UNREADABLE
    default_code = "unreadable_text"


class NotJson(exceptions.ParseError):
    default_detail = _("This is not valid JSON.")
    default_code = "malformed_json"


class TooLarge(exceptions.APIException):
    status_code = 413
    default_code = "too_large"
    default_detail = KINDS[413][1]


class ChangedMeanwhile(exceptions.APIException):
    status_code = 412
    default_code = "changed_meanwhile"
    default_detail = KINDS[412][1]


def body(
    status: int,
    *,
    code: str = "",
    detail: type_of_message = "",
    errors: dict[str, list[str]] | None = None,
    extra: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The members of a problem. ``extra`` (such as current_status) stands beside them."""
    kind, title = KINDS[status]
    return {
        "type": TYPE + (code or kind),
        "title": str(title),
        "status": status,
        "detail": str(detail or title),
        "code": code or kind,
        "errors": errors or {},
        **(extra or {}),
    }


def plain_answer(status: int, **members: Any) -> JsonResponse:
    """A problem from outside the views: middleware, and what broke."""
    return JsonResponse(body(status, **members), status=status, content_type=MEDIA_TYPE)


def problem(exception: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's exception handler. None lets an unforeseen error surface as a 500."""
    if isinstance(exception, DomainError):
        members = _of_domain(exception)
    elif isinstance(exception, Http404):
        members = body(404)
    elif isinstance(exception, DjangoPermissionDenied):
        members = body(403)
    elif isinstance(exception, RequestDataTooBig):
        members = body(413)
    elif isinstance(exception, exceptions.APIException):
        members = _of_framework(exception)
    else:
        return None
    response = Response(members, status=members["status"], content_type=MEDIA_TYPE)
    response["Content-Language"] = (get_language() or "en")[:2]
    if members["status"] == 401:
        response["WWW-Authenticate"] = getattr(exception, "auth_header", 'Bearer realm="Relais"')
    return response


def _of_domain(exception: DomainError) -> dict[str, Any]:
    errors = exception.errors if isinstance(exception, Invalid) else {}
    detail = "" if isinstance(exception, NotSeen) else exception.message
    return body(
        exception.status,
        code=exception.code,
        detail=detail,
        errors={name: [str(message) for message in messages] for name, messages in errors.items()},
        extra={name: value for name, value in exception.extra.items() if value not in (None, "")},
    )


def _of_framework(exception: exceptions.APIException) -> dict[str, Any]:
    status = exception.status_code if exception.status_code in KINDS else 400
    if isinstance(exception, exceptions.ValidationError):
        errors: dict[str, list[str]] = {}
        for name, message in _flat(exception.detail):
            errors.setdefault(name, []).append(message)
        return body(400, errors=errors)
    own = isinstance(exception, Unreadable | NotJson | TooLarge | ChangedMeanwhile)
    code = str(exception.get_codes()) if own else ""
    return body(status, code=code, detail=str(exception.detail) if own else "")


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _flat(inner, ".".join(part for part in (path, own) if part))
    elif isinstance(detail, list):
        for position, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _flat(inner, f"{path}.{position}" if nested else path)
    else:
        yield path or "body", str(FIELD_MESSAGES.get(detail.code, detail))
