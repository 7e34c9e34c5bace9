"""Sending a referral: one screen once the service and the person are chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from directory.found import listings
from directory.models import Service
from directory.search import Criteria, search_services
from partners.actor import Actor, Side
from partners.errors import ChildProtectionRequired, DomainError, Invalid, NotSeen
from partners.roles import Capability
from referrals import actions, clients, consent_acts, drafts, sending
from referrals.access import access_client, access_referral, page_referral, side_of
from referrals.ages import is_minor
from referrals.consent_texts import CONSENT_TEXTS, version_for
from referrals.forms.clients import ClientSearchForm
from referrals.forms.send import READ_NOW, STANDING, SendForm, ServiceSearchForm
from referrals.models import Client, Referral, ReferralKind
from referrals.presenting import client_line
from referrals.views.referral import show
from referrals.views.shared import actor_of, to_referral, under_18
from referrals.workflow import STATUS_LABELS, Status

CHOICES = 20


@dataclass(frozen=True)
class Offer:
    """Which person, which service, and the draft that is being written on, if there is one."""

    person: Client
    service: Service
    draft: Referral | None
    kind: str


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.SEND)
    actor.require(Capability.CLIENTS)
    given = request.POST if request.method == "POST" else request.GET
    draft = _draft(given, actor)
    client_id = draft.client_id if draft else _id(given, "client")
    service = draft.service if draft else _service(given, actor)
    if service is None:
        return _choose_service(request, actor, client_id)
    if client_id is None:
        return _choose_client(request, actor, service)
    kind = draft.kind if draft else drafts.kind_of(service)
    return _write(request, actor, Offer(access_client(client_id, actor), service, draft, kind))


def _write(request: HttpRequest, actor: Actor, offer: Offer) -> HttpResponse:
    """The screen itself. ``do`` is preview, draft or send; without one it is the first view."""
    do = request.POST.get("do", "")
    person = offer.person
    standing = sending.standing_consent(actor, person.pk, offer.service.organization_id)
    fixed: dict[str, Any] = {
        "service": offer.service,
        "standing": standing,
        "minor": is_minor(person),
        "need": offer.draft.need if offer.draft else None,
    }
    if do not in ("draft", "send"):
        first = sending.first_values(person.language, offer.draft, standing)
        initial = sending.typed(request.POST) if do else first
        form = SendForm(initial=initial, **fixed)
        return _screen(request, actor, offer, form)
    form = SendForm(request.POST, **fixed)
    if form.is_valid() and (do == "draft" or form.require_consent()):
        try:
            referral = _save(actor, offer, form)
        except Invalid as error:
            form.refuse(error)
        else:
            return _sent(request, actor, referral) if do == "send" else _kept(request, actor, referral)
    return _screen(request, actor, offer, form, status=400)


def _save(actor: Actor, offer: Offer, form: SendForm) -> Referral:
    """The consent, when it was given just now, and the draft that stands on it, both or neither."""
    given = form.cleaned_data
    wanted = {name: given[name] for name in ("category", "urgency", "note")}
    with transaction.atomic():
        if given["consent_state"] == READ_NOW:
            wanted["consent_id"] = consent_acts.record_consent(
                actor=actor,
                client_id=offer.person.pk,
                recipient_id=offer.service.organization_id,
                text_version=version_for(offer.service.organization),
                **form.consent_for_core(),
            ).pk
        elif given["consent_state"] == STANDING and form.standing:
            wanted["consent_id"] = form.standing.pk
        if offer.draft:
            return drafts.change_draft(referral_id=offer.draft.pk, actor=actor, **wanted)
        return drafts.create_draft(
            actor=actor, client_id=offer.person.pk, service_id=offer.service.pk, kind=offer.kind, **wanted
        )


def _kept(request: HttpRequest, actor: Actor, referral: Referral) -> HttpResponse:
    messages.success(request, _("Draft %(code)s saved.") % {"code": referral.code})
    return to_referral(referral.pk, actor)


def _sent(request: HttpRequest, actor: Actor, referral: Referral) -> HttpResponse:
    """Send the saved draft. What stands in the way is said on a page that leads back to the draft."""
    acting = actor.acting(Side.SENDER) if referral.sender_id == referral.receiver_id else actor
    try:
        actions.attempt(referral_id=referral.pk, action="send", actor=acting)
    except ChildProtectionRequired as error:
        return under_18(request, access_referral(referral.pk, actor), error)
    except DomainError as error:
        return show(request, referral.pk, status=error.status, problem=str(error))
    words = {"code": referral.code, "status": STATUS_LABELS[Status.SENT]}
    messages.success(request, _("Referral %(code)s: %(status)s") % words)
    return to_referral(referral.pk, acting)


def _screen(
    request: HttpRequest, actor: Actor, offer: Offer, form: SendForm, *, status: int = 200
) -> HttpResponse:
    seen = sending.preview_of(actor, offer.person, offer.service, form)
    context: dict[str, Any] = {
        "form": form,
        "service": offer.service,
        "client_id": offer.person.pk,
        "draft": offer.draft,
        "logged": offer.kind == ReferralKind.LOGGED,
        "sender": offer.draft.sender if offer.draft else sending.own_organization(actor),
        "seen": seen,
        "standing": form.standing,
        "reading": sending.reading(CONSENT_TEXTS[version_for(offer.service.organization)], seen.language),
    }
    return render(request, "referrals/send.html", context, status=status)


def _choose_service(request: HttpRequest, actor: Actor, client_id: UUID | None) -> HttpResponse:
    form = ServiceSearchForm(request.POST if request.method == "POST" else None)
    q = form.cleaned_data["q"] if form.is_valid() else ""
    found = search_services(actor=actor, criteria=Criteria(q=q, accepts_referrals=True), page_size=CHOICES)
    context = {"form": form, "found": listings(found, actor), "count": found.count, "client_id": client_id}
    return render(request, "referrals/send_service.html", context)


def _choose_client(request: HttpRequest, actor: Actor, service: Service) -> HttpResponse:
    form = ClientSearchForm(request.POST if request.method == "POST" else None)
    q = form.cleaned_data["q"] if form.is_valid() else ""
    page = clients.list_clients(actor=actor, q=q, page=1)
    page.object_list = [client_line(row) for row in page.object_list]
    context = {"form": form, "service": service, "page": page, "q": q}
    return render(request, "referrals/send_client.html", context)


def _draft(given: QueryDict, actor: Actor) -> Referral | None:
    """The draft of the own side; anything else is not there."""
    referral_id = _id(given, "draft")
    if referral_id is None:
        return None
    referral = page_referral(referral_id, actor)
    if referral.status != Status.DRAFT.value or side_of(referral, actor) is not Side.SENDER:
        raise NotSeen
    return referral


def _service(given: QueryDict, actor: Actor) -> Service | None:
    service_id = _id(given, "service")
    if service_id is None:
        return None
    services = Service.objects.visible_to(actor).select_related("organization")
    service = services.filter(pk=service_id).first()
    if service is None:
        raise NotSeen
    return drafts.open_service(actor, service_id, drafts.kind_of(service))


def _id(given: QueryDict, name: str) -> UUID | None:
    text = given.get(name, "")
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotSeen from None
