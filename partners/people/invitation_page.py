"""The page behind the link of an invitation. Looking at it changes nothing: scanners of mail fetch links."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from partners.access import SESSION_ORGANIZATION
from partners.errors import Conflict, Invalid
from partners.models import User
from partners.people import accepting
from partners.people.accepting import InvitationEnded, Opened, Way
from partners.people.choices import LINES
from partners.people.forms import JoinForm, role_label
from partners.rate_limit import within_limit
from partners.roles import Role
from partners.signing import idle

TRIES, SECONDS = 20, 300


@login_not_required
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    response = _answer(request, token)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    # In a session that nobody uses nothing is taken up: whoever is there shows first who they are.
    user = request.user if isinstance(request.user, User) and not idle.is_locked(request) else None
    try:
        opened = accepting.open_invitation(token, user)
        if request.method == "POST":
            if not within_limit(request, "invitation", attempts=TRIES, seconds=SECONDS):
                return render(request, "partners/invitation.html", {"opened": None, "busy": True}, status=429)
            if opened.way is Way.NEW:
                return _join(request, token, opened)
            if opened.way is Way.ACCEPT and user is not None:
                return _accept(request, token, user)
    except InvitationEnded as ended:
        return render(
            request, "partners/invitation.html", {"opened": None, "busy": False}, status=ended.status
        )
    return _page(request, opened, _form(None, opened))


def _join(request: HttpRequest, token: str, opened: Opened) -> HttpResponse:
    form = _form(request, opened)
    if not form.is_valid():
        return _page(request, opened, form, 400)
    given = {name: form.cleaned_data[name] for name in ("full_name", "language", "password")}
    try:
        user = accepting.accept_as_new(token, **given)
    except Invalid as error:
        form.refuse(error)
        return _page(request, opened, form, 400)
    except Conflict:
        return redirect("partners:invitation", token)
    request.session[SESSION_ORGANIZATION] = str(opened.invitation.organization_id)
    record_authentication(request, user, method="password", email=user.email)
    # Who had a second factor before is asked for it now; who has none is led to set it up.
    return perform_login(request, Login(user=user, email=user.email))


def _accept(request: HttpRequest, token: str, user: User) -> HttpResponse:
    taken_up = accepting.accept_as_member(token, user)
    request.session[SESSION_ORGANIZATION] = str(taken_up.organization_id)
    messages.success(request, _("You are a member now, and act for this organization."))
    return redirect("partners:organization")


def _form(request: HttpRequest | None, opened: Opened) -> JoinForm:
    row = opened.invitation
    return JoinForm(
        request.POST if request else None, initial={"full_name": row.full_name, "language": row.language}
    )


def _page(request: HttpRequest, opened: Opened, form: JoinForm, status: int = 200) -> HttpResponse:
    roles = [Role(role) for role in opened.invitation.roles if role in set(Role)]
    context = {
        "opened": opened,
        "busy": False,
        "way": opened.way.value,
        "organization": opened.invitation.organization,
        "roles": [(role_label(role), LINES[role]) for role in roles],
        "form": form,
    }
    return render(request, "partners/invitation.html", context, status=status)
