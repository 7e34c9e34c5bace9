"""Organizations: legal bodies, whether admitted to the network or only listed."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.provenance import AliasKind, Provenance


class PartnerKind(models.TextChoices):
    COMMUNITY_HEALTH_CENTRE = "community_health_centre", _("Community health centre")
    ADDICTION_SERVICE = "addiction_service", _("Addiction service")
    TRAINING_PROGRAM = "training_program", _("Training program")
    POLICE_LIAISON = "police_liaison", _("Police liaison")
    HOUSING_SHELTER = "housing_shelter", _("Housing and shelter")
    COUNSELLING_MENTAL_HEALTH = "counselling_mental_health", _("Counselling and mental health")
    WOMENS_CENTRE = "womens_centre", _("Women’s centre")
    INDIGENOUS_CULTURAL = "indigenous_cultural", _("Indigenous cultural organization")
    LEGAL_JUSTICE = "legal_justice", _("Legal and justice")
    BASIC_NEEDS = "basic_needs", _("Basic needs")
    FAMILY_CHILD_CARE = "family_child_care", _("Family and child care")
    OUTREACH_PEER = "outreach_peer", _("Outreach and peer support")
    INCOME_EMPLOYMENT = "income_employment", _("Income and employment")
    GOVERNMENT = "government", _("Government")
    OTHER = "other", _("Other")


def in_force_today(prefix: str = "") -> models.Q:
    """An agreement that is signed, not terminated, and runs today; ``prefix`` leads to it."""
    today = timezone.localdate()
    wanted = {
        "signed_at__isnull": False,
        "terminated_at__isnull": True,
        "starts_on__lte": today,
        "ends_on__gte": today,
    }
    return models.Q(**{f"{prefix}{name}": value for name, value in wanted.items()})


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def with_agreement(self) -> OrganizationQuerySet:
        """Organizations whose signed agreement is in force today, and which are not suspended."""
        return self.filter(in_force_today("agreements__"), suspended_at__isnull=True).distinct()

    def partners(self) -> OrganizationQuerySet:
        """Organizations of the network: admitted, or with an agreement that they have signed."""
        signed = models.Q(agreements__signed_at__isnull=False)
        return self.filter(models.Q(admitted_at__isnull=False) | signed).distinct()

    def of_user(self, user_id: uuid.UUID) -> OrganizationQuerySet:
        """Organizations in which the user is an active member."""
        return self.filter(memberships__user_id=user_id, memberships__ended_at__isnull=True).distinct()


class Organization(Provenance):
    """HSDS ``organization``, in both languages, with its kind of partner.

    ``admitted_at``: since when it is a partner. ``suspended_at``: since when the network has shut it out.
    ``referral_email`` is told of referrals where nobody of the partner has a sign-in to answer them with.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40, choices=PartnerKind, default=PartnerKind.OTHER)
    name_en = models.CharField(max_length=200, blank=True)
    name_fr = models.CharField(max_length=200, blank=True)
    description_en = models.TextField(blank=True)
    description_fr = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    website = models.URLField(blank=True)
    admitted_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    referral_email = models.EmailField(blank=True)
    # Whether its workers may ask a police liaison to call (domain.md 5.3). Off unless it decides so.
    uses_police_channel = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_modified = models.DateTimeField(auto_now=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["name_en", "id"]
        verbose_name = _("Organization")
        verbose_name_plural = _("Organizations")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name_en="") | ~models.Q(name_fr=""), name="organization_has_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name_en or self.name_fr


class OrganizationAlias(models.Model):
    """A former or other name. Searchable."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("fr", "Français")])
    kind = models.CharField(max_length=10, choices=AliasKind, default=AliasKind.OTHER)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name", "language"], name="organization_alias_once"
            )
        ]
