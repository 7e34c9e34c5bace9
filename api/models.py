"""What the API remembers of its own: keys of requests that must not happen twice."""

from __future__ import annotations

from django.db import models


class IdempotencyKey(models.Model):
    """One ``Idempotency-Key`` of one user in one organization, for a day.

    Only keyed digests of the key and of what was sent are kept, never a body. ``object_id`` is what
    the request made or changed; empty while it runs.
    """

    organization_id = models.UUIDField()
    user_id = models.UUIDField()
    key_digest = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    object_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "user_id", "key_digest"], name="idempotency_key_once"
            )
        ]
