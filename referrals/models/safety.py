"""Who of the own organization may open a file, and sharing on another legal basis than consent."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.fields import EncryptedTextField
from partners.models import Organization
from referrals.models.clients import Client


class CareTeamMember(models.Model):
    """A worker who may open a restricted file. A file that is not restricted needs no team."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="care_team")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["client", "user"], name="care_team_member_once")]


class GlassBreak(models.Model):
    """A manager opened a restricted file with a reason, until ``until``; the privacy officer is told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="glass_breaks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = EncryptedTextField()
    opened_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "id"]


class LegalBasis(models.TextChoices):
    CHILD_AT_RISK = "child_at_risk", _("A child is at risk")
    COURT_ORDER = "court_order", _("Court order")
    DANGER = "danger", _("Serious danger to somebody’s life or health")


class LegalBasisShare(models.Model):
    """Sharing without consent, on another legal basis: asked for by one, decided by another.

    ``recipient`` says in words who gets it, in or outside the network. ``decision`` is empty until the
    reviewer, who is not the one who asked, has decided; only "approved" can be released.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="legal_basis_shares")
    recipient = EncryptedTextField()
    recipient_organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    basis = models.CharField(max_length=15, choices=LegalBasis)
    reason = EncryptedTextField()
    field_groups = models.JSONField(default=list)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(
        max_length=8, choices=[("approved", _("Approved")), ("refused", _("Refused"))], blank=True
    )
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-requested_at", "id"]
