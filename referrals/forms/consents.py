"""Recording and withdrawing a consent."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.bilingual import localized
from partners.models import Organization
from partners.models.organizations import PartnerKind
from partners.police_channel import is_police
from referrals.consent import FIELD_GROUPS, POLICE, PROFILES
from referrals.details import REQUIRED
from referrals.forms.base import DateField, PlainForm, language_choices, no_autofill
from referrals.models import ConsentGiver, ConsentMethod
from referrals.presenting import GROUP_LABELS

DEFAULT_DAYS = 90
# Asked for, but not by the form: a draft and a refusal do without.
ASKED = ("field_groups", "how", "witness", "given_by", "given_by_reason", "expires_on", "consent_state")
WITHDRAWN_HOW = [
    ("in_person", _("In person")),
    ("phone", _("By phone")),
    ("written", _("In writing")),
    ("electronic", _("Electronically")),
]


def groups_for(organization: Organization) -> list[str]:
    """The field groups a partner of this kind may ever be told, in the fixed order."""
    profile = PROFILES.get(organization.kind, frozenset())
    return [group for group in FIELD_GROUPS if group in profile]


def end_of(day: datetime.date) -> datetime.datetime:
    """Midnight at the end of that day in Winnipeg."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 59, 59)))


def default_end() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=DEFAULT_DAYS)


class ConsentFields(PlainForm):
    """What is asked about every consent; the groups are those the partner's kind may be told."""

    field_groups = forms.MultipleChoiceField(
        label=_("What may be shared"), widget=forms.CheckboxSelectMultiple, required=False
    )
    consent_language = forms.ChoiceField(label=_("Language in which the text was read"))
    how = forms.ChoiceField(
        label=_("How the consent was given"), choices=ConsentMethod, widget=forms.RadioSelect, required=False
    )
    witness = forms.CharField(
        label=_("Witness"),
        help_text=_("Who heard it, by first name. Needed when it was spoken."),
        max_length=100,
        required=False,
        widget=no_autofill(),
    )
    given_by = forms.ChoiceField(
        label=_("Who gave the consent"), choices=ConsentGiver, required=False, initial=ConsentGiver.SELF
    )
    given_by_reason = forms.CharField(
        label=_("Why it was for that one to consent"),
        help_text=_(
            "Under 18: a mature person decides alone; a guardian only if safe for the person, never "
            "one who exploits."
        ),
        max_length=500,
        required=False,
        widget=no_autofill(),
    )
    expires_on = DateField(
        label=_("Until when"), help_text=_("At most one year."), initial=default_end, required=False
    )
    core_names = {"expires_at": "expires_on", "language": "consent_language"}

    def __init__(self, *args: Any, recipient: Organization | None, minor: bool | None = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.minor = bool(minor)
        if self.minor:
            giver = self.fields["given_by"]
            giver.choices, giver.initial = [("", "–"), *ConsentGiver.choices], ""  # type: ignore[attr-defined]
        else:
            del self.fields["given_by_reason"]
        groups = groups_for(recipient) if recipient else list(FIELD_GROUPS)
        police = recipient is not None and is_police(recipient)
        labels = {**GROUP_LABELS, "identity": _("Chosen name, and nothing else")} if police else GROUP_LABELS
        self.fields["field_groups"].choices = [(g, labels[g]) for g in groups]  # type: ignore[attr-defined]
        self.fields["consent_language"].choices = language_choices()  # type: ignore[attr-defined]
        for name in ASKED:
            if name in self.fields:
                self.fields[name].asked = True  # type: ignore[attr-defined]

    def ask_who_consents(self, given: dict[str, Any]) -> None:
        """Of a person under 18 it is said who consents and why; nothing is taken for granted."""
        for name in ("given_by", "given_by_reason"):
            if self.minor and not given.get(name) and name not in self.errors:
                self.add_error(name, REQUIRED)

    def consent_for_core(self) -> dict[str, Any]:
        given = self.cleaned_data
        end = given["expires_on"] or default_end()
        return {
            "field_groups": given["field_groups"],
            "how": given["how"],
            "witness": given["witness"],
            "given_by": given["given_by"] or ConsentGiver.SELF.value,
            "given_by_reason": given.get("given_by_reason", ""),
            "language": given["consent_language"],
            "expires_at": end_of(end),
        }


class ConsentForm(ConsentFields):
    """A consent for one partner, recorded from the client's file; a "no" is recorded alike."""

    recipient = forms.ModelChoiceField(
        label=_("Who may see it"), queryset=Organization.objects.none(), empty_label="–"
    )
    answer = forms.ChoiceField(
        label=_("What the person said"),
        choices=[("yes", _("The person said yes")), ("no", _("The person said no"))],
        widget=forms.RadioSelect,
        help_text=_("A no is recorded without penalty. You will still help."),
    )
    field_order = ("recipient", "answer")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        recipient = self.fields["recipient"]
        recipient.queryset = partners_in_network()  # type: ignore[attr-defined]  # ModelChoiceField
        recipient.label_from_instance = lambda row: localized(row, "name").text  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("answer") == "yes":
            self.ask_who_consents(given)
        return given


def partners_in_network() -> Any:
    """Who can be sent a referral: an agreement in force, and not police, whose channel is apart."""
    admitted = Organization.objects.with_agreement().exclude(kind__in=[POLICE, PartnerKind.GOVERNMENT])
    return admitted.filter(services__accepts_referrals=True).distinct().order_by("name_en", "pk")


class WithdrawConsentForm(PlainForm):
    how = forms.ChoiceField(
        label=_("How the person told you"), choices=WITHDRAWN_HOW, widget=forms.RadioSelect
    )
    told_by = forms.CharField(
        label=_("Who told you"),
        help_text=_("By first name. The person, or somebody who speaks for the person."),
        max_length=200,
        required=False,
        widget=no_autofill(),
    )

    def clean(self) -> dict[str, Any]:
        """Told face to face, nobody else can have told it."""
        given = super().clean() or {}
        if given.get("how") not in (None, "in_person") and not given.get("told_by"):
            self.add_error("told_by", REQUIRED)
        return given
