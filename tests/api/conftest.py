"""Asking the API: as nobody, by token, in either language; and holding answers against the schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jsonschema
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.test.client import MULTIPART_CONTENT

from api.v1.docs import document
from partners.access import create_token
from partners.actor import Actor
from partners.models import Organization, User
from tests.api.world import World


@dataclass(frozen=True)
class Upload:
    """A body that is a file in a form, instead of JSON."""

    content: bytes
    name: str = "scan.png"
    fields: dict[str, str] = field(default_factory=dict)


Ask = Callable[..., HttpResponse]
Fits = Callable[[HttpResponse], Any]


@pytest.fixture
def ask(db: None) -> Ask:
    """``ask("post", "/referrals/", actor, {...}, language="fr", key="k1")`` answers the response.

    ``actor`` has a token of its own, made at the first question.
    """
    tokens: dict[tuple[Any, Any], str] = {}

    def send(
        method: str,
        path: str,
        actor: Actor | None = None,
        body: Any = None,
        *,
        language: str = "en",
        key: str | None = None,
        **headers: str,
    ) -> HttpResponse:
        sent = {"Accept-Language": language, **{n.replace("_", "-"): v for n, v in headers.items()}}
        if actor is not None:
            who = (actor.user_id, actor.organization_id)
            if who not in tokens:
                tokens[who] = token_of(actor)
            sent["Authorization"] = f"Bearer {tokens[who]}"
        if key is not None:
            sent["Idempotency-Key"] = key
        kind = "application/json"
        if isinstance(body, Upload):
            file = SimpleUploadedFile(body.name, body.content, "application/octet-stream")
            data, kind = {"file": file, **body.fields}, MULTIPART_CONTENT
        else:
            data = body if isinstance(body, bytes | str) else json.dumps(body or {}, default=str)
        extra = {} if method == "get" else {"data": data, "content_type": kind}
        return getattr(Client(), method)(f"/api/v1{path}", headers=sent, **extra)

    return send


def token_of(actor: Actor, scopes: tuple[str, ...] = (), days: int = 1) -> str:
    user = User.objects.get(pk=actor.user_id)
    organization = Organization.objects.get(pk=actor.organization_id)
    return create_token(user, organization, list(scopes), days)


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def fits() -> Fits:
    """``fits(answer)`` holds an answer against what the OpenAPI document says of it, and gives its body."""
    return check_answer


def check_answer(answer: HttpResponse) -> Any:
    described = document("en")
    route = "/api/v1/" + answer.wsgi_request.resolver_match.route.removeprefix("api/v1/")
    for part in ("uuid:", "slug:", "path:"):
        route = route.replace(f"<{part}", "{")
    operation = described["paths"][route.replace(">", "}")][answer.wsgi_request.method.lower()]
    content = operation["responses"][str(answer.status_code)]["content"]
    media_type = answer["Content-Type"].split(";")[0]
    schema = {"$ref": "#" + content[media_type]["schema"]["$ref"].removeprefix("#")}
    checker = jsonschema.Draft202012Validator({**schema, "components": described["components"]})
    checker.validate(answer.json())
    return answer.json()
