"""Recording a consent from the client's file, its own page, the sheet to sign, and withdrawing one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partners.actor import Actor
from partners.bilingual import reader_language
from partners.errors import Conflict, Invalid, NotSeen
from partners.models import Organization
from partners.roles import Capability
from referrals import consent_acts, consent_papers, presenting, sending
from referrals.access import access_client, access_consent
from referrals.ages import is_minor
from referrals.consent_texts import CONSENT_TEXTS, version_for
from referrals.forms.consents import ConsentForm, WithdrawConsentForm, partners_in_network
from referrals.models import Client
from referrals.views.shared import actor_of


@require_http_methods(["GET", "HEAD", "POST"])
def consent_new(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """A yes or a no for one partner; with a former yes, what it was, and nothing ticked beforehand."""
    actor = actor_of(request)
    actor.require(Capability.CLIENTS)
    person = access_client(client_id, actor)
    recipient = _recipient(request)
    form = ConsentForm(
        request.POST if request.method == "POST" else None,
        recipient=recipient,
        minor=is_minor(person),
        initial={"recipient": recipient, "consent_language": person.language},
    )
    if form.is_valid():
        chosen = form.cleaned_data["recipient"]
        try:
            consent_acts.record_consent(
                actor=actor,
                client_id=client_id,
                recipient_id=chosen.pk,
                text_version=version_for(chosen),
                refused=form.cleaned_data["answer"] == "no",
                **form.consent_for_core(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("referrals:client", client_id)
    return _asked(request, actor, person, form, recipient)


def _asked(
    request: HttpRequest, actor: Actor, person: Client, form: ConsentForm, recipient: Organization | None
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "client_id": person.pk,
        "recipient": recipient,
        "language": person.language,
    }
    if recipient is not None:
        ticked = form["field_groups"].value() or ()
        former = consent_papers.former_choice(actor=actor, client_id=person.pk, recipient_id=recipient.pk)
        context["seen"] = sending.preview_of_consent(actor, person.pk, recipient, ticked)
        context["former"] = former
        if former is not None:
            context["former_groups"] = presenting.groups_in_words(former.field_groups)
            context["former_state"] = presenting.consent_state(former)[1]
    version = version_for(recipient) if recipient else consent_papers.CURRENT_VERSION
    context["reading"] = sending.reading(CONSENT_TEXTS[version], person.language)
    return render(request, "referrals/consent_new.html", context, status=400 if form.is_bound else 200)


def _recipient(request: HttpRequest) -> Organization | None:
    """The partner that a link or the form names; one that cannot be chosen is no suggestion."""
    wanted = request.POST.get("recipient") or request.GET.get("recipient", "")
    return next((row for row in partners_in_network() if str(row.pk) == wanted), None)


@require_safe
def consent(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    """The row as it stands, the text that was read, and the history for this partner."""
    file = consent_papers.open_consent(actor=actor_of(request), consent_id=consent_id)
    row = file.consent
    context = {
        "row": row,
        "state": presenting.consent_state(row),
        "groups": presenting.groups_in_words(row.field_groups),
        "read_in": presenting.language_name(row.language),
        "how": row.get_how_display(),  # type: ignore[attr-defined]  # Django makes these
        "given_by": row.get_given_by_display(),  # type: ignore[attr-defined]
        "withdrawn_how": dict(WithdrawConsentForm.base_fields["how"].choices).get(  # type: ignore[attr-defined]
            row.withdrawn_how, ""
        ),
        "text": file.text,
        "text_language": file.language,
        "history": [
            (one, *presenting.consent_state(one), presenting.groups_in_words(one.field_groups))
            for one in file.history
        ],
    }
    return render(request, "referrals/consent.html", context)


@require_safe
def consent_text(request: HttpRequest) -> HttpResponse:
    """The sheet to read and sign. It holds nothing of any person."""
    given = request.GET
    sheet = consent_papers.paper(
        actor=actor_of(request),
        recipient_id=_id(given.get("recipient", "")),
        groups=[group for group in ",".join(given.getlist("groups")).split(",") if group],
        language=given.get("language") or reader_language(),
        version=given.get("version", ""),
    )
    return render(request, "referrals/consent_text.html", {"sheet": sheet})


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotSeen from None


@require_http_methods(["GET", "HEAD", "POST"])
def consent_withdraw(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    consent = access_consent(consent_id, actor)
    form = WithdrawConsentForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            consent_acts.withdraw_consent(actor=actor, consent_id=consent_id, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            messages.warning(request, str(error))
            return redirect("referrals:client", consent.client_id)
        else:
            messages.success(request, _("Consent withdrawn. The partner sees nothing more."))
            return redirect("referrals:client", consent.client_id)
    context = {"form": form, "client_id": consent.client_id, "recipient": consent.recipient}
    return render(request, "referrals/consent_withdraw.html", context, status=400 if form.is_bound else 200)
