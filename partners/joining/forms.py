"""The forms of joining, agreements and suspension."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from partners.bilingual import localized
from partners.joining import applications, suspension, texts
from partners.joining.admission import Administrator, Newcomer, Term
from partners.joining.agreements import NAME_LENGTH
from partners.models import Organization
from partners.models.organizations import PartnerKind
from partners.plain_forms import DateField, PlainForm, text_area


def kind_choices() -> list[tuple[str, str]]:
    """By their names in the reader's language, "other" last."""
    named = [(kind.value, str(kind.label)) for kind in PartnerKind if kind is not PartnerKind.OTHER]
    return [*sorted(named, key=lambda row: row[1]), (PartnerKind.OTHER.value, str(PartnerKind.OTHER.label))]


class ListedField(forms.ModelChoiceField):
    """An organization that is listed and no partner yet."""

    def __init__(self, **kwargs: Any):
        super().__init__(queryset=Organization.objects.none(), required=False, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return localized(obj, "name").text


class JoinForm(PlainForm):
    """With ``kind`` and ``organization``, as they are offered today."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = applications.may_be_named()  # type: ignore[attr-defined]
        self.fields["kind"].choices = kind_choices()  # type: ignore[attr-defined]


class ApplyForm(JoinForm):
    """The public page."""

    name = forms.CharField(label=_("Name of your organization"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind of organization"))
    organization = ListedField(
        label=_("Are you listed here already?"),
        help_text=_("Choose your organization if you find it."),
        empty_label=_("Not listed, or not sure"),
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    contact_name = forms.CharField(label=_("Your name"), max_length=NAME_LENGTH)
    contact_email = forms.EmailField(
        label=_("Your work e-mail"), help_text=_("The decision goes there. You would be the administrator.")
    )
    contact_phone = forms.CharField(
        label=_("Phone at work"), max_length=30, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    language = forms.ChoiceField(
        label=_("In which language do we write to you?"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Why do you want to join?"),
        help_text=_("What you offer and whom you help. Nothing about any person, please."),
        max_length=applications.REASON_LENGTH,
        required=False,
        widget=text_area(4),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        found = applications.may_be_named_by_everybody()
        self.fields["organization"].queryset = found  # type: ignore[attr-defined]

    def for_core(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        organization = given.pop("organization")
        return {**given, "organization_id": organization.pk if organization else None}


class AdmitForm(JoinForm):
    """Who is let in, and from when until when its first agreement runs."""

    organization = ListedField(
        label=_("Listed organization"),
        help_text=_("If none is chosen, a new organization is made with the names below."),
        empty_label=_("Make a new organization"),
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    name_fr = forms.CharField(label=_("Name in French"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind of organization"))
    starts_on = DateField(label=_("First day of the agreement"))
    ends_on = DateField(label=_("Last day of the agreement"))

    def newcomer(self, website: str = "") -> Newcomer:
        given = self.cleaned_data
        chosen = given["organization"]
        return Newcomer(
            kind=given["kind"],
            organization_id=chosen.pk if chosen else None,
            name_en=given["name_en"],
            name_fr=given["name_fr"],
            website=website,
        )

    def term(self) -> Term:
        return Term(self.cleaned_data["starts_on"], self.cleaned_data["ends_on"])


class InviteOrganizationForm(AdmitForm):
    """The same with the first administrator, who has not applied."""

    full_name = forms.CharField(label=_("First administrator"), max_length=NAME_LENGTH)
    email = forms.EmailField(label=_("Their work e-mail"))
    language = forms.ChoiceField(
        label=_("In which language do we write to them?"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )

    def administrator(self) -> Administrator:
        given = self.cleaned_data
        return Administrator(given["full_name"], given["email"], given["language"])


class RefuseForm(PlainForm):
    note = forms.CharField(
        label=_("What the organization is told"),
        help_text=_("It stands in the mail to the contact, word by word."),
        max_length=2_000,
        widget=text_area(3),
    )


class TermForm(PlainForm):
    """A new agreement for a partner."""

    starts_on = DateField(label=_("First day"))
    ends_on = DateField(label=_("Last day"))

    @classmethod
    def proposed(cls, term: tuple[datetime.date, datetime.date]) -> TermForm:
        return cls(initial={"starts_on": term[0], "ends_on": term[1]}, auto_id="term-%s")


class ReferralAddressForm(PlainForm):
    email = forms.EmailField(
        label=_("E-mail for referrals"),
        help_text=_(
            "Where nobody of the partner can sign in and answer, each referral goes there as a link."
        ),
        required=False,
    )

    @classmethod
    def of(cls, organization: Organization) -> ReferralAddressForm:
        return cls(initial={"email": organization.referral_email}, auto_id="address-%s")


class SuspendForm(PlainForm):
    reason = forms.ChoiceField(
        label=_("Why"), choices=list(suspension.REASONS.items()), widget=forms.RadioSelect
    )


class SignForm(PlainForm):
    name = forms.CharField(label=_("Name of who signs"), max_length=NAME_LENGTH)
    title = forms.CharField(
        label=_("Their office"), help_text=_("Such as executive director."), max_length=NAME_LENGTH
    )
    accepted = forms.BooleanField(
        label=_("I have read the agreement, I may bind our organization, and it agrees."),
    )


class TextForm(PlainForm):
    """A version of the agreement's text."""

    version = forms.CharField(label=_("Version"), help_text=_("Such as 2027-01."), max_length=20)
    text_en = forms.CharField(label=_("Text in English"), max_length=texts.LONGEST, widget=text_area(18))
    text_fr = forms.CharField(
        label=_("Text in French"),
        help_text=_("A line that begins with “## ” is a heading, one with “- ” an item of a list."),
        max_length=texts.LONGEST,
        widget=text_area(18),
    )


class PartnerFilter(PlainForm):
    """Nothing chosen shows everything."""

    kind = forms.ChoiceField(label=_("Kind of organization"), required=False)
    q = forms.CharField(label=_("Name"), max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Every kind")), *kind_choices()]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.asked = True  # type: ignore[attr-defined]  # components/field.html reads it
