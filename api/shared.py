"""Answers that are the same for everybody and hold nothing that anybody asked: caches may keep them.

Only the vocabularies are so. No page fetches them, so none of this stays in a visitor's browser; a search,
a listing and even a place looked up say what somebody was interested in, and are never stored.
"""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from api.etags import etag

SECONDS = 300


def shared_answer(request: Request, body: dict[str, Any]) -> Response:
    """The body with its tag for five minutes, or 304 for who has it. Who is signed in gets it unstored."""
    tag = etag(body)
    known = {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    response = Response(status=status.HTTP_304_NOT_MODIFIED) if tag in known else Response(body)
    response["ETag"] = tag
    if request.actor.is_anonymous:
        response["Cache-Control"] = f"public, max-age={SECONDS}"
    return response
