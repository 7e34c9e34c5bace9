"""How listings are kept true: proposals, reports from the public, checks, links and merges."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.attachments import CapacityValue
from directory.models.services import Service


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for approval")
    PUBLISHED = "published", _("Published")
    REJECTED = "rejected", _("Not accepted")
    WITHDRAWN = "withdrawn", _("Taken back")


class ListingProposal(models.Model):
    """A change of a listing that somebody else still has to approve.

    ``data`` holds the keys of ``editing.save_service`` that would change, ``before`` the same keys as they
    stood, for the comparison and to notice that somebody else was faster.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="proposals")
    data = models.JSONField()
    before = models.JSONField()
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=9, choices=ProposalState, default=ProposalState.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-proposed_at", "id"]
        indexes = [
            models.Index(
                fields=["service", "proposed_at"],
                name="proposal_open",
                condition=models.Q(state="proposed"),
            )
        ]


class ReportKind(models.TextChoices):
    PHONE = "phone", _("The phone number is wrong")
    CLOSED = "closed", _("It no longer exists, or is closed")
    HOURS = "hours", _("The hours are wrong")
    PLACE = "place", _("The place is wrong, or should not be shown")
    ELIGIBILITY = "eligibility", _("Who it is for is wrong")
    LANGUAGE = "language", _("The English or the French is wrong")
    OTHER = "other", _("Something else")


class NoChange(models.TextChoices):
    """Why a report changes nothing."""

    RIGHT = "right", _("The listing is right as it is")
    DONE = "done", _("It has been put right already")
    NOT_CLEAR = "not_clear", _("It is not clear what is meant")
    NOT_ABOUT_IT = "not_about_it", _("It is not about this listing")


class ListingReport(models.Model):
    """Somebody of the public says that a listing is wrong. Nobody is asked who they are.

    To the owner first; ``passed_on_at``: when it went to the network because the owner did nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=12, choices=ReportKind)
    text = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    passed_on_at = models.DateTimeField(null=True, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    result = models.CharField(
        max_length=9,
        choices=[("changed", _("Listing changed")), ("no_change", _("Nothing to change"))],
        blank=True,
    )
    reason = models.CharField(max_length=20, choices=NoChange, blank=True)
    proposal = models.ForeignKey(
        ListingProposal, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(
                fields=["created_at", "id"], name="report_open", condition=models.Q(handled_at__isnull=True)
            )
        ]


class CheckMethod(models.TextChoices):
    SESSION = "session", _("In Relais")
    LINK = "link", _("From the reminder mail")
    CALL = "call", _("By a phone call")
    TOKEN = "token", _("By the API")


class Verification(models.Model):
    """A human said that a listing is true, or made it so. ``changed``: something was put right first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="verifications")
    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    method = models.CharField(max_length=8, choices=CheckMethod)
    changed = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "id"]


class ListingLink(models.Model):
    """The link of a reminder mail: it opens the one listing, to confirm it and to tell its capacity."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "id"]


class CapacityReport(models.Model):
    """What was told about capacity, and when: the history behind ``ServiceCapacity``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="capacity_reports")
    value = models.CharField(max_length=8, choices=CapacityValue)
    available = models.PositiveIntegerField(null=True, blank=True)
    wait_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    method = models.CharField(max_length=8, choices=CheckMethod)

    class Meta:
        ordering = ["-at", "id"]


class PhoneSample(models.Model):
    """A random sample of published listings to be called. ``population``: how many it was drawn from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    drawn_at = models.DateTimeField(auto_now_add=True)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    population = models.PositiveIntegerField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-drawn_at", "id"]


class PhoneCheck(models.Model):
    """One listing of a sample, and what the call found. Each answer: True, False, or None for not asked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sample = models.ForeignKey(PhoneSample, on_delete=models.CASCADE, related_name="checks")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="phone_checks")
    called_at = models.DateTimeField(null=True, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reached = models.BooleanField(null=True, blank=True)
    still_offered = models.BooleanField(null=True, blank=True)
    hours_right = models.BooleanField(null=True, blank=True)
    eligibility_right = models.BooleanField(null=True, blank=True)
    intake_right = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["sample", "id"]
        constraints = [models.UniqueConstraint(fields=["sample", "service"], name="phone_check_once")]


class ListingMerge(models.Model):
    """Two listings that were one. The dropped one stays, archived, and leads to the kept one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="merged_from")
    dropped = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="merged_into")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "id"]


class NotADuplicate(models.Model):
    """Two listings that look alike and are not one, said by a human, so that nobody is asked again."""

    first = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="not_a_duplicate_once")]
