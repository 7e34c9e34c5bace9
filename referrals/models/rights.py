"""The rights of the person: corrections with history, holds, and what was deleted."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.fields import EncryptedTextField
from referrals.models.clients import Client


class ClientCorrection(models.Model):
    """What a field of the file held before it was changed, by whom and why. Goes with the file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=30)
    before = EncryptedTextField(blank=True)
    reason = EncryptedTextField(blank=True)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "id"]


class HoldAuthority(models.TextChoices):
    PERSON = "person", _("The person asked to keep the file")
    COURT = "court", _("Court")
    CHILD_PROTECTION = "child_protection", _("Child protection")


class LegalHold(models.Model):
    """Nothing of the file is deleted while a hold is on it (``ended_at`` empty)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="holds")
    authority = models.CharField(max_length=16, choices=HoldAuthority)
    reason = EncryptedTextField(blank=True)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-placed_at", "id"]


class Deletion(models.Model):
    """One line of the deletion list: plain ids that a restore deletes again, and no names.

    ``released`` lists what left Relais before: recipient organization, date, field groups.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    object_type = models.CharField(max_length=20)
    object_id = models.UUIDField(unique=True)
    organization_id = models.UUIDField()
    reason = models.CharField(max_length=20)
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
    released = models.JSONField(default=list)

    class Meta:
        ordering = ["at", "id"]
