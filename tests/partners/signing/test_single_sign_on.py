"""Single sign-on: whom the issuer's word lets in, whom it does not, and what is kept of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import NoReverseMatch, clear_url_caches, include, path, reverse

from config import env
from config import urls as every
from partners.models import AuditEvent, User
from partners.signing.sign_on_urls import routes
from tests.factories import issuer as issuers
from tests.factories.issuer import Issuer

START, BACK = "/sign-in/sso/", "/sign-in/sso/back/"
pytestmark = pytest.mark.django_db
# The URLconf of an installation with an issuer.
urlpatterns = [path("", include(routes())), *every.urlpatterns]
handler400, handler403, handler404 = every.handler400, every.handler403, every.handler404


@pytest.fixture(scope="module")
def server() -> Iterator[Issuer]:
    with issuers.running() as server:
        yield server


@pytest.fixture
def issuer(server: Issuer, settings: Any, nadia: User) -> Iterator[Issuer]:
    """It vouches for Nadia, until a test says otherwise."""
    server.person = {"sub": "248289", "email": nadia.email.upper(), "email_verified": True, "name": "Nadia"}
    server.token_sub, server.audience = "", issuers.CLIENT
    server.broken.clear()
    server.asked.clear()
    settings.SIGN_ON = env.SignOn(server.url, issuers.CLIENT, issuers.SECRET, "Province ID")
    settings.ROOT_URLCONF = __name__
    clear_url_caches()
    yield server
    clear_url_caches()


def go(client: Client, **start: str) -> str:
    """To the issuer; the state it is to give back."""
    answer = client.post(START, start)
    assert answer.status_code == 302, answer.content.decode()
    return parse_qs(urlsplit(answer["Location"]).query)["state"][0]


def come_back(client: Client, state: str, **parts: str) -> Any:
    return client.get(BACK, {"state": state, "code": issuers.CODE, **parts})


def assert_out(client: Client, page: Any, words: str) -> None:
    assert page.status_code == 403
    assert words in page.content.decode()
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()


def test_a_member_comes_in_and_of_the_issuer_only_the_number_is_kept(
    client: Client, nadia: User, issuer: Issuer
) -> None:
    page = client.get("/en/sign-in/")
    assert "Sign in with Province ID" in page.content.decode()
    answer = client.post(START, {"next": "/en/second-factor/sessions/"})
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert answer["Location"].startswith(f"{issuer.url}/authorize?")
    assert asked["redirect_uri"] == ["http://testserver/sign-in/sso/back/"]
    assert asked["code_challenge_method"] == ["S256"]

    home = come_back(client, asked["state"][0])

    assert home["Location"] == "/en/second-factor/sessions/"
    assert client.session["_auth_user_id"] == str(nadia.pk)
    account = SocialAccount.objects.get()
    assert (account.user_id, account.uid, account.extra_data) == (nadia.pk, "248289", {})
    assert not SocialToken.objects.exists()
    row = AuditEvent.objects.get(action="sign_on.connect")
    assert (row.user_id, row.chain) == (nadia.pk, nadia.memberships.get().organization_id)
    # From now on the number counts, whatever the issuer says of the address.
    issuer.person["email"], issuer.person["email_verified"] = "other@elsewhere.example", False
    client.post("/en/sign-out/")
    come_back(client, go(client))
    assert client.session["_auth_user_id"] == str(nadia.pk)
    assert SocialAccount.objects.get().extra_data == {}


@pytest.mark.parametrize("verified", [False, None, "false", "true", 1])
def test_an_address_that_was_not_checked_is_nobodys(client: Client, issuer: Issuer, verified: Any) -> None:
    issuer.person["email_verified"] = verified
    assert_out(client, come_back(client, go(client)), "does not say that your e-mail address was checked")


def test_nobody_registers_by_it(client: Client, issuer: Issuer) -> None:
    issuer.person["email"] = "new@lantern.example"
    before = User.objects.count()
    assert_out(client, come_back(client, go(client)), "No member of the network belongs to your account")
    assert User.objects.count() == before


def test_a_closed_account_stays_out(client: Client, nadia: User, issuer: Issuer) -> None:
    User.objects.filter(pk=nadia.pk).update(is_active=False)
    assert_out(client, come_back(client, go(client)), "No member of the network")
    SocialAccount.objects.create(user=nadia, provider="sso", uid="248289")
    page = come_back(client, go(client))
    assert page.status_code == 403
    assert "_auth_user_id" not in client.session


def test_an_address_given_to_another_person_opens_no_account(
    client: Client, nadia: User, issuer: Issuer
) -> None:
    come_back(client, go(client))
    client.post("/en/sign-out/")
    issuer.person["sub"] = "another"

    page = come_back(client, go(client))

    assert page.status_code == 403
    assert "_auth_user_id" not in client.session
    assert SocialAccount.objects.get().uid == "248289"


def test_the_second_step_is_asked_all_the_same(client: Client, nadia: User, issuer: Issuer) -> None:
    Authenticator.objects.create(user=nadia, type="totp", data={"secret": "x"})

    answer = come_back(client, go(client))

    assert answer["Location"] == "/en/second-factor/code/"
    assert "_auth_user_id" not in client.session


def test_where_a_second_step_is_required_it_is_set_up_first(
    client: Client, issuer: Issuer, settings: Any
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    come_back(client, go(client))
    assert client.get("/en/second-factor/sessions/")["Location"] == "/en/second-factor/set-up/"


def test_only_the_browser_that_set_out_comes_back_and_once(client: Client, issuer: Issuer) -> None:
    state = go(client)
    assert_out(client, come_back(client, "guessed"), "its answer does not fit")
    assert_out(Client(), come_back(Client(), state), "its answer does not fit")
    come_back(client, state)
    client.post("/en/sign-out/")
    assert come_back(client, state).status_code == 403
    assert client.get(BACK).status_code == 403
    assert client.get(START).status_code == 405
    assert client.post(BACK).status_code == 405


def test_stopping_at_the_issuer_says_so(client: Client, issuer: Issuer) -> None:
    page = client.get(BACK, {"state": go(client), "error": "access_denied"})
    assert_out(client, page, "You stopped at Province ID")


@pytest.mark.parametrize("fault", ["token", "userinfo", "code", "audience", "subject"])
def test_an_answer_that_does_not_fit_lets_nobody_in(client: Client, issuer: Issuer, fault: str) -> None:
    state = go(client)
    if fault in ("token", "userinfo"):
        issuer.broken.add(f"/{fault}")
    if fault == "audience":
        issuer.audience = "somebody-else"
    if fault == "subject":
        issuer.token_sub = "another"
    more = {"code": "wrong"} if fault == "code" else {}
    assert_out(client, come_back(client, state, **more), "cannot be reached")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_issuer_that_is_down_leaves_the_other_ways_in(
    client: Client, issuer: Issuer, settings: Any, language: str
) -> None:
    settings.SIGN_ON = settings.SIGN_ON._replace(issuer="http://127.0.0.1:9")
    page = client.post(START, headers={"Accept-Language": language})
    assert_out(client, page, "Province ID")
    assert f'href="/{language}/sign-in/"' in page.content.decode()


def test_without_an_issuer_there_is_no_such_way(client: Client) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("openid_connect_login", args=["sso"])
    assert client.post(START).status_code == 404
    assert "sso" not in client.get("/en/sign-in/").content.decode()


def test_its_settings_stand_together_and_speak_tls() -> None:
    full = {
        "RELAIS_OIDC_ISSUER": "https://id.example/realm/",
        "RELAIS_OIDC_CLIENT_ID": "relais",
        "RELAIS_OIDC_CLIENT_SECRET": "x",
    }
    found = env.sign_on(full)
    assert found == ("https://id.example/realm", "relais", "x", "id.example")
    assert found is not None
    assert found.origin == "https://id.example"
    assert env.sign_on({}) is None
    wrong = [{"RELAIS_OIDC_CLIENT_SECRET": ""}, {"RELAIS_OIDC_ISSUER": "http://id.example"}]
    wrong += [
        {"RELAIS_OIDC_ISSUER": value} for value in ("id.example", "https://u@id.example", "https://x/?q")
    ]
    for change in wrong:
        with pytest.raises(ImproperlyConfigured, match="RELAIS_OIDC"):
            env.sign_on(full | change)
