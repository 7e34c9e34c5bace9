"""The audit log: who did what to which object, chained by keyed hashes.

Rows hold plain ids and codes, no foreign keys, never names or free text, so that they outlive what
they speak of. Written only by ``partners.audit``; the database refuses to change or remove them.
"""

from __future__ import annotations

import uuid

from django.db import models


class AuditEvent(models.Model):
    """One row of one organization's chain. ``chain`` is the organization's id, or the nil UUID."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chain = models.UUIDField()
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    user_id = models.UUIDField(null=True)
    organization_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=10)
    action = models.CharField(max_length=60)
    result = models.CharField(max_length=10)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["chain", "sequence"]
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="audit_sequence_once")]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_by_object")]


class AuditHead(models.Model):
    """The last row of each chain. Locked while a row is added, always as the last lock taken."""

    chain = models.UUIDField(primary_key=True)
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")


class AuditCheckpoint(models.Model):
    """Where a chain was pruned: its last removed row, signed under a key the database does not hold."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chain = models.UUIDField()
    sequence = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    signature = models.CharField(max_length=64)

    class Meta:
        ordering = ["chain", "sequence"]
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="audit_checkpoint_once")]
