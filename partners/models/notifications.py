"""The outbox: what is still to be told, committed together with the act it tells of; and how it was told."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.fields import EncryptedTextField
from partners.models.organizations import Organization


class OutboxRow(models.Model):
    """A notice to one organization: an act's code, an object's id and code. Never a name or a reason.

    ``next_attempt_at``: when to look again, where nobody was there to be told.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    code = models.CharField(max_length=20)
    created_at = models.DateTimeField(auto_now_add=True)
    # When its deliveries and notifications were made; each of them goes its own way from there.
    fanned_out_at = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(fanned_out_at__isnull=True), name="outbox_due"
            )
        ]


class Notification(models.Model):
    """A notice as one member finds it in Relais. ``row`` is gone once the outbox is cleared."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    row_id = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    object_id = models.UUIDField()
    code = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    # Set while a digest still owes it to the member by mail.
    digest_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["row_id", "user"], name="notification_once")]
        indexes = [
            models.Index(fields=["user", "organization", "-created_at"], name="notification_of_member"),
            models.Index(
                fields=["user", "organization"],
                condition=models.Q(read_at__isnull=True),
                name="notification_unread",
            ),
            models.Index(
                fields=["digest_on", "user"],
                condition=models.Q(digest_on__isnull=False),
                name="notification_digest",
            ),
        ]


class MailPace(models.TextChoices):
    AT_ONCE = "at_once", _("Each notice at once")
    DIGEST = "digest", _("One mail a day with all of them")
    NONE = "none", _("No mail: only in Relais")


class NotificationChoice(models.Model):
    """How a member wants to be told, in one organization. Without a row: at once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    pace = models.CharField(max_length=8, choices=MailPace, default=MailPace.AT_ONCE)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="notification_choice_once")
        ]


class Webhook(models.Model):
    """An address of a partner's own system that is told of every notice to the partner, signed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=500)
    secret = EncryptedTextField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]


class Channel(models.TextChoices):
    MAIL = "mail", _("E-mail")
    LETTER = "letter", _("E-mail to an address outside")
    WEBHOOK = "webhook", _("Webhook")


class Delivery(models.Model):
    """One notice on its way to one recipient; its id is the stable id of the message.

    ``recipient`` is the id of a user or a webhook; of a letter, what its writer names it by, and the row's
    own id for the errand of writing them all. ``error`` holds the kind of the last error alone. Given up
    after the last attempt, until somebody has it tried again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    row = models.ForeignKey(OutboxRow, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel)
    recipient = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["row", "channel", "recipient"], name="delivery_once")]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(done_at__isnull=True, given_up_at__isnull=True),
                name="delivery_due",
            ),
            models.Index(
                fields=["given_up_at"],
                condition=models.Q(given_up_at__isnull=False, done_at__isnull=True),
                name="delivery_given_up",
            ),
        ]
