"""The outbox: what is still to be told, committed together with the act it tells of."""

from __future__ import annotations

import uuid

from django.db import models

from partners.models.organizations import Organization


class OutboxRow(models.Model):
    """A notice to one organization: an act's code, an object's id and code. Never a name or a reason.

    ``told`` holds the ids of the members it has reached, so that a retry tells nobody twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    code = models.CharField(max_length=20)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    told = models.JSONField(default=list)
    next_attempt_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(delivered_at__isnull=True), name="outbox_due"
            )
        ]
