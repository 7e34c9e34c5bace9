"""What is sent wrongly: a clear refusal in the reader's language, and nothing has changed."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.apps import apps
from django.test import Client as Browser

from api.models import IdempotencyKey
from partners.models import ApiToken, AuditEvent, AuditHead
from tests.api.conftest import Ask, token_of
from tests.api.world import World

pytestmark = pytest.mark.django_db
FORGED = str(uuid.uuid4())
PIGEON = {"methods": ["pigeon"]}
# (path, what is sent, status, what errors name or the code)
BAD: list[tuple[str, Any, int, str]] = [
    ("clients/", {}, 400, "chosen_name"),
    ("clients/", {"chosen_name": 7}, 400, "chosen_name"),
    ("clients/", {"chosen_name": ""}, 400, "chosen_name"),
    ("clients/", {"chosen_name": None}, 400, "chosen_name"),
    ("clients/", {"chosen_name": "x" * 101}, 400, "chosen_name"),
    ("clients/", {"chosen_name": "A", "birth_date": "yesterday"}, 400, "birth_date"),
    ("clients/", {"chosen_name": "A", "age_band": "old"}, 400, "age_band"),
    ("clients/", {"chosen_name": "A", "phase": 5}, 400, "phase"),
    ("clients/", {"chosen_name": "A", "phase": "two"}, 400, "phase"),
    ("clients/", {"chosen_name": "A", "safe_contact": "call"}, 400, "safe_contact"),
    (
        "clients/",
        {"chosen_name": "A", "safe_contact": {"methods": ["pigeon"]}},
        400,
        "safe_contact.methods.0",
    ),
    ("clients/", {"chosen_name": "A", "safe_contact": {"text": "yes"}}, 400, "safe_contact.text"),
    ("clients/", {"chosen_name": "A", "safe_contact": {"fax": "1"}}, 400, "safe_contact.fax"),
    ("clients/", {"chosen_name": "A", "name": "B"}, 400, "name"),
    ("clients/", [{"chosen_name": "A"}], 400, "body"),
    ("clients/", "null", 400, "body"),
    ("clients/", b'{"chosen_name": "A', 400, "malformed_json"),
    ("clients/", b'{"chosen_name": NaN}', 400, "malformed_json"),
    ("clients/", b"[" * 100_000, 400, "malformed_json"),
    ("clients/", b'{"chosen_name": "\xff\xfe"}', 400, "unreadable_text"),
    ("clients/", b'{"chosen_name": "A\\u0000"}', 400, "unreadable_text"),
    ("clients/", b'{"chosen_name": "\\ud800"}', 400, "unreadable_text"),
    ("clients/", {"chosen_name": "x" * 1_000_000}, 413, "too_large"),
    ("clients/{person}/consents/", {"recipient": "nobody"}, 400, "recipient"),
    ("clients/{person}/phases/", {"phase": True}, 400, "phase"),
    ("clients/{person}/child-protection/", {"state": "told"}, 400, "state"),
    ("clients/{forged}/phases/", {"phase": 2}, 404, "not_found"),
    ("clients/{person}/consents/", {"given_at": "9999-12-31T00:00:00Z"}, 400, "given_at"),
    ("clients/{person}/consents/", {"expires_at": "0001-01-01T00:00:00Z"}, 400, "expires_at"),
    ("consents/{consent}/withdraw/", {"how": "by post"}, 400, "how"),
    ("consents/{forged}/withdraw/", {"how": "phone"}, 404, "not_found"),
    ("needs/", {"client": "{person}", "category": "nonsense"}, 400, "category"),
    ("needs/", {"client": "{person}", "category": "food-bank", "urgency": "now"}, 400, "urgency"),
    ("needs/", {"client": "{forged}", "category": "food-bank"}, 404, "not_found"),
    ("needs/{need}/offers/", {"service": "{forged}"}, 404, "not_found"),
    ("needs/{need}/offers/", {"service": "{service}", "consent": "{forged}"}, 400, "consent"),
    ("referrals/", {"client": "{person}", "service": "{service}"}, 400, "need"),
    ("referrals/", {"client": "{person}", "service": "{service}", "need": 4}, 400, "need"),
    ("referrals/", {"client": "{person}", "service": "{service}", "need": "{forged}"}, 400, "need"),
    ("referrals/", {"client": "{person}", "service": "{service}", "need": {}}, 400, "need.category"),
    ("referrals/", {"client": "x", "service": "y", "need": "z"}, 400, "client"),
    ("referrals/{sent}/actions/withdraw/", {}, 400, "reason"),
    ("referrals/{sent}/actions/withdraw/", {"reason": "because"}, 400, "reason"),
    ("referrals/{sent}/actions/withdraw/", {"reason": "consent_withdrawn"}, 400, "reason"),
    ("referrals/{sent}/actions/withdraw/", {"reason": "safety", "date": "2026-11-01"}, 400, "date"),
    ("referrals/{sent}/actions/withdraw/", {"reason": "safety", "as": "umpire"}, 400, "as"),
    ("referrals/{sent}/actions/withdraw/", {"reason": "safety", "as": ["sender"]}, 400, "as"),
    ("referrals/{sent}/actions/withdraw/", {"reason": ["safety"]}, 400, "reason"),
    ("referrals/{sent}/actions/reopen/", {}, 404, "not_found"),
    ("referrals/{accepted}/actions/send/", {}, 409, "conflict"),
    ("referrals/{sent}/confirmation/", {}, 409, "conflict"),
    ("referrals/{forged}/actions/accept/", {}, 404, "not_found"),
    ("referrals/{sent}/messages/", {"text": ""}, 400, "text"),
    ("referrals/{accepted}/handoffs/", {"kind": "warm"}, 400, "when"),
    ("referrals/{accepted}/handoffs/", {"kind": "warm", "when": "soon"}, 400, "when"),
    ("referrals/{accepted}/handoffs/", {"kind": "teleport"}, 400, "kind"),
    ("referrals/{sent}/handoffs/", {"kind": "information_only"}, 409, "conflict"),
]


def rows() -> dict[str, int]:
    """How many rows every table holds. A refusal's own audit row is no change, nor is who asks."""
    record = {AuditEvent, AuditHead, ApiToken}
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model._meta.app_label in ("partners", "directory", "referrals", "api") and model not in record
    }


