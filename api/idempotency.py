"""``Idempotency-Key``: the same request sent twice acts once."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import IdempotencyKey
from partners import audit
from partners.crypto import derived_key
from partners.errors import Conflict, Invalid

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
# A request that has not finished by then has died; its key may be used again.
LONGEST_REQUEST = timedelta(minutes=2)


def once(
    request: Request,
    act: Callable[[], UUID],
    show: Callable[[UUID], Any],
    status: int = 201,
    *,
    whole: bool = True,
) -> Response:
    """Do ``act`` and answer what ``show`` says of the object it names.

    With a key seen before, ``act`` is left out and ``show`` answers how the object stands today, to
    whoever may still see it. A refusal is not remembered: the key may be used again. Raises Conflict
    for a key that came with another request, or whose request still runs.

    The act commits with the note that it is done, so that a key whose request died did nothing. Not
    ``whole``: the act commits by itself, in one step or several, and done again it changes nothing more.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return Response(show(act()), status=status)
    row, is_new = _reserve(request, key)
    if not is_new:
        return Response(show(_known(row, request)), status=status, headers={"Idempotent-Replayed": "true"})
    try:
        if whole:
            with audit.refusals_afterwards(), transaction.atomic():
                _finish(row, act)
        else:
            _finish(row, act)
    except BaseException:
        row.delete()
        raise
    return Response(show(row.object_id), status=status)


def _finish(row: IdempotencyKey, act: Callable[[], UUID]) -> None:
    """Raises DatabaseError where the request ran so long that its key was given away."""
    row.object_id = act()
    row.save(update_fields=["object_id"])


def forget(ids: Collection[UUID]) -> None:
    """Keys of requests that made these objects, or that name one of them in their path."""
    of_objects = IdempotencyKey.objects.filter(object_id__in=ids)
    texts = [str(one) for one in ids]
    naming = [
        pk for pk, path in IdempotencyKey.objects.values_list("pk", "path") if any(t in path for t in texts)
    ]
    (of_objects | IdempotencyKey.objects.filter(pk__in=naming)).delete()


def _reserve(request: Request, key: str) -> tuple[IdempotencyKey, bool]:
    if not (1 <= len(key) <= 255 and key.isascii() and key.isprintable()):
        raise Invalid({HEADER: [_("Send 1 to 255 printable ASCII characters.")]})
    now = timezone.now()
    IdempotencyKey.objects.filter(created_at__lt=now - KEPT).delete()
    IdempotencyKey.objects.filter(created_at__lt=now - LONGEST_REQUEST, object_id__isnull=True).delete()
    return IdempotencyKey.objects.get_or_create(
        organization_id=request.actor.organization_id,
        user_id=request.actor.user_id,
        key_digest=_digest(key),
        defaults={
            "request_digest": _digest(_content(request)),
            "path": request.path[:200],
            "created_at": now,
        },
    )


def _known(row: IdempotencyKey, request: Request) -> UUID:
    if not hmac.compare_digest(row.request_digest, _digest(_content(request))):
        raise Conflict(
            _("This Idempotency-Key came with another request before."), code="idempotency_key_reused"
        )
    if row.object_id is None:
        raise Conflict(_("The first request with this key is still running."), code="still_running")
    return row.object_id


def _content(request: Request) -> str:
    sent = [request.method, request.get_full_path(), request.data]
    return json.dumps(sent, sort_keys=True, default=_digest_of_file)


def _digest_of_file(upload: UploadedFile) -> str:
    upload.seek(0)
    digest = hashlib.sha256(upload.read()).hexdigest()
    upload.seek(0)
    return digest


def _digest(text: str) -> str:
    return hmac.new(derived_key("idempotency"), text.encode(), hashlib.sha256).hexdigest()
