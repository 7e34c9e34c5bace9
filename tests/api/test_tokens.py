"""Who is asking: tokens that are scoped, expire and can be revoked, and sessions with CSRF."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone

from partners.models import ApiToken, Membership, User
from tests.api.conftest import Ask, token_of
from tests.api.world import NAME, World

pytestmark = pytest.mark.django_db


def with_token(secret: str, path: str = "/api/v1/clients/") -> int:
    return Browser().get(path, headers={"Authorization": f"Bearer {secret}"}).status_code


def test_without_a_token_401_says_how_to_sign_in(ask: Ask) -> None:
    for language, title in (("en", "Sign in first."), ("fr", "Connectez-vous d’abord.")):
        answer = ask("get", "/clients/", language=language)
        assert (answer.status_code, answer.json()["title"]) == (401, title)
        assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("secret", ["", "nonsense", "relais_", "relais_" + "x" * 5000, "relais_\xe9"])
def test_a_token_that_is_none_is_401(world: World, secret: str) -> None:
    assert with_token(secret) == 401
    # Even where no token is needed: whoever sends one wants to be known.
    assert with_token(secret, "/api/v1/services/") == 401


def test_a_token_works_until_it_expires_or_is_revoked(world: World) -> None:
    secret = token_of(world.nadia)
    assert with_token(secret) == 200

    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert with_token(secret) == 401

    ApiToken.objects.update(expires_at=timezone.now() + timedelta(days=1), revoked_at=timezone.now())
    assert with_token(secret) == 401


def test_a_token_ends_with_its_user_and_its_membership(world: World) -> None:
    secret = token_of(world.nadia)
    User.objects.filter(pk=world.nadia.user_id).update(is_active=False)
    assert with_token(secret) == 401

    User.objects.filter(pk=world.nadia.user_id).update(is_active=True)
    Membership.objects.filter(user_id=world.nadia.user_id).update(ended_at=timezone.now())
    assert with_token(secret) == 401


def test_a_token_has_its_scopes_and_no_more_than_its_user(world: World) -> None:
    answering = token_of(world.nadia, scopes=("answer",))
    greedy = token_of(world.eva, scopes=("clients", "send"))

    assert with_token(answering) == 403
    assert with_token(answering, "/api/v1/referrals/") == 200
    assert with_token(greedy) == 403


def test_a_token_is_of_one_organization(world: World) -> None:
    Membership.objects.create(
        user_id=world.nadia.user_id, organization=world.red_river, role="receiver_intake"
    )
    sent = world.referral("sent")

    answer = Browser().get(
        f"/api/v1/referrals/{sent.pk}/", headers={"Authorization": f"Bearer {token_of(world.nadia)}"}
    )

    assert answer.json()["side"] == "sender"


def test_another_scheme_counts_as_none(world: World) -> None:
    headers = {"Authorization": "Basic bmFkaWE6eA=="}

    assert Browser().get("/api/v1/services/", headers=headers).status_code == 200
    assert Browser().get("/api/v1/clients/", headers=headers).status_code == 401


@pytest.fixture
def signed_in(world: World, settings: pytest.FixtureRequest) -> Browser:
    settings.REQUIRE_SECOND_FACTOR = False
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(User.objects.get(pk=world.nadia.user_id))
    return browser


def test_a_session_reads_and_needs_a_csrf_token_to_write(signed_in: Browser) -> None:
    assert signed_in.get("/api/v1/clients/").status_code == 200

    refused = signed_in.post("/api/v1/clients/", {"chosen_name": NAME}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")

    signed_in.cookies["csrftoken"] = token = "a" * 32
    answer = signed_in.post(
        "/api/v1/clients/",
        {"chosen_name": NAME},
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 201


def test_a_token_comes_before_the_session(signed_in: Browser, world: World) -> None:
    answer = signed_in.post(
        "/api/v1/clients/",
        {"chosen_name": "Of Tom"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token_of(world.tom)}"},
    )

    assert answer.status_code == 201
    assert signed_in.get(f"/api/v1/clients/{answer.json()['id']}/").status_code == 404


def test_without_a_required_second_factor_a_session_may_do_nothing(
    signed_in: Browser, settings: pytest.FixtureRequest
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True

    assert signed_in.get("/api/v1/clients/").status_code == 403
    assert signed_in.get("/api/v1/services/").status_code == 200


def test_a_stale_session_cookie_does_not_close_what_is_public(world: World) -> None:
    browser = Browser()
    browser.cookies["sessionid"] = "x" * 32

    assert browser.get("/api/v1/services/").status_code == 200
    assert browser.get("/api/v1/clients/").status_code == 401
