"""Consent is a row, never a flag; never edited, only superseded or withdrawn."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.fields import EncryptedTextField
from partners.models import Organization
from referrals import querysets
from referrals.models.clients import Client


class ConsentMethod(models.TextChoices):
    SPOKEN = "spoken", _("Spoken, with a witness")
    WRITTEN = "written", _("In writing")
    ELECTRONIC = "electronic", _("Electronically")


class ConsentGiver(models.TextChoices):
    """Who may consent for a person under 18 is the worker's judgement, and it is recorded."""

    SELF = "self", _("The person")
    GUARDIAN = "guardian", _("A guardian who is safe for the person")


class Consent(models.Model):
    """A client's permission: one recipient × one purpose × field groups × time.

    Live means: not withdrawn, not superseded, given_at ≤ now < expires_at. ``field_groups`` is a
    sorted list of codes of ``referrals.consent.FIELD_GROUPS``. ``refused`` rows record a "no", without
    penalty; they are never live. ``text_version`` names the text that was read. ``given_by_reason`` says
    why it was for that one to give, of a person under 18; ``withdrawn_told_by`` who told us.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consents")
    recipient = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=40, default="referral")
    field_groups = models.JSONField(default=list)
    text_version = models.CharField(max_length=20)
    language = models.CharField(max_length=8)
    given_by = models.CharField(max_length=10, choices=ConsentGiver, default=ConsentGiver.SELF)
    given_by_reason = EncryptedTextField(blank=True)
    how = models.CharField(max_length=10, choices=ConsentMethod)
    witness = EncryptedTextField(blank=True)
    refused = models.BooleanField(default=False)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_how = models.CharField(max_length=10, blank=True)
    withdrawn_told_by = EncryptedTextField(blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = querysets.ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "id"]
        verbose_name = _("Consent")
        verbose_name_plural = _("Consents")
        indexes = [
            models.Index(
                fields=["expires_at", "id"],
                name="consent_ending",
                condition=models.Q(withdrawn_at__isnull=True, superseded_at__isnull=True),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("given_at")), name="consent_ends_after_start"
            )
        ]
