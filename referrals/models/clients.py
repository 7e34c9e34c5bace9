"""The client file: as little as the work allows, encrypted where it identifies."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import Area
from partners.fields import EncryptedJSONField, EncryptedTextField
from partners.models import Organization
from referrals import querysets
from referrals.codes import new_code


class AgeBand(models.TextChoices):
    """``unknown`` is asked again: nothing is sent for a person whose age nobody knows."""

    UNDER_18 = "under_18", _("Under 18")
    FROM_18 = "18_24", _("18 to 24")
    FROM_25 = "25_34", _("25 to 34")
    FROM_35 = "35_49", _("35 to 49")
    FROM_50 = "50_64", _("50 to 64")
    FROM_65 = "65_plus", _("65 and over")
    UNKNOWN = "unknown", _("Not known")


class Client(models.Model):
    """A person accompanied by one organization.

    ``code`` never leaves the organization. Encrypted: names, birth date (ISO text), gender, pronouns,
    Indigenous identity, the texts for each consent field group, and the safe-contact block
    ``{methods, phone, email, hours, voicemail, text, code_word, do_not_contact}``.
    ``name_index`` is the blind index of the folded chosen name, for the own organization's search.
    ``age_band`` is kept only where no birth date is known, and ``age_noted_on`` says since when: a band
    does not grow older by itself. A restricted file is for its care team alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="clients")
    code = models.CharField(max_length=7, default=new_code)
    chosen_name = EncryptedTextField()
    legal_name = EncryptedTextField(blank=True)
    birth_date = EncryptedTextField(blank=True)
    age_band = models.CharField(max_length=8, choices=AgeBand, default=AgeBand.UNKNOWN)
    age_noted_on = models.DateField(default=timezone.localdate)
    gender = EncryptedTextField(blank=True)
    pronouns = EncryptedTextField(blank=True)
    language = models.CharField(max_length=8, default="en")
    safe_area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.SET_NULL)
    safe_contact = EncryptedJSONField(default=dict)
    indigenous_identity = EncryptedTextField(blank=True)
    situation = EncryptedTextField(blank=True)
    health = EncryptedTextField(blank=True)
    family = EncryptedTextField(blank=True)
    justice = EncryptedTextField(blank=True)
    housing = EncryptedTextField(blank=True)
    name_index = models.CharField(max_length=64, db_index=True)
    is_restricted = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_act_at = models.DateTimeField(auto_now=True)

    objects = querysets.ClientQuerySet.as_manager()

    class Meta:
        ordering = ["-last_act_at", "id"]
        verbose_name = _("Client")
        verbose_name_plural = _("Clients")
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="client_code_once"),
        ]
        indexes = [
            models.Index(fields=["organization", "-last_act_at", "id"], name="client_list"),
            # Every list leaves these few out; none of them reads the other files for it. The whole index
            # answers by itself, or SQLite would rather walk through all files of the organization.
            models.Index(
                fields=["organization", "is_restricted", "id"],
                condition=models.Q(is_restricted=True),
                name="client_restricted_ids",
            ),
            models.Index(fields=["organization", "age_noted_on"], name="client_age_noted"),
        ]

    def __str__(self) -> str:
        return self.code


class ClientPhase(models.Model):
    """A dated stay in one of the program's four phases. Return is allowed: one open row at most."""

    PHASES: ClassVar = [(1, "1"), (2, "2"), (3, "3"), (4, "4")]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="phases")
    phase = models.PositiveSmallIntegerField(choices=PHASES)
    entered_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    reason = EncryptedTextField(blank=True)

    class Meta:
        ordering = ["-entered_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=models.Q(left_on__isnull=True), name="client_in_one_phase"
            ),
            models.CheckConstraint(condition=models.Q(phase__range=(1, 4)), name="client_phase_known"),
        ]


class ChildProtectionRecord(models.Model):
    """That a person under 18 was reported, when and to whom; or is being reported this very hour.

    ``state`` being_reported is allowed for emergency shelter and medical care only and holds a
    follow-up time one hour later. For the own worker, manager and privacy officer only.
    """

    STATES: ClassVar = [
        ("reported", _("Reported to child protection")),
        ("being_reported", _("Being reported now")),
    ]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="child_protection")
    state = models.CharField(max_length=15, choices=STATES)
    at = models.DateTimeField()
    reported_to = EncryptedTextField()
    follow_up_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "id"]
        indexes = [
            models.Index(
                fields=["follow_up_at", "id"],
                name="report_to_follow_up",
                condition=models.Q(state="being_reported"),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="reported") | models.Q(follow_up_at__isnull=False),
                name="being_reported_is_followed_up",
            )
        ]
