"""Programs: HSDS ``program`` with the long bilingual profile."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models import AliasKind, Organization, Provenance


class Program(Provenance):
    """A program and its profile.

    ``profile`` holds the parts that are only ever read together: objectives, core components, phases
    with their activities, secondary components, implementation notes, recognitions, evaluation,
    funding, cost, references, contact. Its shape is checked by ``directory.profiles.check``;
    texts are ``text_en``/``text_fr`` pairs, "limited information", "not applicable" and "under way"
    are values of ``value`` and ``state``, not gaps.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="programs")
    name_en = models.CharField(max_length=200, blank=True)
    name_fr = models.CharField(max_length=200, blank=True)
    summary_en = models.TextField(blank=True)
    summary_fr = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    description_fr = models.TextField(blank=True)
    clientele_en = models.TextField(blank=True)
    clientele_fr = models.TextField(blank=True)
    profile = models.JSONField(default=dict)
    as_of = models.DateField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    last_modified = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name_en", "id"]
        verbose_name = _("Program")
        verbose_name_plural = _("Programs")

    def __str__(self) -> str:
        return self.name_en or self.name_fr


class ProgramAlias(models.Model):
    """A former or other name of a program."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("fr", "Français")])
    kind = models.CharField(max_length=10, choices=AliasKind, default=AliasKind.OTHER)

    class Meta:
        ordering = ["name", "id"]
