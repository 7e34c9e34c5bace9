"""The lock, what tells a page that it is still in use, the open sessions, and the recovery codes."""

from __future__ import annotations

import re
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import audit
from partners.errors import NotSeen
from partners.middleware import actor_of
from partners.models import OpenSession, User
from partners.rate_limit import DAY, used_up_by, within_limit_of
from partners.signing import idle, kept, sessions
from partners.signing.forms import Unlock
from partners.signing.passkeys import PasskeyAgain

TRIES = 5
FEW_CODES = 3
NUMBER = re.compile(r"[0-9]{1,18}")


@require_http_methods(["GET", "HEAD", "POST"])
def locked(request: HttpRequest) -> HttpResponse:
    """Says nothing of who works here or on what. The session's own member opens it again, or ends it."""
    form = Unlock(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method != "POST":
        if not idle.is_locked(request):
            return redirect(_next(request, request.GET.get("next", "")))
        return render(request, "account/locked.html", {"form": form})
    with_passkey = "credential" in request.POST
    form.fields["password"].required = not with_passkey
    if not with_passkey and not form.is_valid():
        return _refused(request, form)
    subject = f"{request.session.session_key}:{request.session.get(idle.PROVED_AT)}"
    allowed = within_limit_of(subject, "unlock", attempts=TRIES, seconds=DAY)
    if allowed and _proves(request, form, with_passkey=with_passkey):
        idle.prove(request)
        return _opened(request)
    if not allowed or used_up_by(subject, "unlock", attempts=TRIES, seconds=DAY):
        return _ended(request)
    form.add_error(None if with_passkey else "password", _wrong(with_passkey))
    return _refused(request, form)


def _proves(request: HttpRequest, form: Unlock, *, with_passkey: bool) -> bool:
    user = cast(User, request.user)
    if not with_passkey:
        return user.check_password(form.cleaned_data["password"])
    answer = PasskeyAgain(user=user, data=request.POST)
    if not answer.is_valid():
        return False
    answer.save()
    return True


def _wrong(with_passkey: bool) -> str:
    if with_passkey:
        return _("This passkey was not accepted. Try again, or use another way.")
    return _("The password is not right.")


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _refused(request: HttpRequest, form: Unlock) -> HttpResponse:
    if _wants_json(request):
        error = next(iter(form.errors.values()))[0] if form.errors else ""
        return JsonResponse({"locked": True, "error": error})
    return render(request, "account/locked.html", {"form": form})


def _ended(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.error(request, _("Five wrong tries: the session has ended. Sign in again."))
    if _wants_json(request):
        return JsonResponse({"locked": True, "url": reverse("account_login")})
    return redirect("account_login")


def _opened(request: HttpRequest) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"locked": False, "left": settings.IDLE_MINUTES * 60})
    form = kept.unseal(request, request.POST.get("kept", ""))
    if form is not None:
        return render(request, "account/kept_form.html", {"kept": form})
    return redirect(_next(request, request.POST.get("next", "")))


def _next(request: HttpRequest, asked: str) -> str:
    own = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if own else reverse(settings.LOGIN_REDIRECT_URL)


@require_http_methods(["GET", "HEAD", "POST"])
def active(request: HttpRequest) -> HttpResponse:
    """GET: how many seconds are left. POST: somebody is typing. What is locked stays locked."""
    left = max(0, int(idle.seconds_left(request)))
    if request.method == "POST" and left:
        idle.count_as_active(request)
        left = settings.IDLE_MINUTES * 60
    return JsonResponse({"left": left})


@require_http_methods(["GET", "HEAD", "POST"])
def open_sessions(request: HttpRequest) -> HttpResponse:
    """One's own alone; another member's number answers like one that does not exist."""
    user = cast(User, request.user)
    mine = request.session.session_key
    if request.method == "POST":
        _end_others(request, sessions.of_user(user.pk).exclude(session_key=mine))
        messages.success(request, _("Ended. Whoever was there has to sign in again."))
        return redirect("account_sessions")
    rows = list(sessions.of_user(user.pk)[: sessions.MOST])
    current = next((row for row in rows if row.session_key == mine), None)
    others_open = [row for row in rows if row is not current]
    return render(request, "account/sessions.html", {"current": current, "others": others_open})


def _end_others(request: HttpRequest, others: QuerySet[OpenSession]) -> None:
    asked = request.POST.get("session", "")
    if asked != "others":
        others = others.filter(pk=int(asked) if NUMBER.fullmatch(asked) else 0)
    with transaction.atomic():
        count = sessions.end(others)
        if not count and asked != "others":
            raise NotSeen
        actor = actor_of(request)
        audit.record(audit.Entry(actor, "session.end", "user", actor.user_id, details={"sessions": count}))


class YourSignIn(IndexView):
    """What protects the account, and what of it runs out."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        held = context["authenticators"]
        codes = held.get(Authenticator.Type.RECOVERY_CODES)
        left = len(codes.get_unused_codes()) if codes else None
        context["few_codes"] = left if left is not None and left <= FEW_CODES else None
        context["has_app"] = Authenticator.Type.TOTP in held
        context["has_passkeys"] = Authenticator.Type.WEBAUTHN in held
        return context


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes not used yet; a new set must be said to be kept before anything else opens."""
    held = get_object_or_404(Authenticator, user=request.user, type=Authenticator.Type.RECOVERY_CODES).wrap()
    if request.method == "POST":
        held.mark_as_viewed()
        return redirect("mfa_index")
    codes = held.get_unused_codes()
    context = {"codes": codes, "is_new": not held.did_view, "is_few": len(codes) <= FEW_CODES}
    return render(request, "mfa/recovery_codes/index.html", context)
