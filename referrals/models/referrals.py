"""Needs, the referrals made for them, and everything that happens to one."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models import Service, TaxonomyTerm
from partners.fields import EncryptedTextField
from partners.models import Organization
from referrals import querysets, workflow
from referrals.codes import new_code
from referrals.models.clients import Client
from referrals.models.consents import Consent


class Urgency(models.TextChoices):
    ROUTINE = "routine", _("No rush")
    SOON = "soon", _("Within days")
    URGENT = "urgent", _("Today")


class ReferralKind(models.TextChoices):
    OUTGOING = "outgoing", _("Outgoing referral")
    INTRODUCTION = "introduction", _("Introduction by a partner")
    SELF_REFERRAL = "self_referral", _("Self-referral")
    LOGGED = "logged", _("Logged referral")


class HandoffKind(models.TextChoices):
    WARM = "warm", _("Introduced by the worker")
    ACCOMPANIED = "accompanied", _("Someone comes along")
    SELF = "self", _("The person goes on their own")
    INFORMATION_ONLY = "information_only", _("Information only")


class HandoffResult(models.TextChoices):
    PLANNED = "", _("Planned")
    KEPT = "kept", _("Took place")
    MISSED = "missed", _("Did not take place")
    MOVED = "moved", _("Moved to another time")


class Need(models.Model):
    """What a client is looking for; groups the referrals made for it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="needs")
    category = models.ForeignKey(TaxonomyTerm, on_delete=models.PROTECT, related_name="+")
    urgency = models.CharField(max_length=8, choices=Urgency, default=Urgency.ROUTINE)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = querysets.NeedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]


class Referral(models.Model):
    """One need offered to one service of one partner.

    ``status`` moves only through ``referrals.actions.apply_action``. ``code`` is random, so that two
    receivers can't compare. ``sender`` and ``receiver`` are fixed when the draft is made.
    ``opened_at`` is the receiver's first view; ``confirmed_at`` closes the loop.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=7, unique=True, default=new_code)
    kind = models.CharField(max_length=15, choices=ReferralKind, default=ReferralKind.OUTGOING)
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="referrals")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="referrals")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="referrals")
    sender = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="referrals_sent")
    receiver = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="referrals_received")
    consent = models.ForeignKey(
        Consent, null=True, blank=True, on_delete=models.PROTECT, related_name="referrals"
    )
    status = models.CharField(
        max_length=20, choices=workflow.STATUS_CHOICES, default=workflow.Status.DRAFT.value
    )
    note = EncryptedTextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answer_due_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    service_started_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=40, blank=True)
    end_note = EncryptedTextField(blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_modified = models.DateTimeField(auto_now=True)

    objects = querysets.ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        verbose_name = _("Referral")
        verbose_name_plural = _("Referrals")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=[status.value for status in workflow.Status]),
                name="referral_status_known",
            )
        ]
        indexes = [
            models.Index(fields=["receiver", "status", "sent_at"], name="referral_inbox"),
            models.Index(fields=["sender", "status"], name="referral_sent_box"),
        ]

    def __str__(self) -> str:
        return self.code


class Outcome(models.Model):
    """What became of it for the person. Never edited: a wrong one is superseded by a new row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="outcomes")
    code = models.CharField(max_length=20, choices=workflow.OUTCOME_CHOICES)
    date = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.UUIDField(null=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-recorded_at", "id"]


class Handoff(models.Model):
    """How the person gets from sender to receiver: planned, then kept, missed or moved."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="handoffs")
    kind = models.CharField(max_length=16, choices=HandoffKind)
    when = models.DateTimeField(null=True, blank=True)
    place = EncryptedTextField(blank=True)
    companion = EncryptedTextField(blank=True)
    ride = models.BooleanField(default=False)
    child_care = models.BooleanField(default=False)
    result = models.CharField(max_length=6, choices=HandoffResult, default=HandoffResult.PLANNED, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    result_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["when", "recorded_at", "id"]


class Message(models.Model):
    """A note between the two sides of one referral, encrypted, gone with the consent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="messages")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["sent_at", "id"]


class TimelineEvent(models.Model):
    """One line of the timeline that both sides read. Written only by ``referrals.events``.

    ``details`` holds codes and dates, never names or free text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=30)
    side = models.CharField(max_length=10)
    at = models.DateTimeField(auto_now_add=True)
    user_id = models.UUIDField(null=True)
    organization_id = models.UUIDField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]
