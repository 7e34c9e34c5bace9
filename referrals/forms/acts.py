"""Forms of the referral's actions and steps.

The fields only draw: ``referrals.details`` reads what was typed and says what is wrong with it, for
pages and API alike, in the order see, side, consent, details, state.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.errors import Invalid
from referrals.details import UNKNOWN
from referrals.files import ACCEPTED, EMPTY
from referrals.forms.base import PlainForm, text_area
from referrals.models import NeedsMet
from referrals.workflow import (
    DECLINE_REASONS,
    OUTCOMES,
    SYSTEM_WITHDRAW_REASONS,
    VOID_REASONS,
    WITHDRAW_REASONS,
)

OWN_WITHDRAW_REASONS = {
    code: label for code, label in WITHDRAW_REASONS.items() if code not in SYSTEM_WITHDRAW_REASONS
}


def one_of(label: Any, choices: dict[str, Any], **kwargs: Any) -> forms.CharField:
    """Radio buttons that leave the check of the code to the core."""
    return forms.CharField(label=label, widget=forms.RadioSelect(choices=list(choices.items())), **kwargs)


def typed_date(label: Any, **kwargs: Any) -> forms.CharField:
    """A date control that leaves the reading of the date to the core."""
    return forms.CharField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **kwargs)


def today() -> str:
    return timezone.localdate().isoformat()


class ActForm(PlainForm):
    """The details of one action. ``given`` hands them on as they were typed."""

    def given(self) -> dict[str, str]:
        typed = {name: self.data.get(name, "").strip() for name in self.fields}
        return {name: value for name, value in typed.items() if value}

    def refuse(self, error: Invalid) -> None:
        self.full_clean()
        self.errors.clear()
        super().refuse(error)


class DeclineForm(ActForm):
    reason = one_of(_("Why"), DECLINE_REASONS, help_text=_("The reason helps to find another service."))
    note = forms.CharField(label=_("Note"), required=False, widget=text_area(2))


class WaitlistForm(ActForm):
    expected_date = typed_date(_("A place is expected on"), required=False)
    unknown = forms.BooleanField(label=_("The date is not known"), required=False)

    def given(self) -> dict[str, str]:
        typed = super().given()
        if typed.pop("unknown", ""):
            typed["expected_date"] = UNKNOWN
        return typed


class StartServiceForm(ActForm):
    date = typed_date(_("First day of service"), initial=today)


class CloseForm(ActForm):
    outcome = one_of(_("Outcome"), OUTCOMES)
    date = typed_date(_("Date"), initial=today)
    needs_met = one_of(_("Was the need met?"), dict(NeedsMet.choices), required=False)
    note = forms.CharField(label=_("Note"), required=False, widget=text_area(2))

    def __init__(self, *args: Any, with_note: bool = True, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not with_note:
            del self.fields["note"]


class WithdrawForm(ActForm):
    reason = one_of(_("Why"), OWN_WITHDRAW_REASONS)


class VoidForm(ActForm):
    reason = one_of(_("Why"), VOID_REASONS)


ACTION_FORMS: dict[str, type[ActForm]] = {
    "decline": DeclineForm,
    "waitlist": WaitlistForm,
    "start_service": StartServiceForm,
    "close": CloseForm,
    "withdraw": WithdrawForm,
    "void": VoidForm,
}


def form_for(action: str, data: Any = None, *, with_note: bool = True) -> ActForm | None:
    """The action's form, or None where it needs no details. Ids carry the action's name."""
    form = ACTION_FORMS.get(action)
    if form is None:
        return None
    auto_id = f"{action}-%s"
    if form is CloseForm:
        return CloseForm(data, auto_id=auto_id, with_note=with_note)
    return form(data, auto_id=auto_id)


class MessageForm(PlainForm):
    text = forms.CharField(
        label=_("Message"),
        help_text=_("No names and nothing that identifies: use the code."),
        max_length=2000,
        widget=text_area(3),
    )
    # What the page showed: who replies has read that much.
    until = forms.DateTimeField(required=False, widget=forms.HiddenInput)


class ReadForm(PlainForm):
    until = forms.DateTimeField(required=False, widget=forms.HiddenInput)


class DocumentForm(PlainForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, PNG or JPEG, at most 10 MB. The place that a photo records is removed."),
        error_messages={"empty": EMPTY},
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )
