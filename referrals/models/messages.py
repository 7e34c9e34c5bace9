"""What the two sides of one referral write and give to each other."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from partners.fields import EncryptedBinaryField, EncryptedTextField
from partners.models import Organization
from referrals.models.referrals import Referral


class Message(models.Model):
    """A note between the two sides of one referral, encrypted, gone with the consent.

    Who wrote it by one-time link has no account: the timeline names them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="messages")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    text = EncryptedTextField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["sent_at", "id"]


class Document(models.Model):
    """A file for the other side: PDF, PNG or JPEG, its type known by its content.

    ``content`` leaves as a download only, and is deferred wherever rows are listed.
    ``size`` counts the bytes in clear.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="documents")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = EncryptedTextField()
    media_type = models.CharField(max_length=30)
    size = models.PositiveIntegerField()
    content = EncryptedBinaryField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["sent_at", "id"]


class ReadMark(models.Model):
    """Up to when one side has read the messages and documents of a referral."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="read_marks")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["referral_id", "organization_id"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "organization"], name="read_mark_once_a_side")
        ]
