"""What the own program does for a person, beside the referrals, and whom it met without a file."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models import Area
from partners.fields import EncryptedTextField
from partners.models import Organization
from referrals.models.clients import Client, ClientPhase


class SupportKind(models.TextChoices):
    """In-house support, domain.md 4."""

    OUTREACH_CONTACT = "outreach_contact", _("Outreach contact")
    INTAKE = "intake", _("Intake")
    ASSESSMENT = "assessment", _("Assessment")
    COUNSELLING = "counselling", _("Counselling session")
    EDUCATIONAL_GROUP = "educational_group", _("Educational group")
    THERAPEUTIC_GROUP = "therapeutic_group", _("Therapeutic group")
    CULTURAL_GROUP = "cultural_group", _("Cultural group")
    BASIC_NEED = "basic_need", _("Basic need")
    ADVOCACY = "advocacy", _("Advocacy")
    LIFE_SKILLS = "life_skills", _("Life skills")
    RIDE = "ride", _("Ride")
    CHILD_CARE = "child_care", _("Child care")
    PRINTED_INFORMATION = "printed_information", _("Printed information")
    FOLLOW_UP = "follow_up", _("Follow-up")
    MENTORING = "mentoring", _("Mentoring")
    PEER_SUPPORT = "peer_support", _("Peer support")
    TRANSITIONAL_HOUSING = "transitional_housing", _("Stay in transitional housing")


class SupportEntry(models.Model):
    """One dated act of in-house support on a person's plan.

    ``phase`` is the program phase she was in. A stay in transitional housing runs from ``on`` to
    ``until`` (None: still there); every other kind has one day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="support")
    kind = models.CharField(max_length=24, choices=SupportKind)
    phase = models.PositiveSmallIntegerField(choices=ClientPhase.PHASES, null=True, blank=True)
    on = models.DateField()
    until = models.DateField(null=True, blank=True)
    note = EncryptedTextField(blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-on", "-recorded_at", "id"]
        indexes = [
            models.Index(
                fields=["client", "on"],
                name="support_housing",
                condition=models.Q(kind="transitional_housing"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("on")),
                name="support_ends_after_start",
            )
        ]


class OutreachContact(models.Model):
    """People met on outreach, counted without a file: how many, when, and in which area."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    people = models.PositiveSmallIntegerField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-on", "-recorded_at", "id"]
