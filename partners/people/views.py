"""The pages on which an administrator keeps the members of the own organization, and a member leaves."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.access import SESSION_ORGANIZATION
from partners.actor import Actor
from partners.errors import Invalid, LastAdministrator, NotSeen
from partners.middleware import actor_of
from partners.models import Organization, User
from partners.page_links import neighbours
from partners.paging import LongPaginator
from partners.people import invitations, leaving
from partners.people import members as core
from partners.people.choices import choosable
from partners.people.forms import InviteForm, RolesForm, SuccessorForm, role_label
from partners.plain_forms import PlainForm
from partners.roles import Capability

PAGE_SIZE = 50


@require_safe
def members(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    page = LongPaginator(core.members_of(actor), PAGE_SIZE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "members": [
            {"member": member, "roles": [role_label(role) for role in member.roles]}
            for member in core.described(actor, list(page.object_list))
        ],
        "invitations": [
            {"row": row, "roles": [role_label(role) for role in row.roles], "over": row.expires_at <= now}
            for row in invitations.open_invitations(actor.organization_id)[:PAGE_SIZE]
        ],
        **neighbours(request, page),
    }
    return render(request, "partners/members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def member_invite(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.MANAGE_MEMBERS)
    organization = _organization(actor)
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        roles=choosable(actor, organization),
        initial={"language": (get_language() or "en")[:2]},
    )
    if form.is_valid():
        try:
            invitations.invite(actor, organization=organization, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("partners:members")
    return render(request, "partners/member_invite.html", {"form": form}, status=_status(form))


@require_POST
def invitation_change(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    acts = {"resend": invitations.resend, "revoke": invitations.revoke}
    actor, act = actor_of(request), acts.get(request.POST.get("do", ""))
    actor.require(Capability.MANAGE_MEMBERS)
    if act is None:
        raise NotSeen
    act(actor, invitation_id)
    messages.success(request, _("Recorded."))
    return redirect("partners:members")


@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """The roles of one member."""
    actor = actor_of(request)
    user = core.access_member(actor, user_id)
    (described,) = core.described(actor, [user])
    allowed = choosable(actor, _organization(actor))
    form = RolesForm(
        request.POST if request.method == "POST" else None,
        roles=allowed,
        successors=core.successors(actor.organization_id, user_id),
        initial={"roles": [role.value for role in described.roles]},
    )
    if form.is_valid():
        try:
            core.set_roles(
                actor=actor, user_id=user_id, roles=form.cleaned_data["roles"], successor_id=form.chosen
            )
        except (Invalid, LastAdministrator) as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("partners:members")
    others = [role_label(role) for role in described.roles if role not in allowed]
    context = {"form": form, "member": described, "others": others}
    return render(request, "partners/member.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def member_end(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """A membership is ended by an administrator."""
    actor = actor_of(request)
    user = core.access_member(actor, user_id)
    form = _successor_form(request, actor, user_id)
    if form.is_valid():
        try:
            leaving.end_membership(actor=actor, user_id=user_id, successor_id=form.chosen)
        except (Invalid, LastAdministrator) as error:
            _refuse(form, error)
        else:
            messages.success(request, _("The membership has ended."))
            return _afterwards(request, user) if user.pk == actor.user_id else redirect("partners:members")
    return render(request, "partners/member_end.html", {"form": form, "member": user}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """A member leaves the organization for which they act."""
    actor = actor_of(request)
    if actor.organization_id is None:
        raise NotSeen
    form = _successor_form(request, actor, actor.user_id)
    if form.is_valid():
        try:
            leaving.leave(actor=actor, successor_id=form.chosen)
        except (Invalid, LastAdministrator) as error:
            _refuse(form, error)
        else:
            messages.success(request, _("You have left. Your access has ended."))
            return _afterwards(request, cast(User, request.user))
    context = {"form": form, "organization": _organization(actor)}
    return render(request, "partners/leave.html", context, status=_status(form))


def _afterwards(request: HttpRequest, user: User) -> HttpResponse:
    """To another organization of theirs, or out."""
    request.session.pop(SESSION_ORGANIZATION, None)
    if Organization.objects.of_user(user.pk).exists():
        return redirect("partners:organization_switch")
    logout(request)
    return redirect("directory:index")


def _successor_form(request: HttpRequest, actor: Actor, user_id: UUID | None) -> SuccessorForm:
    data = request.POST if request.method == "POST" else None
    return SuccessorForm(data, successors=core.successors(actor.organization_id, user_id))


def _refuse(form: PlainForm, error: Invalid | LastAdministrator) -> None:
    if isinstance(error, Invalid):
        form.refuse(error)
    else:
        form.add_error(None, str(error))


def _status(form: PlainForm) -> int:
    return 400 if form.errors else 200


def _organization(actor: Actor) -> Organization:
    return Organization.objects.get(pk=actor.organization_id)
