"""Forms of what became of a referral: correcting it, confirming it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals.forms.acts import ActForm, one_of, typed_date
from referrals.forms.base import PlainForm
from referrals.models import NeedsMet
from referrals.workflow import CONFIRMATION_REASONS, CORRECTION_REASONS, OUTCOMES

REASONS = {code: label for code, label in CORRECTION_REASONS.items() if code not in CONFIRMATION_REASONS}
ANSWERS: dict[str, Any] = dict(NeedsMet.choices)


class CorrectionForm(ActForm):
    """``outcome_id``: the outcome that stood on the page, so that nobody replaces another one."""

    outcome_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    outcome = one_of(_("What became of it"), OUTCOMES)
    date = typed_date(_("Date"))
    needs_met = one_of(_("Was the need met?"), ANSWERS, required=False)
    reason = one_of(_("Why is it corrected?"), REASONS)


class ConfirmForm(PlainForm):
    """``outcome_id``: the outcome that stood on the page, so that nobody confirms another one."""

    needs_met = forms.ChoiceField(
        label=_("What does the person say: was the need met?"),
        choices=NeedsMet,
        required=False,
        widget=forms.RadioSelect,
    )
    outcome_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
