"""What became of a referral for the person, and her own word on it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.fields import EncryptedTextField
from referrals import workflow
from referrals.models.referrals import Referral


class NeedsMet(models.TextChoices):
    YES = "yes", _("The need was met")
    PARTLY = "partly", _("The need was met in part")
    NO = "no", _("The need was not met")
    UNKNOWN = "unknown", _("Not known")


class Outcome(models.Model):
    """What became of it for the person. Never edited: a wrong one is superseded by a new row.

    ``reason`` says why this row replaces the one before; empty for the first.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="outcomes")
    code = models.CharField(max_length=20, choices=workflow.OUTCOME_CHOICES)
    date = models.DateField()
    needs_met = models.CharField(max_length=7, choices=NeedsMet, default=NeedsMet.UNKNOWN)
    reason = EncryptedTextField(blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.UUIDField(null=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-recorded_at", "id"]


class ConfirmationCode(models.Model):
    """The way for the person herself to say how it went, shown to her by her worker as a code and QR.

    Only the SHA-256 of the code is stored. It opens a page that names nobody, once, until it expires.
    ``answer`` is hers: a value of NeedsMet.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="confirmation_codes")
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=7, choices=NeedsMet, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
