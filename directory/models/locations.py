"""Locations and what they may say. What may not be shown is not stored at all."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.services import Service
from partners.models import Organization


class LocationPolicy(models.TextChoices):
    """Decided by the owner. ``withheld`` is the default and what every unknown value imports as."""

    PUBLIC = "public", _("Address shown")
    AREA_ONLY = "area_only", _("Area only")
    WITHHELD = "withheld", _("Address not shown")


class LocationKind(models.TextChoices):
    """The closed list of HSDS ``location_type``."""

    PHYSICAL = "physical", _("In person")
    POSTAL = "postal", _("By mail")
    VIRTUAL = "virtual", _("By phone or online")


class PositionSource(models.TextChoices):
    """How exact a public position is; the two area kinds are shown with "about"."""

    ADDRESS = "address", _("From the address")
    POSTAL_AREA = "postal_area", _("From the postal area")


class Area(models.Model):
    """One of the closed, reviewed list of areas of at least 5,000 people, with its public reference point."""

    code = models.SlugField(primary_key=True, max_length=40)
    name_en = models.CharField(max_length=100)
    name_fr = models.CharField(max_length=100)
    city = models.CharField(max_length=100)
    province = models.CharField(max_length=2)
    latitude = models.FloatField()
    longitude = models.FloatField()
    population = models.PositiveIntegerField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(population__gte=5000), name="area_is_large_enough")
        ]

    def __str__(self) -> str:
        return self.code


class Location(models.Model):
    """HSDS ``location`` with its policy.

    public: address and coordinates (WGS 84 degrees) may be stored. area_only: an area or only the
    city. withheld: neither coordinates nor area. The database itself refuses anything else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="locations")
    policy = models.CharField(max_length=10, choices=LocationPolicy, default=LocationPolicy.WITHHELD)
    kind = models.CharField(max_length=10, choices=LocationKind, default=LocationKind.PHYSICAL)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT)
    city = models.CharField(max_length=100, blank=True)
    province = models.CharField(max_length=2, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    position_source = models.CharField(max_length=12, choices=PositionSource, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("Location")
        verbose_name_plural = _("Locations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(policy=LocationPolicy.PUBLIC)
                | models.Q(latitude__isnull=True, longitude__isnull=True, position_source=""),
                name="location_position_only_if_public",
            ),
            models.CheckConstraint(
                condition=~models.Q(policy=LocationPolicy.WITHHELD) | models.Q(area__isnull=True),
                name="location_no_area_if_withheld",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="location_position_on_earth",
            ),
            models.CheckConstraint(
                condition=models.Q(policy__in=LocationPolicy.values), name="location_policy_known"
            ),
        ]


class Address(models.Model):
    """HSDS ``address``. It exists for public locations only.

    ``policy`` is a copy of the location's, because no constraint can look across tables; a trigger
    refuses a copy that differs and carries a change of the location's policy over to it, which the
    constraint then refuses while an address is still stored.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="addresses")
    policy = models.CharField(max_length=10, choices=LocationPolicy, default=LocationPolicy.PUBLIC)
    address_1 = models.CharField(max_length=200)
    city = models.CharField(max_length=100)
    state_province = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=7, blank=True)
    country = models.CharField(max_length=2, default="CA")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(policy=LocationPolicy.PUBLIC), name="address_only_if_public"
            )
        ]


class ServiceAtLocation(models.Model):
    """HSDS ``service_at_location``."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="at_locations")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="services_here")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["service", "location"], name="service_at_location_once")
        ]
