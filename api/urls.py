"""Addresses of the API, version 1."""

from django.urls import path

from api.v1 import (
    categories,
    docs,
    organizations,
    places,
    programs,
    services,
    vocabularies,
    workflow,
)
from api.views import Missing

app_name = "api"
urlpatterns = [
    path("services/", services.List.as_view(), name="services"),
    path("services/<uuid:service_id>/", services.Detail.as_view(), name="service"),
    path("organizations/", organizations.List.as_view(), name="organizations"),
    path("organizations/<uuid:organization_id>/", organizations.Detail.as_view(), name="organization"),
    path("programs/", programs.List.as_view(), name="programs"),
    path("programs/<uuid:program_id>/", programs.Detail.as_view(), name="program"),
    path("categories/", categories.List.as_view(), name="categories"),
    path("vocabularies/", vocabularies.List.as_view(), name="vocabularies"),
    path("places/", places.List.as_view(), name="places"),
    path("workflow/", workflow.Table.as_view(), name="workflow"),
    path("schema/", docs.Schema.as_view(), name="schema"),
    path("docs/", docs.Docs.as_view(), name="docs"),
    path("<path:rest>/", Missing.as_view(), name="missing"),
]
