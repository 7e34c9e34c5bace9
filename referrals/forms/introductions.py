"""Leaving a name with a program, by a partner or by the person herself, and what the program answers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.bilingual import localized
from partners.models import Organization
from referrals.forms.base import DateField, PlainForm, language_choices, no_autofill, text_area
from referrals.introduction_terms import MESSAGE_LENGTH, OWN_METHODS
from referrals.introductions import END_REASONS, takers
from referrals.presenting import METHOD_LABELS

BLOCK = ("methods", "phone", "email", "hours", "voicemail", "code_word")
AGREED = ("consented_on", "no_consequence_told")
NEW, OWN = "new", "own"


class SafeContactForm(PlainForm):
    """A name, a language and the safe ways, as every door of this kind asks for them."""

    chosen_name = forms.CharField(label=_("Chosen name"), max_length=100, widget=no_autofill())
    language = forms.ChoiceField(label=_("Language"))
    methods = forms.MultipleChoiceField(
        label=_("Ways that are safe"),
        choices=list(METHOD_LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    phone = forms.CharField(
        label=_("Safe number"), max_length=30, required=False, widget=no_autofill(type="tel")
    )
    email = forms.EmailField(
        label=_("Safe e-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    hours = forms.CharField(label=_("Safe times"), max_length=200, required=False, widget=no_autofill())
    voicemail = forms.BooleanField(label=_("You may leave a voicemail"), required=False)
    code_word = forms.CharField(label=_("Code word"), max_length=60, required=False, widget=no_autofill())
    core_names = {"safe_contact": "methods"}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = language_choices()  # type: ignore[attr-defined]  # ChoiceField
        self.fields["methods"].error_messages["required"] = _("Choose at least one safe way.")

    def contact(self) -> list[forms.BoundField]:
        return [self[name] for name in BLOCK]

    def for_core(self) -> dict[str, Any]:
        """The cleaned values as ``referrals.introductions`` takes them."""
        given = dict(self.cleaned_data)
        block = {name: given.pop(name) for name in BLOCK}
        return {**given, "safe_contact": {**block, "text": "text" in block["methods"]}}


class IntroduceForm(SafeContactForm):
    """By a partner. The text is printed, read and signed before."""

    receiver = forms.ModelChoiceField(
        label=_("Program"), queryset=Organization.objects.none(), empty_label="–"
    )
    consented_on = DateField(label=_("Signed on"), initial=timezone.localdate)
    no_consequence_told = forms.BooleanField(
        label=_("I have told the person that a no has no consequence, and the text is signed.")
    )
    field_order = ("receiver", "chosen_name", "language")

    def __init__(self, *args: Any, own_id: Any, with_program: bool = True, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not with_program:  # a listing says which
            del self.fields["receiver"]
            return
        receiver = self.fields["receiver"]
        receiver.queryset = takers().exclude(pk=own_id)  # type: ignore[attr-defined]  # ModelChoiceField
        receiver.label_from_instance = lambda row: localized(row, "name").text  # type: ignore[attr-defined]

    def person(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in (*BLOCK, *AGREED)]

    def agreed(self) -> list[forms.BoundField]:
        return [self[name] for name in AGREED]

    def for_core(self) -> dict[str, Any]:
        given = super().for_core()
        if "receiver" in given:
            given["receiver_id"] = given.pop("receiver").pk
        return given


class AskForm(SafeContactForm):
    """By the person herself, on a public page: a name only if she likes, and no details."""

    message = forms.CharField(
        label=_("A short message"),
        help_text=_("No details, please: no address, no names, nothing that somebody could use against you."),
        max_length=MESSAGE_LENGTH,
        required=False,
        widget=text_area(2),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        name, methods = self.fields["chosen_name"], self.fields["methods"]
        name.label, name.required = _("A name to call you by"), False
        name.help_text = _("Any name. It does not have to be your own.")
        methods.label = _("How may we contact you?")
        methods.choices = [(one, METHOD_LABELS[one]) for one in OWN_METHODS]  # type: ignore[attr-defined]
        self.fields["phone"].label = _("Your number")
        self.fields["email"].label = _("Your e-mail")
        self.fields["hours"].label = _("When is it safe?")
        self.fields["voicemail"].label = _("You may leave me a voicemail")
        self.fields["code_word"].help_text = _(
            "A word that we say first, so that you know it is us, and that we wait to hear from you."
        )
        self.fields["message"].widget.attrs["autocomplete"] = "off"
        self.order_fields(["methods", "phone", "email", "hours", "voicemail", "code_word"])


class TakeUpForm(PlainForm):
    """A new client file, or one of the own that stands, by its code."""

    file = forms.ChoiceField(
        label=_("Client file"),
        choices=[(NEW, _("Make a new file")), (OWN, _("It is a client of ours already"))],
        widget=forms.RadioSelect,
        initial=NEW,
    )
    client_code = forms.CharField(
        label=_("Code of the client file"), max_length=7, required=False, widget=no_autofill()
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("file") == OWN and not given.get("client_code"):
            self.add_error("client_code", _("Fill in this field."))
        return given


class CloseForm(PlainForm):
    reason = forms.ChoiceField(label=_("Why"), choices=list(END_REASONS.items()), widget=forms.RadioSelect)
