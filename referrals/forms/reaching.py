"""Forms of the handoff and of the attempts to reach the person.

What may be chosen depends on the referral; the page sets it with ``offer``, the core checks it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals.forms.acts import one_of, typed_date
from referrals.forms.base import MomentField, PlainForm, no_autofill, text_area
from referrals.meeting_places import Place
from referrals.models import AttemptResult, ContactMethod, HandoffKind


class HandoffForm(PlainForm):
    kind = forms.ChoiceField(
        label=_("How the person gets there"), choices=HandoffKind, widget=forms.RadioSelect
    )
    when = MomentField(label=_("When"), required=False)
    location = forms.CharField(label=_("Where to meet"), required=False, widget=forms.Select)
    place = forms.CharField(
        label=_("Another place, or how to find it"), max_length=200, required=False, widget=no_autofill()
    )
    companion = forms.CharField(
        label=_("Who comes along"), max_length=200, required=False, widget=no_autofill()
    )
    ride = forms.BooleanField(label=_("Ride arranged"), required=False)
    child_care = forms.BooleanField(label=_("Child care arranged"), required=False)

    def offer(self, places: Iterable[Place]) -> HandoffForm:
        known = [(str(place.id), place.address) for place in places]
        self.fields["location"].widget.choices = [("", _("Not one of these")), *known]
        if not known:
            del self.fields["location"]
            self.fields["place"].label = _("Where to meet")
        return self


class HandoffResultForm(PlainForm):
    core_names = {"when": "moved_to"}
    result = forms.ChoiceField(
        choices=[("kept", ""), ("missed", ""), ("moved", "")], widget=forms.HiddenInput
    )
    moved_to = MomentField(label=_("New date and time"), required=False)


class AttemptForm(PlainForm):
    method = one_of(_("How you tried"), {}, required=False)
    result = one_of(_("How it went"), dict(AttemptResult.choices), required=False)
    at = MomentField(label=_("When"), required=False, help_text=_("Leave it empty for now."))
    next_on = typed_date(_("Next attempt on"), required=False)
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Only your own organization reads it."),
        required=False,
        widget=text_area(2),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("method", "result"):
            self.fields[name].asked = True  # type: ignore[attr-defined]  # the core asks for it

    def offer(self, methods: Iterable[str]) -> AttemptForm:
        self.fields["method"].widget.choices = [(code, ContactMethod(code).label) for code in methods]
        return self
