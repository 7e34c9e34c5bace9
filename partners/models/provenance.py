"""Where a public fact comes from, and when a human last checked it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceType(models.TextChoices):
    OFFICIAL = "official", _("The organization’s own page")
    GOVERNMENT = "government", _("A government page")
    NEWS = "news", _("News")
    SECONDARY = "secondary", _("A secondary page")
    DEMO = "demo", _("Invented for the demo")
    PARTNER = "partner", _("Entered by the partner")


class AliasKind(models.TextChoices):
    FORMER = "former", _("Former name")
    OTHER = "other", _("Other name")
    ACRONYM = "acronym", _("Acronym")


class Provenance(models.Model):
    """Source of an entry. ``verified_at`` is set only by a human act, never by an import.

    ``source_id`` is the entry's id in its source (import is idempotent by it). ``source_date`` is
    text because sources give a year, a month or a day. ``source_states`` says that the core facts
    stand on the organization's own or a government page, which does not mean that they are current.
    """

    source_id = models.CharField(max_length=120, null=True, blank=True, unique=True)
    source_type = models.CharField(max_length=20, choices=SourceType, default=SourceType.PARTNER)
    source_url = models.CharField(max_length=500, blank=True)
    source_date = models.CharField(max_length=10, blank=True)
    source_other_urls = models.JSONField(default=list, blank=True)
    source_states = models.BooleanField(default=False)
    source_note_en = models.TextField(blank=True)
    source_note_fr = models.TextField(blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    next_due = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
