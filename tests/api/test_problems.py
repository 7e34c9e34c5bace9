"""Bad input meets a clear refusal in the reader's language, with the right status."""

from __future__ import annotations

import uuid

import pytest

from tests.api.conftest import Ask

NOTHING = uuid.UUID(int=7)
BAD_QUERIES = [
    ("/services/?near=Z9Z9Z9", "near"),
    ("/services/?near=Nowhereville", "near"),
    ("/services/?near=%20&radius_km=5", "radius_km"),
    ("/services/?radius_km=5", "radius_km"),
    ("/services/?near=R2W&radius_km=-1", "radius_km"),
    ("/services/?age=abc", "age"),
    ("/services/?age=-3", "age"),
    ("/services/?category=nonsense", "category"),
    ("/services/?population=nonsense", "population"),
    ("/services/?organization=nonsense", "organization"),
    ("/services/?ordering=nonsense", "ordering"),
    ("/services/?accepts_referrals=perhaps", "accepts_referrals"),
    ("/services/?q=" + "x" * 201, "q"),
    ("/services/?catgory=crisis", "catgory"),
    ("/services/?page=0", "page"),
    ("/services/?page=1.5", "page"),
    ("/services/?page=99999999999999999999", "page"),
    ("/services/?page_size=101", "page_size"),
    ("/services/?page_size=-1", "page_size"),
    ("/organizations/?page_size=many", "page_size"),
    ("/organizations/?nme=x", "nme"),
    ("/programs/?page=x", "page"),
    ("/places/", "q"),
    ("/places/?q=" + "x" * 101, "q"),
    ("/workflow/?x=1", "x"),
]


@pytest.mark.parametrize(("path", "field"), BAD_QUERIES, ids=[path[:40] for path, _ in BAD_QUERIES])
def test_a_bad_query_names_its_field_in_both_languages(ask: Ask, path: str, field: str) -> None:
    said = {}
    for language in ("en", "fr"):
        answer = ask("get", path, language=language)
        body = answer.json()
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["Content-Language"] == language
        assert (body["status"], body["code"], list(body["errors"])) == (400, "invalid", [field])
        said[language] = (body["title"], body["errors"][field])
    assert said["en"][0] != said["fr"][0]
    assert said["en"][1] != said["fr"][1]


@pytest.mark.parametrize("path", ["/services/?q=%00", "/services/?q=%ff%fe", "/places/?q=a%00b"])
def test_text_that_cannot_be_read_is_refused(ask: Ask, path: str) -> None:
    english, french = ask("get", path), ask("get", path, language="fr")

    assert english.status_code == french.status_code == 400
    assert english.json()["code"] == "unreadable_text"
    assert set(english.json()) == {"type", "title", "status", "detail", "code", "errors"}
    assert english.json()["detail"] != french.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        f"/services/{NOTHING}/",
        f"/organizations/{NOTHING}/",
        f"/programs/{NOTHING}/",
        "/services/not-an-id/",
        "/nothing/here/",
    ],
)
def test_what_is_missing_is_a_problem_too(ask: Ask, path: str) -> None:
    english, french = ask("get", path), ask("get", path, language="fr")

    assert english.status_code == french.status_code == 404
    assert english["Content-Type"] == "application/problem+json"
    assert (english.json()["title"], french.json()["title"]) == ("Not found", "Introuvable")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/services/", "/categories/", "/workflow/", "/schema/"])
def test_what_is_public_is_for_reading_only(ask: Ask, method: str, path: str) -> None:
    answer = ask(method, path, body={})

    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"


def test_only_json_is_answered(ask: Ask) -> None:
    assert ask("get", "/services/", Accept="application/xml").status_code == 406


def test_the_language_is_the_one_asked_for_and_english_otherwise(ask: Ask) -> None:
    for wanted, given in (("fr-CA,fr;q=0.9", "fr"), ("de", "en"), ("fr;q=0.1,en;q=0.9", "en")):
        answer = ask("get", "/workflow/", language=wanted)
        assert answer["Content-Language"] == given
        assert "Accept-Language" in answer["Vary"]


def test_what_breaks_is_a_problem_without_its_cause(client, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unforeseen error says nothing of what caused it."""

    def broken() -> None:
        raise RuntimeError("the address of a safe house")

    monkeypatch.setattr("api.v1.workflow.workflow_body", broken)
    client.raise_request_exception = False

    answer = client.get("/api/v1/workflow/", headers={"Accept-Language": "fr"})

    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert b"safe house" not in answer.content
    assert answer.json()["code"] == "server_error"
