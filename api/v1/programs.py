"""Programs and their long profiles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.inputs import Input
from api.openapi import PAGING
from api.pagination import Pages
from api.permissions import PublicRead
from api.v1.shapes import (
    Coded,
    Marks,
    Named,
    ProvenanceShape,
    Texts,
    aliases_of,
    coded,
    named,
    page_of,
    source_of,
)
from api.views import ApiView, read_query
from directory.models import Program
from partners.bilingual import other_than, reader_language
from partners.errors import NotSeen


class ProgramRow(Marks):
    id = serializers.UUIDField()
    name = serializers.CharField()
    organization = Named()
    summary = serializers.CharField(allow_blank=True)
    as_of = serializers.DateField(allow_null=True)
    verified_at = serializers.DateTimeField(allow_null=True)


class ProgramShape(ProgramRow):
    aliases = serializers.ListField(child=serializers.CharField())
    description = serializers.CharField(allow_blank=True)
    clientele = serializers.CharField(allow_blank=True)
    facets = serializers.DictField(child=Coded(many=True), help_text="Codes by vocabulary.")
    profile = serializers.DictField(
        help_text="Objectives, core components, phases, implementation, recognition, evaluation, funding. "
        "“limited_information”, “not_applicable” and “under_way” are values, not gaps."
    )
    source = ProvenanceShape()


ProgramPage = page_of(ProgramRow, "Program")
PROGRAMS = Program.objects.select_related("organization")


def program_row(program: Program) -> dict[str, Any]:
    texts = Texts(program)
    return {**_opening(program, texts), **texts.marks()}


def program_body(program: Program) -> dict[str, Any]:
    texts = Texts(program)
    facets: dict[str, list[dict[str, str]]] = {}
    for attribute in program.attributes.all():
        facets.setdefault(attribute.term.taxonomy, []).append(coded(attribute.term))
    return {
        **_opening(program, texts),
        "aliases": aliases_of(program),
        "description": texts.read("description"),
        "clientele": texts.read("clientele"),
        "facets": facets,
        "profile": in_language(program.profile, reader_language()),
        "source": source_of(program),
        **texts.marks(),
    }


def _opening(program: Program, texts: Texts) -> dict[str, Any]:
    return {
        "id": program.pk,
        "name": texts.read("name"),
        "organization": named(program.organization),
        "summary": texts.read("summary"),
        "as_of": program.as_of,
        "verified_at": program.verified_at,
    }


def in_language(value: Any, language: str) -> Any:
    """Every ``x_en``/``x_fr`` pair as one ``x``; a text in the other language only brings its mark."""
    if isinstance(value, list):
        return [in_language(inner, language) for inner in value]
    if not isinstance(value, dict):
        return value
    other = other_than(language)
    shown: dict[str, Any] = {}
    for name, inner in value.items():
        stem, _under, ending = name.rpartition("_")
        if ending not in ("en", "fr") or not stem:
            shown[name] = in_language(inner, language)
            continue
        text = value.get(f"{stem}_{language}")
        if not text and value.get(f"{stem}_{other}"):
            text, shown["content_language"] = value[f"{stem}_{other}"], other
        shown[stem] = in_language(text, language)
    return shown


class List(ApiView):
    permission_classes = [PublicRead]

    @extend_schema(operation_id="programs", summary=_("Programs"), parameters=PAGING, responses=ProgramPage)
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        return Response(Pages(request).of(PROGRAMS.all(), program_row))


class Detail(ApiView):
    permission_classes = [PublicRead]

    @extend_schema(operation_id="program", summary=_("A program’s profile"), responses=ProgramShape)
    def get(self, request: Request, program_id: UUID) -> Response:
        found = PROGRAMS.prefetch_related("aliases", "attributes__term").filter(pk=program_id).first()
        if found is None:
            raise NotSeen
        return Response(program_body(found))
