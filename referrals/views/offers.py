"""Offering a need: whom to ask, in which order; what is ready is sent, and the rest says why not."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from directory.models import Service
from partners.actor import Actor
from partners.errors import Invalid, NotSeen
from partners.roles import Capability
from referrals import alternatives, offers
from referrals.forms.needs import OfferForm
from referrals.models import Need, OfferMode
from referrals.needs import access_need
from referrals.views.shared import actor_of
from referrals.workflow import STATUS_LABELS, Status

Q_LENGTH = 200


@require_http_methods(["GET", "HEAD", "POST"])
def offers_new(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """One screen: services, their order and how they are asked. Nothing is kept before the last button.

    ``do`` is offer or send; ``add``, ``remove`` and ``up`` change the list that the page carries along.
    """
    actor = actor_of(request)
    actor.require(Capability.SEND)
    need = access_need(need_id, actor)
    chosen = _chosen(request.POST)
    do = request.POST.get("do", "")
    if do not in ("offer", "send"):
        return _screen(request, actor, need, OfferForm(initial=_typed(request.POST)), chosen)
    form = OfferForm(request.POST)
    if form.is_valid():
        mode = form.cleaned_data["mode"] if len(chosen) > 1 else OfferMode.SINGLE.value
        try:
            made = offers.offer_need(actor=actor, need_id=need_id, services=chosen, mode=mode)
        except Invalid as error:
            form.refuse(error)
        else:
            return _sent(request, actor, need_id) if do == "send" else _kept(request, need_id, len(made))
    return _screen(request, actor, need, form, chosen, status=400)


@require_POST
def offers_send(request: HttpRequest, need_id: UUID) -> HttpResponse:
    return _sent(request, actor_of(request), need_id)


@require_POST
def offer_one(request: HttpRequest, need_id: UUID, service_id: UUID) -> HttpResponse:
    """One tap: a draft for one more service, to be written on like any other."""
    actor = actor_of(request)
    single = OfferMode.SINGLE.value
    try:
        (draft,) = offers.offer_need(actor=actor, need_id=need_id, services=[service_id], mode=single)
    except Invalid as error:
        messages.error(request, str(next(iter(error.errors.values()))[0]))
        return redirect("referrals:need", need_id)
    return HttpResponseRedirect(f"{reverse('referrals:send')}?draft={draft.pk}")


def _kept(request: HttpRequest, need_id: UUID, count: int) -> HttpResponse:
    messages.success(request, _("Drafts made: %(count)s") % {"count": count})
    return redirect("referrals:need", need_id)


def _sent(request: HttpRequest, actor: Actor, need_id: UUID) -> HttpResponse:
    """Each by its code: sent, or why not."""
    for one in offers.send_offers(actor=actor, need_id=need_id):
        words = {"code": one.referral.code, "status": STATUS_LABELS[Status.SENT], "why": one.problem}
        if one.sent:
            messages.success(request, _("Referral %(code)s: %(status)s") % words)
        else:
            messages.warning(request, _("Referral %(code)s was not sent. %(why)s") % words)
    return redirect("referrals:need", need_id)


def _screen(
    request: HttpRequest, actor: Actor, need: Need, form: OfferForm, chosen: list[UUID], *, status: int = 200
) -> HttpResponse:
    q = request.POST.get("q", "").strip()[:Q_LENGTH]
    context = {
        "form": form,
        "need_id": need.pk,
        "category": need.category,
        "chosen": _in_order(chosen, actor),
        "found": [row for row in alternatives.candidates(need, actor, q) if row.pk not in chosen],
        "several": len(chosen) > 1,
    }
    return render(request, "referrals/offers_new.html", context, status=status)


def _typed(given: QueryDict) -> dict[str, str]:
    return {"q": given.get("q", "")[:Q_LENGTH], "mode": given.get("mode") or OfferMode.IN_TURN.value}


def _chosen(given: QueryDict) -> list[UUID]:
    """The list of the page with what its last button did to it."""
    ids = list(dict.fromkeys(_ids(given.getlist("chosen")) + _ids(given.getlist("add"))))[: offers.MOST]
    for gone in _ids(given.getlist("remove")):
        ids = [one for one in ids if one != gone]
    for up in _ids(given.getlist("up")):
        place = ids.index(up) if up in ids else 0
        if place:
            ids[place - 1], ids[place] = ids[place], ids[place - 1]
    return ids


def _ids(texts: Iterable[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts if text]
    except ValueError:
        raise NotSeen from None


def _in_order(chosen: list[UUID], actor: Actor) -> list[Service]:
    found = Service.objects.visible_to(actor).select_related("organization").in_bulk(chosen)
    return [found[one] for one in chosen if one in found]
