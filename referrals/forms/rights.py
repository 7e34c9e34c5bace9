"""Forms of the person's rights: find a file by its code, hold it, delete it, write down what she says."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals.forms.base import PlainForm, no_autofill, text_area
from referrals.models import HoldAuthority
from referrals.rights.corrections import STATEMENT_LENGTH


class CodeForm(PlainForm):
    """Sent by POST: a code that belongs to a person stands in no address."""

    code = forms.CharField(
        label=_("Code of the client file"),
        help_text=_("Such as K7Q-4MD."),
        max_length=7,
        widget=no_autofill(),
    )


class DeletionForm(CodeForm):
    def __init__(self, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _("Type it again. What is deleted does not come back.")


class HoldForm(PlainForm):
    authority = forms.ChoiceField(label=_("Who asks for it"), choices=HoldAuthority, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=text_area(2))


class StatementForm(PlainForm):
    statement = forms.CharField(
        label=_("What the person says"), max_length=STATEMENT_LENGTH, widget=text_area(3)
    )
    reason = forms.CharField(
        label=_("Why the file is not changed"), max_length=STATEMENT_LENGTH, widget=text_area(2)
    )
