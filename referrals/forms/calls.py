"""What police answer when a worker asks them to call."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals.calls import REASONS
from referrals.forms.base import PlainForm


class CannotCallForm(PlainForm):
    reason = forms.ChoiceField(label=_("Why"), choices=list(REASONS.items()), widget=forms.RadioSelect)
