"""Signing in by the word of another issuer (OpenID Connect). It opens accounts that exist, and makes none.

The issuer says who it is; whether they are a member stands here. The first time it must vouch for the
address of an account, which then belongs to the issuer's own number for that person; from then on the
number counts. Of what the issuer tells nothing else is kept. Our second step is asked all the same.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from partners import audit
from partners.access import account_of, memberships_of
from partners.actor import Actor, Channel
from partners.models import User

PROVIDER = "sso"
BROKEN, UNKNOWN, UNVERIFIED, CANCELLED = "broken", "unknown", "unverified", "cancelled"


class SignOnAdapter(DefaultSocialAccountAdapter):
    """Whom the issuer's word opens an account for, and one page for everybody else."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """The one of the settings; none is read from the database."""
        if settings.SIGN_ON is None or provider not in (None, PROVIDER, "openid_connect"):
            return []
        issuer = settings.SIGN_ON
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=PROVIDER,
                name=issuer.name,
                client_id=issuer.client_id,
                secret=issuer.client_secret,
                settings={"server_url": issuer.issuer, "oauth_pkce_enabled": True},
            )
        ]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """allauth has looked the issuer's number up; without an account under it the address decides."""
        if sociallogin.is_existing:
            if not sociallogin.user.is_active:
                raise _refused(request, UNKNOWN)
            return
        address = next((row for row in sociallogin.email_addresses if row.email), None)
        # Only the boolean: "false", which some issuers send as a text, is true to Python.
        if address is None or address.verified is not True:
            raise _refused(request, UNVERIFIED)
        user = account_of(address.email)
        if user is None or not user.is_active:
            raise _refused(request, UNKNOWN)
        if SocialAccount.objects.filter(user=user).exists():
            raise _refused(request, UNKNOWN)  # another person's number at the issuer has this address now
        _connect(request, sociallogin, user)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        raise _refused(request, CANCELLED if error == "cancelled" else BROKEN)


def _refused(request: HttpRequest, reason: str) -> ImmediateHttpResponse:
    return ImmediateHttpResponse(problem_page(request, reason))


def problem_page(request: HttpRequest, reason: str) -> HttpResponse:
    context = {"reason": reason, "issuer": settings.SIGN_ON.name if settings.SIGN_ON else ""}
    return render(request, "account/sign_on_problem.html", context, status=403)


def _connect(request: HttpRequest, sociallogin: SocialLogin, user: User) -> None:
    with transaction.atomic():
        sociallogin.connect(request, user)
        chains = tuple(memberships_of(user.pk).values_list("organization_id", flat=True))
        actor = Actor(channel=Channel.SESSION, user_id=user.pk)
        audit.record(audit.Entry(actor, "sign_on.connect", "user", user.pk, chains=chains))


class Issuer(OpenIDConnectOAuth2Adapter):
    """allauth's, which keeps nothing of what the issuer tells but its number for the person."""

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("no id_token")
        login = super().complete_login(request, app, token, **kwargs)
        told = login.account.extra_data
        # OpenID Connect Core 5.3.2: what is told of somebody else than the token's own must not be used.
        if told["userinfo"].get("sub") != told["id_token"].get("sub"):
            raise OAuth2Error("another subject")
        login.account.extra_data = {}
        return login


def _asked(view: Any, request: HttpRequest) -> HttpResponse:
    """An issuer that cannot be reached, or answers nonsense, leads to a page that says so."""
    if settings.SIGN_ON is None:
        raise Http404
    try:
        answer: HttpResponse = view.adapter_view(Issuer(request, PROVIDER))(request)
    except (RequestException, OAuth2Error, KeyError, TypeError, ValueError):
        return problem_page(request, BROKEN)
    return answer


@login_not_required
@require_POST
def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To sign in, and for nothing else that the library could do by the same way."""
    if any(given.get("process", "login") != "login" for given in (request.GET, request.POST)):
        raise Http404
    return _asked(OAuth2LoginView, request)


@login_not_required
@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The one page that signs somebody in by GET: OpenID Connect has it so. The state is used up by it."""
    return _asked(OAuth2CallbackView, request)