@pytest.fixture
def ids(world: World) -> dict[str, str]:
    return {**world.ids(), "forged": FORGED}


def test_each_is_refused_in_both_languages_and_changes_nothing(
    ask: Ask, world: World, ids: dict[str, str]
) -> None:
    before = rows()
    for path, body, status, named in BAD:
        said = []
        for language in ("en", "fr"):
            answer = ask("post", "/" + path.format(**ids), world.nadia, _with(body, ids), language=language)
            problem = answer.json()
            assert answer.status_code == status, (path, str(body)[:80], problem)
            assert answer["Content-Type"] == "application/problem+json"
            assert named in (*problem["errors"], problem["code"]), (path, problem)
            said.append((problem["title"], str(problem["errors"]) or problem["detail"]))
        assert said[0][0] != said[1][0], path
        assert said[0][1] != said[1][1] or said[0][1] == "{}", (path, said)
    assert rows() == before


def _with(body: Any, ids: dict[str, str]) -> Any:
    if isinstance(body, bytes) or body == "null":
        return body
    if isinstance(body, dict):
        return {name: _with(value, ids) for name, value in body.items()}
    return body.format(**ids) if isinstance(body, str) and "{" in body else body


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("sent", [b"chosen_name=A", b"x" * 1_000_000], ids=["short", "long"])
def test_only_json_is_taken(world: World, kind: str, sent: bytes) -> None:
    headers = {"Authorization": f"Bearer {token_of(world.nadia)}"}

    answer = Browser().post("/api/v1/clients/", sent, content_type=kind, headers=headers)

    assert (answer.status_code, answer["Content-Type"]) == (415, "application/problem+json")
    assert answer.json()["code"] == "unsupported_media_type"


def test_a_refused_act_may_be_sent_again_with_its_key(ask: Ask, world: World) -> None:
    for _attempt in range(2):
        assert ask("post", "/clients/", world.nadia, {"age_band": "x"}, key="k").status_code == 400
    assert not IdempotencyKey.objects.exists()
    assert ask("post", "/clients/", world.nadia, {"chosen_name": "A"}, key="k").status_code == 201
