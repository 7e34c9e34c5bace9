"""The OpenAPI document is valid, complete and quiet, in both languages."""

from __future__ import annotations

import re

import pytest
from django.urls import get_resolver
from openapi_spec_validator import OpenAPIV31SpecValidator

from api import urls
from tests.api.conftest import Ask

UNDESCRIBED = {"schema", "docs", "missing"}


def test_it_is_valid_openapi_3_1(ask: Ask) -> None:
    described = ask("get", "/schema/").json()

    assert described["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(described).validate()


def test_every_address_is_described(ask: Ask) -> None:
    described = ask("get", "/schema/").json()["paths"]

    wanted = {
        "/api/v1/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(entry.pattern))
        for entry in urls.urlpatterns
        if entry.name not in UNDESCRIBED
    }
    assert set(described) == wanted


def test_every_operation_says_how_it_refuses(ask: Ask) -> None:
    for path, operations in ask("get", "/schema/").json()["paths"].items():
        for method, operation in operations.items():
            answers = operation["responses"]
            closed = bool(operation.get("security"))
            assert "400" in answers, path
            assert ({"401", "403"} <= set(answers)) is closed, path
            assert ("409" in answers) is (method in ("post", "patch")), path
            assert operation["summary"], path


def test_summaries_are_in_the_language_asked_for(ask: Ask) -> None:
    english, french = ask("get", "/schema/").json(), ask("get", "/schema/", language="fr").json()

    assert english["paths"]["/api/v1/services/"]["get"]["summary"] == "Search for services"
    for path, operations in english["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"] != french["paths"][path][method]["summary"] or path in SAME_WORDS


SAME_WORDS = {"/api/v1/referrals/{referral_id}/messages/"}


def test_yaml_is_given_to_who_asks_for_it(ask: Ask) -> None:
    answer = ask("get", "/schema/", Accept="application/vnd.oai.openapi")

    assert answer.content.startswith(b"openapi: 3.1")


def test_the_page_to_try_it_is_offline_and_has_nothing_inline(ask: Ask) -> None:
    answer = ask("get", "/docs/")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert not answer.cookies
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|https?://", page)
    assert "script-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_the_version_is_part_of_the_address() -> None:
    assert {str(p.pattern) for p in get_resolver().url_patterns if "api" in str(p.pattern)} == {"api/v1/"}
