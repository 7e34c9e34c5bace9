"""Services: HSDS ``service``; the listing is the service as the public sees it."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.programs import Program
from directory.querysets import ServiceQuerySet
from partners.models import AliasKind, Organization, Provenance


class ServiceStatus(models.TextChoices):
    """The closed list of HSDS."""

    ACTIVE = "active", _("Active")
    INACTIVE = "inactive", _("Not active at the moment")
    DEFUNCT = "defunct", _("No longer exists")
    TEMPORARILY_CLOSED = "temporarily closed", _("Closed for a time")


class Publication(models.TextChoices):
    """Where a listing stands: draft → proposed → published | rejected → archived."""

    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Change proposed")
    PUBLISHED = "published", _("Published")
    REJECTED = "rejected", _("Change not accepted")
    ARCHIVED = "archived", _("Archived")


class HolidayHours(models.TextChoices):
    """What happens on a public holiday of the place."""

    USUAL = "usual", _("Open as usual on public holidays")
    CLOSED = "closed", _("Closed on public holidays")
    UNKNOWN = "unknown", _("Not known")


class Service(Provenance):
    """One service of one organization.

    ``minimum_age`` and ``maximum_age`` are whole years, both included; None means no limit is known.
    ``response_days`` are the working days within which a referral is answered.
    ``verify_days``: how long a check by a human holds; ``Provenance.next_due`` is the day it ends.
    ``sort_en`` and ``sort_fr`` are normalised copies of the names, written by ``directory.search`` in the
    transaction that writes the listing; nothing else sets them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="services")
    program = models.ForeignKey(
        Program, null=True, blank=True, on_delete=models.SET_NULL, related_name="services"
    )
    name_en = models.CharField(max_length=200, blank=True)
    name_fr = models.CharField(max_length=200, blank=True)
    summary_en = models.CharField(max_length=200, blank=True)
    summary_fr = models.CharField(max_length=200, blank=True)
    description_en = models.TextField(blank=True)
    description_fr = models.TextField(blank=True)
    eligibility_en = models.TextField(blank=True)
    eligibility_fr = models.TextField(blank=True)
    hours_note_en = models.TextField(blank=True)
    hours_note_fr = models.TextField(blank=True)
    holiday_hours = models.CharField(max_length=7, choices=HolidayHours, default=HolidayHours.UNKNOWN)
    minimum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=20, choices=ServiceStatus, default=ServiceStatus.ACTIVE)
    publication = models.CharField(max_length=10, choices=Publication, default=Publication.DRAFT)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    accepts_referrals = models.BooleanField(default=False)
    response_days = models.PositiveSmallIntegerField(default=3)
    verify_days = models.PositiveSmallIntegerField(default=90)
    is_demo = models.BooleanField(default=False)
    sort_en = models.CharField(max_length=200, blank=True, editable=False, db_index=True)
    sort_fr = models.CharField(max_length=200, blank=True, editable=False, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_modified = models.DateTimeField(auto_now=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["sort_en", "id"]
        verbose_name = _("Service")
        verbose_name_plural = _("Services")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name_en="") | ~models.Q(name_fr=""), name="service_has_a_name"
            ),
            models.CheckConstraint(
                condition=models.Q(minimum_age__isnull=True)
                | models.Q(maximum_age__isnull=True)
                | models.Q(minimum_age__lte=models.F("maximum_age")),
                name="service_ages_in_order",
            ),
        ]
        indexes = [
            # What the clock looks for: whose check ends, and who has never been asked for one.
            models.Index(
                fields=["next_due", "id"],
                name="service_check_due",
                condition=models.Q(publication="published", next_due__isnull=False),
            ),
            models.Index(
                fields=["created_at", "id"],
                name="service_never_asked",
                condition=models.Q(publication="published", accepts_referrals=True, next_due__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name_en or self.name_fr


class ServiceAlias(models.Model):
    """A former or other name of a listing. Searchable."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("fr", "Français")])
    kind = models.CharField(max_length=10, choices=AliasKind, default=AliasKind.OTHER)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["service", "name", "language"], name="service_alias_once")
        ]
