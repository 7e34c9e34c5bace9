"""Who is signed in where: what a member needs to know a session again, and no more."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class OpenSession(models.Model):
    """A session of a member. No address and no device: the kind of browser, and times to the hour."""

    session_key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    browser = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_seen_at", "-started_at", "id"]
