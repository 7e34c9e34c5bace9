"""Taxonomies: the tree of categories, and the flat vocabularies of the other facets."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Taxonomy(models.TextChoices):
    """HSDS ``taxonomy``. ``category`` is a tree; every other one is a flat list of codes."""

    CATEGORY = "category", _("Category")
    POPULATION = "population", _("Who it is for")
    GENDER = "gender", _("Gender served")
    TOPIC = "topic", _("Topic")
    SETTING = "setting", _("Setting")
    LEVEL = "level", _("Level of prevention")
    INTAKE = "intake", _("How to start")
    BARRIER = "barrier", _("Help to get there")
    ACCESSIBILITY = "accessibility", _("Accessibility")
    COST = "cost", _("Cost")
    PHASE = "phase", _("Program phase")
    LANGUAGE = "language", _("Language of service")


class TaxonomyTerm(models.Model):
    """One code with its labels. ``(taxonomy, code)`` is the name that URLs and the API use.

    ``neutral_*`` is set on top categories: the wording a receiver sees before acceptance.
    Synonyms are search words only and are never shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    taxonomy = models.CharField(max_length=20, choices=Taxonomy)
    code = models.SlugField(max_length=60)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name_en = models.CharField(max_length=120)
    name_fr = models.CharField(max_length=120)
    description_en = models.TextField(blank=True)
    description_fr = models.TextField(blank=True)
    neutral_en = models.CharField(max_length=120, blank=True)
    neutral_fr = models.CharField(max_length=120, blank=True)
    synonyms_en = models.JSONField(default=list, blank=True)
    synonyms_fr = models.JSONField(default=list, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["taxonomy", "position", "code"]
        verbose_name = _("Category")
        verbose_name_plural = _("Categories")
        constraints = [models.UniqueConstraint(fields=["taxonomy", "code"], name="taxonomy_term_once")]

    def __str__(self) -> str:
        return f"{self.taxonomy}:{self.code}"


class Attribute(models.Model):
    """HSDS ``attribute``: a service or a program carries a term. Exactly one of the two is set."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(
        "directory.Service", null=True, blank=True, on_delete=models.CASCADE, related_name="attributes"
    )
    program = models.ForeignKey(
        "directory.Program", null=True, blank=True, on_delete=models.CASCADE, related_name="attributes"
    )
    term = models.ForeignKey(TaxonomyTerm, on_delete=models.PROTECT, related_name="attributes")

    class Meta:
        ordering = ["term__taxonomy", "term__position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(service__isnull=True) ^ models.Q(program__isnull=True),
                name="attribute_of_one_thing",
            ),
            models.UniqueConstraint(fields=["service", "term"], name="attribute_once_on_service"),
            models.UniqueConstraint(fields=["program", "term"], name="attribute_once_on_program"),
        ]
