"""Recording a consent from the client's file, and withdrawing one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners.errors import Conflict, Invalid
from partners.models import Organization
from partners.roles import Capability
from referrals import consent_acts, sending
from referrals.access import access_client, access_consent
from referrals.consent_texts import CONSENT_TEXTS, CURRENT_VERSION
from referrals.forms.consents import ConsentForm, WithdrawConsentForm, partners_in_network
from referrals.views.shared import actor_of


@require_http_methods(["GET", "HEAD", "POST"])
def consent_new(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """A yes or a no for one partner. The groups that this partner may never be told are cut off later."""
    actor = actor_of(request)
    actor.require(Capability.CLIENTS)
    person = access_client(client_id, actor)
    form = ConsentForm(
        request.POST if request.method == "POST" else None,
        recipient=None,
        initial={"recipient": _recipient(request), "consent_language": person.language},
    )
    if form.is_valid():
        try:
            consent_acts.record_consent(
                actor=actor,
                client_id=client_id,
                recipient_id=form.cleaned_data["recipient"].pk,
                text_version=CURRENT_VERSION,
                refused=form.cleaned_data["answer"] == "no",
                **form.consent_for_core(),
            )
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("referrals:client", client_id)
    context = {
        "form": form,
        "client_id": client_id,
        "reading": sending.reading(CONSENT_TEXTS[CURRENT_VERSION], person.language),
    }
    return render(request, "referrals/consent_new.html", context, status=400 if form.is_bound else 200)


def _recipient(request: HttpRequest) -> Organization | None:
    """The partner that a link suggests; one that cannot be chosen is no suggestion."""
    wanted = request.GET.get("recipient", "")
    return next((row for row in partners_in_network() if str(row.pk) == wanted), None)


@require_http_methods(["GET", "HEAD", "POST"])
def consent_withdraw(request: HttpRequest, consent_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    consent = access_consent(consent_id, actor)
    form = WithdrawConsentForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            consent_acts.withdraw_consent(actor=actor, consent_id=consent_id, how=form.cleaned_data["how"])
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
