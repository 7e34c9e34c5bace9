"""Unreadable text is told, refusals are pages in the reader's language, private pages say so."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from config.middleware import CleanTextMiddleware, DomainErrorMiddleware, PrivacyHeadersMiddleware
from partners.errors import ConsentRequired, DomainError, NotSignedIn, Refused


def passing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("through", content_type="text/plain")


@pytest.mark.parametrize("query", ["q=%00", "q=%ff", "%00=1", "q=a%00b&near=R2W"])
def test_unreadable_query_is_a_page_with_a_reason(client: Client, query: str) -> None:
    answer = client.get(f"/en/about/?{query}")

    assert answer.status_code == 400
    assert "cannot be read" in answer.content.decode()


@pytest.mark.parametrize("query", ["q=%00", "q=%ff"])
def test_unreadable_query_is_a_problem_below_the_api(client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/services/?{query}")

    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert answer.json()["code"] == "unreadable_text"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("q=caf%C3%A9+ouvert", "application/x-www-form-urlencoded", 200),
        ("q=%00", "application/x-www-form-urlencoded", 400),
        ("q=%ff", "application/x-www-form-urlencoded", 400),
        ('{"q": "\\u0000"}', "application/json", 200),  # the API's own fields look at these
    ],
)
def test_form_bodies(rf: RequestFactory, body: str, content_type: str, status: int) -> None:
    request = rf.post("/en/services/", body, content_type=content_type)

    assert CleanTextMiddleware(passing)(request).status_code == status


@pytest.mark.parametrize(("text", "status"), [("café", 200), ("a\0b", 400)])
def test_multipart_bodies(rf: RequestFactory, text: str, status: int) -> None:
    assert CleanTextMiddleware(passing)(rf.post("/en/services/", {"q": text})).status_code == status


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [(Refused(), 403, "You do not have access"), (ConsentRequired(), 422, "There is no consent")],
)
def test_refusals_are_pages(rf: RequestFactory, error: DomainError, status: int, words: str) -> None:
    answer = DomainErrorMiddleware(passing).process_exception(rf.get("/en/referrals/"), error)

    assert answer is not None
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_refusals_below_the_api_and_other_errors_are_left_alone(rf: RequestFactory) -> None:
    middleware = DomainErrorMiddleware(passing)

    assert middleware.process_exception(rf.get("/api/v1/referrals/"), Refused()) is None
    assert middleware.process_exception(rf.get("/en/referrals/"), ValueError()) is None


def test_somebody_not_signed_in_is_sent_to_sign_in(rf: RequestFactory) -> None:
    answer = DomainErrorMiddleware(passing).process_exception(rf.get("/en/referrals/"), NotSignedIn())

    assert answer is not None
    assert answer.headers["Location"].endswith("/sign-in/?next=/en/referrals/")


def test_signed_in_pages_are_not_indexed(client: Client) -> None:
    assert "X-Robots-Tag" not in client.get("/en/safety/").headers
    assert client.get("/en/audit/").headers["X-Robots-Tag"] == "noindex, nofollow"


def test_what_says_nothing_of_caches_is_not_stored(rf: RequestFactory) -> None:
    def cached(request: HttpRequest) -> HttpResponse:
        answer = passing(request)
        answer.headers["Cache-Control"] = "max-age=60"
        return answer

    assert PrivacyHeadersMiddleware(passing)(rf.get("/x"))["Cache-Control"] == "no-store"
    assert PrivacyHeadersMiddleware(cached)(rf.get("/x"))["Cache-Control"] == "max-age=60"
