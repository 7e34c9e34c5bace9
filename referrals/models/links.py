"""Answering without an account: the one-time link of a referral, and the half hour it opens."""

from __future__ import annotations

import uuid

from django.db import models

from partners.fields import EncryptedTextField
from referrals.models.referrals import Referral


class AnswerLink(models.Model):
    """A link to a single referral. The token exists in the mail alone; here stands its hash.

    ``code`` is what the sender tells the partner by another way; a reminder's link takes it over.
    ``preview_only``: for a body without an agreement; it opens nothing and asks to phone the sender.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="answer_links")
    digest = models.CharField(max_length=64, unique=True, null=True, blank=True)
    code = EncryptedTextField(blank=True)
    preview_only = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    replaced_at = models.DateTimeField(null=True, blank=True)
    killed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]


class LinkVisit(models.Model):
    """Half an hour at one referral, opened by link and code. ``name`` is who says they answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.ForeignKey(AnswerLink, on_delete=models.CASCADE, related_name="visits")
    digest = models.CharField(max_length=64, unique=True)
    name = EncryptedTextField(blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "id"]
