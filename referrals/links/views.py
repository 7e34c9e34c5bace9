"""The door of a one-time link, and what the sender does about links from the referral's page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from partners.bilingual import localized
from partners.errors import Conflict
from partners.rate_limit import DAY, used_up, within_limit, within_limit_of
from referrals.consent import offer_of, preview
from referrals.links import frame, opening, renewing
from referrals.links.forms import EntryForm
from referrals.links.opening import Door
from referrals.models import AnswerLink
from referrals.views.shared import actor_of, conflict, to_referral

SEE_OTHER, BAD, GONE, TOO_MANY = 303, 400, 410, 429
# Posts that opened nothing, from one address in ten minutes; and new links for one referral in a day.
ACTION, ATTEMPTS, STRETCH = "answer_link", 30, 600
AGAIN, AGAIN_A_DAY = "answer_link_again", 3


@frame.outside
@require_http_methods(["GET", "HEAD", "POST"])
def answer_link(request: HttpRequest, token: str) -> HttpResponse:
    """Reading shows a form and changes nothing, so that whoever fetches links ahead of a reader finds
    nothing and leaves nothing."""
    link = opening.find(token)
    door = opening.door_of(link)
    if link is None or door is Door.SHUT:
        return _shut(request)
    if door is Door.PREVIEW:
        return _preview(request, link)
    if door is Door.OLD:
        return _old(request, token)
    if request.method == "POST":
        return _try(request, token, link.referral_id)
    return _form(request, EntryForm())


def _try(request: HttpRequest, token: str, referral_id: UUID) -> HttpResponse:
    if used_up(request, ACTION, attempts=ATTEMPTS, seconds=STRETCH):
        return frame.shut(request, TOO_MANY)
    form = EntryForm(request.POST)
    if not form.is_valid():
        return _form(request, form, BAD)
    tried = opening.enter(token, form.cleaned_data["code"], form.cleaned_data["name"])
    if tried.secret:
        home = reverse("referrals:detail", args=[referral_id], current_app=frame.SPACE)
        response = HttpResponseRedirect(home, status=SEE_OTHER)
        frame.keep_visit(response, tried.secret)
        return response
    if not tried.left:
        return _shut(request)
    within_limit(request, ACTION, attempts=ATTEMPTS, seconds=STRETCH)
    words = ngettext(
        "This is not the code. One try is left.",
        "This is not the code. %(count)s tries are left.",
        tried.left,
    )
    form.add_error("code", words % {"count": tried.left})
    return _form(request, form, BAD)


def _form(request: HttpRequest, form: EntryForm, status: int = 200) -> HttpResponse:
    return render(request, "referrals/answer_link.html", {"form": form, **frame.bare()}, status=status)


def _shut(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        within_limit(request, ACTION, attempts=ATTEMPTS, seconds=STRETCH)
    return frame.shut(request)


def _old(request: HttpRequest, token: str, *, asked: bool = False, problem: str = "") -> HttpResponse:
    door = reverse("referrals:answer_link", args=[token], current_app=frame.SPACE)
    context = {"token": token, "asked": asked, "problem": problem, **frame.bare(door)}
    status = TOO_MANY if problem else 200 if asked else GONE
    return render(request, "referrals/answer_link_old.html", context, status=status)


def _preview(request: HttpRequest, link: AnswerLink) -> HttpResponse:
    """Code, top category and urgency: nothing of the person, and nothing to press."""
    view = preview(offer_of(link.referral))
    sender = link.referral.sender
    context = {
        "code": view.code,
        "need": view.need,
        "urgency": view.urgency,
        "urgency_label": view.urgency_label,
        "sender": localized(sender, "name").text,
        "phones": list(sender.phones.all()),
        **frame.bare(),
    }
    return render(request, "referrals/answer_link_preview.html", context)


@frame.outside
@require_POST
def answer_link_again(request: HttpRequest, token: str) -> HttpResponse:
    """A new link to the address of the old one, for who holds the old one."""
    link = opening.find(token)
    if link is None or opening.door_of(link) is not Door.OLD:
        return _shut(request)
    if not within_limit_of(str(link.referral_id), AGAIN, attempts=AGAIN_A_DAY, seconds=DAY):
        words = _("New links have been sent several times today. Look in the mailbox, or phone the sender.")
        return _old(request, token, problem=words)
    renewing.ask_again(link)
    return _old(request, token, asked=True)


@require_POST
def leave(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """Ends the half hour at once, for who sits at a computer that others use."""
    opening.leave(request.link_visit)  # type: ignore[attr-defined]  # set by frame.by_link
    response = render(request, "referrals/answer_link_left.html", frame.bare())
    frame.forget_visit(response)
    return response


@require_POST
def answer_link_new(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    try:
        renewing.new_link(referral_id=referral_id, actor=actor)
    except Conflict as error:
        return conflict(request, referral_id, error)
    messages.success(request, _("A new link is on its way. Tell them the new code by phone."))
    return to_referral(referral_id, actor, "#link")


@require_POST
def preview_link_new(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    try:
        renewing.send_preview(referral_id=referral_id, actor=actor)
    except Conflict as error:
        return conflict(request, referral_id, error)
    messages.success(request, _("A link is on its way. It shows the code and asks them to phone you."))
    return to_referral(referral_id, actor, "#link")
