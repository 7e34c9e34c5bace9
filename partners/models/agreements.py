"""Joining the network, and the data-sharing agreement between a partner and the network."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.organizations import Organization, PartnerKind


class ApplicationState(models.TextChoices):
    OPEN = "open", _("Waiting for a decision")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class PartnerApplication(models.Model):
    """An organization asks to join. ``organization`` is the listed one it says it is, or the one it became.

    ``contact_email`` is where the decision goes; whoever is named there becomes the first administrator.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="applications"
    )
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, choices=PartnerKind)
    website = models.URLField(blank=True)
    contact_name = models.CharField(max_length=150)
    contact_email = models.EmailField()
    contact_phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("fr", "Français")], default="en")
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=ApplicationState, default=ApplicationState.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision_note = models.TextField(blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["state", "created_at"], name="application_by_state")]


class AgreementText(models.Model):
    """One version of the agreement's text, in both languages. Never changed once it is published."""

    version = models.CharField(max_length=20, unique=True)
    text_en = models.TextField()
    text_fr = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-published_at", "-created_at", "id"]


class Agreement(models.Model):
    """In force from ``starts_on`` to ``ends_on`` (both days included), once signed, unless terminated.

    The network prepares it; the partner's signatory signs it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="agreements")
    text = models.ForeignKey(
        AgreementText, null=True, blank=True, on_delete=models.PROTECT, related_name="agreements"
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    signatory_name = models.CharField(max_length=150, blank=True)
    signatory_title = models.CharField(max_length=150, blank=True)
    signed_language = models.CharField(max_length=2, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    terminated_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-starts_on", "id"]
        verbose_name = _("Agreement")
        verbose_name_plural = _("Agreements")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="agreement_ends_after_start"
            )
        ]
        indexes = [
            # What the reminders look for: agreements in force, along their last day.
            models.Index(
                fields=["ends_on", "id"],
                name="agreement_ending",
                condition=models.Q(terminated_at__isnull=True, signed_at__isnull=False),
            )
        ]
