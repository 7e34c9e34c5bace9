"""How the person gets from sender to receiver, and every attempt to reach her."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from directory.models import Location
from partners.fields import EncryptedTextField
from partners.models import Organization
from referrals.models.referrals import Referral


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


class Handoff(models.Model):
    """How the person gets from sender to receiver: planned, then kept, missed or moved.

    Where to meet is one of the receiver's public places (``location``) or free text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="handoffs")
    kind = models.CharField(max_length=16, choices=HandoffKind)
    when = models.DateTimeField(null=True, blank=True)
    location = models.ForeignKey(Location, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    place = EncryptedTextField(blank=True)
    companion = EncryptedTextField(blank=True)
    ride = models.BooleanField(default=False)
    child_care = models.BooleanField(default=False)
    result = models.CharField(max_length=6, choices=HandoffResult, default=HandoffResult.PLANNED, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)
    result_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["when", "recorded_at", "id"]
        indexes = [models.Index(fields=["when", "id"], name="handoff_planned", condition=models.Q(result=""))]


class ContactMethod(models.TextChoices):
    """The ways of the safe-contact block; only those that it allows are ever offered."""

    CALL = "call", pgettext_lazy("a way to reach somebody", "Call")
    TEXT = "text", _("Text message")
    EMAIL = "email", _("E-mail")
    IN_PERSON = "in_person", _("In person")


class AttemptResult(models.TextChoices):
    REACHED = "reached", _("Reached the person")
    NO_ANSWER = "no_answer", _("No answer")
    LEFT_MESSAGE = "left_message", _("Left a message")
    WRONG_NUMBER = "wrong_number", _("The number is wrong")
    NOT_SAFE = "not_safe", _("Was not safe to go on")


class ContactAttempt(models.Model):
    """One attempt of one side to reach the person. ``by`` is the user's id, or None on a one-time link.

    ``next_on`` is the day of the next attempt, for the work-list of whoever made this one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="attempts")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
    method = models.CharField(max_length=10, choices=ContactMethod)
    result = models.CharField(max_length=12, choices=AttemptResult)
    next_on = models.DateField(null=True, blank=True)
    note = EncryptedTextField(blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-recorded_at", "id"]
