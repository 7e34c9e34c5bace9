"""Who may open a file, opening it all the same, and sharing on another legal basis than consent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partners.bilingual import localized
from partners.models import Organization, User
from referrals.forms.base import PlainForm, no_autofill, text_area
from referrals.models import LegalBasis
from referrals.presenting import GROUP_LABELS


class CareTeamForm(PlainForm):
    """Restricted or not, and to whom. The core decides who may say so."""

    restricted = forms.BooleanField(
        label=_("Only the care team may open this file"),
        help_text=_("For everybody else it is as if the file did not exist."),
        required=False,
    )
    members = forms.ModelMultipleChoiceField(
        label=_("Care team"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, colleagues: QuerySet[User], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = colleagues  # type: ignore[attr-defined]  # ModelMultipleChoiceField

    def for_core(self) -> dict[str, Any]:
        chosen = self.cleaned_data["members"]
        return {"restricted": self.cleaned_data["restricted"], "members": [user.pk for user in chosen]}


class BreakGlassForm(PlainForm):
    code = forms.CharField(
        label=_("Code of the client file"),
        help_text=_("The whole code, such as K7Q-4MD. Nothing is searched."),
        max_length=7,
        widget=no_autofill(),
    )
    reason = forms.CharField(
        label=_("Why you must open it now"),
        help_text=_("The privacy officer reads this."),
        max_length=1000,
        widget=text_area(),
    )


class SharingForm(PlainForm):
    """Asking for it. Nothing is ticked beforehand."""

    basis = forms.ChoiceField(label=_("Legal basis"), choices=LegalBasis, widget=forms.RadioSelect)
    recipient_organization = forms.ModelChoiceField(
        label=_("Organization that gets it"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label="–",
    )
    recipient = forms.CharField(
        label=_("Or in words, who gets it"),
        help_text=_("Such as a court, or a worker of Child and Family Services."),
        max_length=200,
        required=False,
        widget=no_autofill(),
    )
    field_groups = forms.MultipleChoiceField(
        label=_("What must be shared"),
        help_text=_("Only what the legal basis asks for."),
        choices=list(GROUP_LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(label=_("Why it cannot wait for consent"), max_length=2000, widget=text_area(4))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        organization = self.fields["recipient_organization"]
        organization.queryset = Organization.objects.order_by("name_en", "pk")  # type: ignore[attr-defined]
        organization.label_from_instance = lambda row: localized(row, "name").text  # type: ignore[attr-defined]

    def for_core(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        organization = given.pop("recipient_organization")
        return {**given, "recipient_organization_id": organization.pk if organization else None}
