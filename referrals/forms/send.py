"""One screen for sending: need, what to share, consent, safe contact."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import Service, Taxonomy, TaxonomyTerm
from partners.bilingual import localized
from referrals.forms.base import SearchForm, no_autofill, text_area
from referrals.forms.consents import ConsentFields
from referrals.models import Consent, Need, Urgency

READ_NOW, STANDING, LATER = "now", "standing", "later"


class SendForm(ConsentFields):
    """``consent_state`` says what the consent of this referral is: read just now, standing, or later."""

    category = forms.ChoiceField(label=_("Need"))
    urgency = forms.ChoiceField(
        label=_("How soon"), choices=Urgency, widget=forms.RadioSelect, initial=Urgency.ROUTINE
    )
    note = forms.CharField(
        label=_("What the person wants from this"),
        help_text=_("Shown after acceptance, with the situation, and only if the person agrees."),
        max_length=2000,
        required=False,
        widget=text_area(3),
    )
    consent_state = forms.ChoiceField(label=_("Consent"), widget=forms.RadioSelect, required=False)
    core_names = {**ConsentFields.core_names, "consent": "consent_state", "recipient": "consent_state"}

    def __init__(
        self, *args: Any, service: Service, standing: Consent | None, need: Need | None = None, **kwargs: Any
    ):
        super().__init__(*args, recipient=service.organization, **kwargs)
        self.standing = standing
        self.fields["category"].choices = categories_of(service, need)  # type: ignore[attr-defined]
        self.fields["consent_state"].choices = _states(standing)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        state, groups = given.get("consent_state"), given.get("field_groups")
        if state == STANDING and self.standing and set(groups or ()) != set(self.standing.field_groups):
            self.add_error(
                "consent_state", _("The boxes above differ from the consent in force. Record a new one.")
            )
        if state == READ_NOW:
            self.ask_who_consents(given)
        return given

    def require_consent(self) -> bool:
        """Before sending, as opposed to saving a draft."""
        if self.cleaned_data.get("consent_state") in (READ_NOW, STANDING):
            return True
        self.add_error("consent_state", _("A referral is sent with the person’s consent only."))
        return False


def _states(standing: Consent | None) -> list[tuple[str, Any]]:
    states = [(READ_NOW, _("I have read the text aloud, and the person said yes"))]
    if standing:
        states.insert(0, (STANDING, _("The person has agreed before, and the consent is still in force")))
    return [*states, (LATER, _("Not yet. Keep a draft."))]


def categories_of(service: Service, need: Need | None = None) -> list[tuple[str, str]]:
    """What the service offers, and the need that is there already; without either the choice is open."""
    offered = TaxonomyTerm.objects.filter(taxonomy=Taxonomy.CATEGORY, attributes__service=service)
    terms = list(offered.distinct())
    if need is not None and need.category not in terms:
        terms.append(need.category)
    terms = terms or list(TaxonomyTerm.objects.filter(taxonomy=Taxonomy.CATEGORY))
    return [(term.code, localized(term, "name").text) for term in terms]


class ServiceSearchForm(SearchForm):
    """Sent by POST: what somebody needs never stands in an address."""

    q = forms.CharField(label=_("What is needed"), max_length=200, required=False, widget=no_autofill())
