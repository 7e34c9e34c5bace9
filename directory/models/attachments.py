"""What hangs on a service, a location or an organization: phones, languages and the rest of HSDS."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.locations import Location
from directory.models.services import Service
from partners.models import Organization


class PhoneKind(models.TextChoices):
    VOICE = "voice", _("Phone")
    TEXT = "text", _("Text")
    FAX = "fax", _("Fax")


class Phone(models.Model):
    """HSDS ``phone`` of a service or of an organization. ``extension`` keeps leading zeros."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="phones"
    )
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="phones"
    )
    number = models.CharField(max_length=30)
    extension = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=5, choices=PhoneKind, default=PhoneKind.VOICE)
    label_en = models.CharField(max_length=100, blank=True)
    label_fr = models.CharField(max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(service__isnull=True) ^ models.Q(organization__isnull=True),
                name="phone_of_one_thing",
            )
        ]


class Language(models.Model):
    """HSDS ``language``: a language in which the service is given, as ISO 639 code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="languages")
    code = models.CharField(max_length=8)

    class Meta:
        ordering = ["code", "id"]
        constraints = [models.UniqueConstraint(fields=["service", "code"], name="language_once")]


class Accessibility(models.Model):
    """HSDS ``accessibility`` of a location, in words; the codes are attributes of the service."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="accessibility")
    description_en = models.TextField(blank=True)
    description_fr = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]


class CostOption(models.Model):
    """HSDS ``cost_option``: what it costs, in words and, where it is one sum, in dollars."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="cost_options")
    option_en = models.CharField(max_length=200, blank=True)
    option_fr = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="CAD")

    class Meta:
        ordering = ["id"]


class ServiceArea(models.Model):
    """HSDS ``service_area``: the area served, as a code (winnipeg, manitoba, canada)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="service_areas")
    code = models.SlugField(max_length=40)

    class Meta:
        ordering = ["code", "id"]
        constraints = [models.UniqueConstraint(fields=["service", "code"], name="service_area_once")]


class RequiredDocument(models.Model):
    """HSDS ``required_document``: what to bring."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="required_documents")
    document_en = models.CharField(max_length=200, blank=True)
    document_fr = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]


class Contact(models.Model):
    """HSDS ``contact``: a function, never a private person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="contacts")
    title_en = models.CharField(max_length=100, blank=True)
    title_fr = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)

    class Meta:
        ordering = ["id"]


class Unit(models.Model):
    """HSDS ``unit``: what capacity counts (beds, places)."""

    code = models.SlugField(primary_key=True, max_length=20)
    name_en = models.CharField(max_length=60)
    name_fr = models.CharField(max_length=60)

    class Meta:
        ordering = ["code"]


class CapacityValue(models.TextChoices):
    OPEN = "open", _("Spaces available")
    LIMITED = "limited", _("Few spaces")
    WAITLIST = "waitlist", _("Waitlist")
    FULL = "full", _("Full")
    UNKNOWN = "unknown", _("Not known")


class ServiceCapacity(models.Model):
    """HSDS ``service_capacity``, one row a service; always shown with its time."""

    service = models.OneToOneField(
        Service, primary_key=True, on_delete=models.CASCADE, related_name="capacity"
    )
    value = models.CharField(max_length=8, choices=CapacityValue, default=CapacityValue.UNKNOWN)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT)
    available = models.PositiveIntegerField(null=True, blank=True)
    wait_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    as_of = models.DateTimeField()


class Metadata(models.Model):
    """HSDS ``metadata``: one change of one field of a published listing.

    Place fields are never recorded here: history must not keep what the location policy took away.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="metadata")
    last_action_date = models.DateTimeField(auto_now_add=True)
    last_action_type = models.CharField(max_length=20)
    field_name = models.CharField(max_length=60)
    previous_value = models.TextField(blank=True)
    replacement_value = models.TextField(blank=True)
    updated_by = models.UUIDField(null=True)

    class Meta:
        ordering = ["-last_action_date", "id"]
