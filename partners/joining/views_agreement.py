"""The agreement as the partner reads and signs it, and its texts as the network writes them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.bilingual import HTML_LANGUAGES, LANGUAGES, localized, reader_language
from partners.errors import Conflict, Invalid, NotSeen
from partners.joining import agreements, texts
from partners.joining.agreements import STATE_LABELS, State, state_of
from partners.joining.forms import ReferralAddressForm, SignForm, TextForm
from partners.joining.referral_address import set_referral_email
from partners.middleware import actor_of
from partners.models import Agreement, AgreementText, Organization, User
from partners.police_channel import is_police
from partners.roles import Capability


@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    """What waits for a signature, else what is in force; ``agreement`` asks for another one by its id."""
    return _agreement(request, _wanted(request, request.GET.get("agreement", "")))


@require_POST
def agreement_sign(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = _wanted(request, str(agreement_id))
    form = SignForm(request.POST)
    language = _language(request.POST.get("text", ""))
    if not form.is_valid():
        return _agreement(request, found, form, status=400)
    try:
        agreements.sign(actor=actor, agreement_id=agreement_id, language=language, **form.cleaned_data)
    except Invalid as error:
        form.refuse(error)
        return _agreement(request, found, form, status=400)
    except Conflict as error:
        return _agreement(request, found, form, status=error.status, problem=str(error))
    messages.success(request, _("Signed. Thank you."))
    return redirect("partners:agreement")


@require_POST
def own_referral_address(request: HttpRequest) -> HttpResponse:
    """Of the own organization, by who signs for it."""
    actor = actor_of(request)
    actor.require(Capability.SIGN_AGREEMENT)
    assert actor.organization_id is not None  # noqa: S101 - require() has asked
    form = ReferralAddressForm(request.POST, auto_id="address-%s")
    if not form.is_valid():
        return _agreement(request, _wanted(request, ""), address=form, status=400)
    set_referral_email(actor=actor, organization_id=actor.organization_id, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("partners:agreement")


def _wanted(request: HttpRequest, given: str) -> Agreement | None:
    rows = list(agreements.own_agreements(actor_of(request)))
    if given:
        found = next((row for row in rows if str(row.pk) == given), None)
        if found is None:
            raise NotSeen
        return found
    order = [State.TO_SIGN, State.IN_FORCE, State.COMING, State.ENDED, State.TERMINATED]
    return min(rows, key=lambda row: order.index(state_of(row)), default=None)


def _language(given: str) -> str:
    return given if given in LANGUAGES else reader_language()


def _agreement(
    request: HttpRequest,
    found: Agreement | None,
    form: SignForm | None = None,
    *,
    address: ReferralAddressForm | None = None,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    actor = actor_of(request)
    language = _language(request.POST.get("text") or request.GET.get("text", ""))
    user = request.user
    signs = found is not None and state_of(found) is State.TO_SIGN
    own = Organization.objects.get(pk=actor.organization_id)
    initial = {"name": user.full_name if isinstance(user, User) else ""}
    context = {
        "agreement": found,
        "state": state_of(found).value if found else "",
        "state_label": STATE_LABELS[state_of(found)] if found else "",
        "form": (form or SignForm(initial=initial)) if signs else None,
        "address_form": None if is_police(own) else address or ReferralAddressForm.of(own),
        "problem": problem,
        "all": [(row, STATE_LABELS[state_of(row)]) for row in agreements.own_agreements(actor)],
        **_reading(_text_of(found), language),
    }
    return render(request, "partners/agreement.html", context, status=status)


def _text_of(found: Agreement | None) -> AgreementText | None:
    """One that was made before there were texts is signed with the current one."""
    if found is None or found.text is not None:
        return found and found.text
    return texts.current_text() if state_of(found) is State.TO_SIGN else None


def _reading(text: AgreementText | None, language: str) -> dict[str, Any]:
    other = next(one for one in LANGUAGES if one != language)
    return {
        "text": text,
        "text_language": language,
        "text_lang": HTML_LANGUAGES[language],
        "other_text_language": other,
        "blocks": texts.blocks(localized(text, "text", language).text) if text else [],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_texts(request: HttpRequest) -> HttpResponse:
    """All versions. A POST writes a new one, or a draft anew."""
    actor = actor_of(request)
    rows = list(texts.texts(actor))
    form = TextForm(request.POST) if request.method == "POST" else TextForm(initial=_begun(rows))
    status, problem = (400 if form.is_bound else 200), ""
    if form.is_valid():
        try:
            written = texts.write(actor=actor, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        except Conflict as error:
            status, problem = error.status, str(error)
        else:
            messages.success(request, _("Saved as a draft."))
            return redirect("partners:agreement_text", written.version)
    context = {"rows": rows, "form": form, "problem": problem}
    return render(request, "partners/agreement_texts.html", context, status=status)


def _begun(rows: list[AgreementText]) -> dict[str, str]:
    """A new version begins with the words of the last one."""
    return {"text_en": rows[0].text_en, "text_fr": rows[0].text_fr} if rows else {}


@require_safe
def agreement_text(request: HttpRequest, version: str) -> HttpResponse:
    """One version as the partners read it; a draft can be changed until it is published."""
    row = texts.access_text(actor_of(request), version)
    draft = row.published_at is None
    initial = {"version": row.version, "text_en": row.text_en, "text_fr": row.text_fr}
    context = {
        "row": row,
        "form": TextForm(initial=initial) if draft else None,
        "versions": [
            (HTML_LANGUAGES[one], texts.blocks(localized(row, "text", one).text)) for one in LANGUAGES
        ],
    }
    return render(request, "partners/agreement_text.html", context)


@require_POST
def agreement_text_publish(request: HttpRequest, version: str) -> HttpResponse:
    try:
        texts.publish(actor=actor_of(request), version=version)
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Published. New agreements are made with it."))
    return redirect("partners:agreement_text", version)
