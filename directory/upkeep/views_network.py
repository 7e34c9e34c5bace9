"""The pages on which keepers of the catalogue hold all listings against the truth, and against each other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.listing_page import listing_view
from directory.models import Service
from directory.proposals.words import LABELS
from directory.upkeep import duplicates, merging, samples
from directory.upkeep.accuracy import accuracy_of
from directory.upkeep.accuracy_chart import chart_of
from directory.upkeep.forms import CallForm, DrawForm, MergeForm, answer_words
from directory.upkeep.side_by_side import rows_of
from directory.vocabulary import vocabulary
from partners.errors import Invalid, NotSeen, Unmet
from partners.middleware import actor_of
from partners.roles import Capability


@require_http_methods(["GET", "HEAD", "POST"])
def samples_list(request: HttpRequest) -> HttpResponse:
    actor, form, status = actor_of(request), DrawForm(), 200
    if request.method == "POST":
        actor.require(Capability.KEEP_CATALOGUE)
        form = DrawForm(request.POST)
        if form.is_valid():
            try:
                drawn = samples.draw(actor, form.cleaned_data["size"])
            except Invalid as error:
                form.refuse(error)
            else:
                return redirect("directory:sample", sample_id=drawn.pk)
        status = 400
    told = accuracy_of(samples.samples(actor))
    context = {"form": form, "samples": told, "chart": chart_of(told)}
    return render(request, "directory/samples_list.html", context, status=status)


@require_safe
def sample(request: HttpRequest, sample_id: UUID) -> HttpResponse:
    found = samples.sample_of(actor_of(request), sample_id)
    rows = sorted(found.checks.all(), key=lambda check: (check.called_at is not None, check.pk))
    return render(
        request,
        "directory/sample.html",
        {"sample": found, "checks": rows, "accuracy": accuracy_of([found])[0]},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sample_call(request: HttpRequest, sample_id: UUID, check_id: UUID) -> HttpResponse:
    """The facts to read against, as the public reads them, and the answers."""
    actor = actor_of(request)
    check = samples.check_of(actor, check_id)
    if check.sample_id != sample_id:
        raise NotSeen
    form, status = CallForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        if form.is_valid():
            try:
                report = form.cleaned_data["report"]
                samples.record(actor, check.pk, form.answers(), report=report)
            except Invalid as error:
                form.refuse(error)
            else:
                messages.success(request, _("Recorded."))
                return redirect("directory:sample", sample_id=sample_id)
        status = 400
    service = Service.objects.for_listing().get(pk=check.service_id)
    context = {
        "check": check,
        "form": form,
        "answers": answer_words(check) if check.called_at else [],
        "listing": listing_view(service, vocabulary()),
    }
    return render(request, "directory/sample_call.html", context, status=status)


@require_safe
def duplicates_list(request: HttpRequest) -> HttpResponse:
    pairs = duplicates.suggestions(actor_of(request))
    ids = {pk for pair in pairs for pk in (pair.first, pair.second)}
    services = Service.objects.select_related("organization").in_bulk(ids)
    rows = [
        {"pair": pair, "first": services[pair.first], "second": services[pair.second], "why": _why(pair)}
        for pair in pairs
        if pair.first in services and pair.second in services
    ]
    return render(request, "directory/duplicates_list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: HttpRequest, kept_id: UUID, dropped_id: UUID) -> HttpResponse:
    """Side by side; the first is kept. The link between them turns them round."""
    actor = actor_of(request)
    actor.require(Capability.KEEP_CATALOGUE)
    kept, dropped = _two(kept_id, dropped_id)
    choices = [(name, LABELS[name]) for name in merging.offered(kept, dropped)]
    form = MergeForm(request.POST if request.method == "POST" else None, choices=choices)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                merging.merge(actor, kept.pk, dropped.pk, form.cleaned_data.get("take", []))
            except Unmet:
                pass  # the page says why
            except Invalid as error:
                form.refuse(error)
            else:
                messages.success(request, _("Recorded."))
                return redirect("directory:upkeep", service_id=kept.pk)
        status = 400
    context: dict[str, Any] = {
        "kept": kept,
        "dropped": dropped,
        "rows": rows_of(kept, dropped),
        "form": form,
        "why_not": merging.why_not(kept, dropped),
    }
    return render(request, "directory/duplicate.html", context, status=status)


@require_POST
def duplicate_apart(request: HttpRequest, kept_id: UUID, dropped_id: UUID) -> HttpResponse:
    duplicates.tell_apart(actor_of(request), kept_id, dropped_id)
    messages.success(request, _("Recorded."))
    return redirect("directory:duplicates_list")


def _two(kept_id: UUID, dropped_id: UUID) -> tuple[Service, Service]:
    found = {
        service.pk: service for service in Service.objects.for_listing().filter(pk__in=[kept_id, dropped_id])
    }
    if len(found) != 2:
        raise NotSeen
    return found[kept_id], found[dropped_id]


def _why(pair: duplicates.Pair) -> str:
    words = []
    if pair.same_phone:
        words.append(_("same phone number"))
    if pair.same_place:
        words.append(_("same address"))
    is_close = pair.alike >= duplicates.ALIKE
    words.append(_("nearly the same name") if is_close else _("similar names"))
    return ", ".join(words)
