"""The tree of service categories."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.inputs import Input
from api.pagination import whole
from api.permissions import PublicRead
from api.shared import shared_answer
from api.v1.shapes import Coded, page_of
from api.views import ApiView, read_query
from directory.models import Taxonomy, TaxonomyTerm
from partners.bilingual import localized


class CategoryShape(Coded):
    description = serializers.CharField(allow_blank=True)
    children = serializers.SerializerMethodField()

    @extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/Category"}})
    def get_children(self, category: Any) -> None:
        """Only the schema asks."""

    class Meta:
        ref_name = "Category"


CategoryPage = page_of(CategoryShape, "Category")


def tree() -> list[dict[str, Any]]:
    """The top categories, each with its children; one query."""
    terms = TaxonomyTerm.objects.filter(taxonomy=Taxonomy.CATEGORY).order_by("position", "code")
    bodies = {term.pk: _body(term) for term in terms}
    top = []
    for term in terms:
        siblings = bodies[term.parent_id]["children"] if term.parent_id else top
        siblings.append(bodies[term.pk])
    return top


def _body(term: TaxonomyTerm) -> dict[str, Any]:
    return {
        "code": term.code,
        "name": localized(term, "name").text,
        "description": localized(term, "description").text,
        "children": [],
    }


class List(ApiView):
    permission_classes = [PublicRead]

    @extend_schema(operation_id="categories", summary=_("The tree of categories"), responses=CategoryPage)
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        return shared_answer(request, whole(tree()))
