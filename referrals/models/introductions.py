"""The way in from outside: a partner introduces a person, or she asks to be contacted herself."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models import Service
from partners.fields import EncryptedJSONField, EncryptedTextField
from partners.models import Organization
from referrals import querysets
from referrals.codes import new_code
from referrals.models.clients import Client


class IntroductionKind(models.TextChoices):
    INTRODUCTION = "introduction", _("Introduction by a partner")
    SELF_REFERRAL = "self_referral", _("Self-referral")


class IntroductionState(models.TextChoices):
    RECEIVED = "received", _("Received")
    TAKEN_UP = "taken_up", _("Taken up")
    CLOSED = "closed", _("Closed")


class Introduction(models.Model):
    """What somebody outside leaves for a program: a name to call her by and how to reach her safely.

    ``safe_contact`` is the same block as a client's. ``introduced_by`` is empty for a self-referral.
    Whoever introduced her sees "received" of it and nothing more. Taking it up makes a client file,
    or links one that stands; from then on ``client`` holds it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=7, unique=True, default=new_code)
    kind = models.CharField(max_length=15, choices=IntroductionKind)
    receiver = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="introductions")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    introduced_by = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="introductions_made"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    chosen_name = EncryptedTextField(blank=True)
    safe_contact = EncryptedJSONField(default=dict)
    message = EncryptedTextField(blank=True)
    language = models.CharField(max_length=8, default="en")
    consent_text_version = models.CharField(max_length=20)
    consented_at = models.DateTimeField()
    no_consequence_told = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=IntroductionState, default=IntroductionState.RECEIVED)
    answer_due_on = models.DateField()
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=40, blank=True)
    client = models.ForeignKey(
        Client, null=True, blank=True, on_delete=models.CASCADE, related_name="introductions"
    )

    objects = querysets.IntroductionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(fields=["receiver", "state", "created_at"], name="introduction_inbox"),
            models.Index(
                fields=["answer_due_on", "id"],
                name="introduction_due",
                condition=models.Q(state="received"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="self_referral") | models.Q(introduced_by__isnull=False),
                name="introduction_has_a_partner",
            )
        ]

    def __str__(self) -> str:
        return self.code
