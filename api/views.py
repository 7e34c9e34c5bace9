"""The base of every API view, and how it reads what was sent."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.inputs import Input
from api.permissions import PublicRead
from partners.actor import ANONYMOUS, Actor, Side
from partners.errors import Invalid, NotSeen

ACTING = "as"
PAGING_NAMES = {"page", "page_size"}
NOT_FILTERS = PAGING_NAMES | {ACTING}


class ApiView(APIView):
    """``request.actor`` is who asks, set by whichever way of signing in applied; else ANONYMOUS."""

    def perform_authentication(self, request: Request) -> None:
        super().perform_authentication(request)
        request._request.actor = request.auth or ANONYMOUS

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """The framework's view, request and response hold one another, so what was answered would stay until
        the collector comes by, and every answer take memory that no cache of the processor holds."""
        final = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(final, Response):
            final.add_post_render_callback(_forget_what_was_said)
        return final


def _forget_what_was_said(response: Response) -> None:
    response.data = None


@extend_schema(exclude=True)
class Missing(ApiView):
    """An address below /api/ that leads nowhere: a problem, not a page."""

    permission_classes = [PublicRead]

    def get(self, request: Request, rest: str) -> None:
        raise NotSeen


def acting(request: Request) -> Actor:
    """The actor, on the side they name by ``as=sender|receiver`` in the query or the body."""
    said = request.query_params.get(ACTING)
    if said is None and request.method != "GET":
        said = request.data.get(ACTING)
    if said is None:
        return request.actor
    if said not in list(Side):  # a list: what cannot be hashed may be asked about as well
        raise Invalid({ACTING: [_("This is not one of the values allowed.")]})
    return request.actor.acting(Side(said))


def read_body(request: Request, shape: type[Input], *, partial: bool = False) -> dict[str, Any]:
    """What was sent, checked field by field (400). ``as`` is read by ``acting``."""
    return _read(shape, {name: value for name, value in request.data.items() if name != ACTING}, partial)


def read_query(request: Request, shape: type[Input]) -> dict[str, Any]:
    """The query of a list, without what ``Pages`` and ``acting`` read."""
    ours = {
        name: value for name, value in request.query_params.items() if name not in PAGING_NAMES | {ACTING}
    }
    return _read(shape, ours, False)


def _read(shape: type[Input], data: dict[str, Any], partial: bool) -> dict[str, Any]:
    serializer = shape(data=data, partial=partial)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
