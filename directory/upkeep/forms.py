"""The forms of keeping listings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.models import PhoneCheck, ReportKind
from directory.models.attachments import CapacityValue
from directory.upkeep.capacity_acts import MOST_PLACES, MOST_WEEKS
from directory.upkeep.samples import ANSWERS, MOST
from partners.plain_forms import PlainForm, text_area

TEXT_LENGTH = 500
USUAL_SAMPLE = 30
YES_NO = (("yes", _("Yes")), ("no", _("No")), ("", _("Not asked")))
QUESTIONS = {
    "reached": _("Did somebody answer?"),
    "still_offered": _("Is this service still offered?"),
    "hours_right": _("Are the hours right?"),
    "eligibility_right": _("Is it right who it is for?"),
    "intake_right": _("Is it right how one starts?"),
}


class CapacityForm(PlainForm):
    """One button is enough; the numbers are for who has them."""

    value = forms.ChoiceField(label=_("Capacity"), choices=CapacityValue.choices)
    available = forms.IntegerField(label=_("Places free"), min_value=0, max_value=MOST_PLACES, required=False)
    wait_weeks = forms.IntegerField(
        label=_("Wait in weeks, about"), min_value=0, max_value=MOST_WEEKS, required=False
    )


class WrongForm(PlainForm):
    """What is wrong with a listing, from whoever holds its mail's link."""

    kind = forms.ChoiceField(label=_("What is wrong?"), choices=ReportKind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What is right?"),
        help_text=_("No names of persons. An address that must stay secret does not belong here."),
        max_length=TEXT_LENGTH,
        required=False,
        widget=text_area(),
    )


class DrawForm(PlainForm):
    size = forms.IntegerField(label=_("How many listings"), min_value=1, max_value=MOST, initial=USUAL_SAMPLE)


class CallForm(PlainForm):
    """What a call found. Whatever was not asked stays open."""

    report = forms.BooleanField(label=_("Report what is wrong to the owner of the listing"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        asked = {
            name: forms.ChoiceField(
                label=QUESTIONS[name],
                choices=YES_NO[: 2 if name == "reached" else 3],
                required=name == "reached",
                widget=forms.RadioSelect,
            )
            for name in ANSWERS
        }
        for field in asked.values():
            field.asked = True  # type: ignore[attr-defined]  # components/field.html reads it
        self.fields = {**asked, "report": self.fields["report"]}

    def answers(self) -> dict[str, bool | None]:
        given = {"yes": True, "no": False}
        return {name: given.get(self.cleaned_data[name]) for name in ANSWERS}


def answer_words(check: PhoneCheck) -> list[tuple[Any, Any]]:
    """The questions with what was answered."""
    said = {True: _("Yes"), False: _("No"), None: _("Not asked")}
    return [(QUESTIONS[name], said[getattr(check, name)]) for name in ANSWERS]


class MergeForm(PlainForm):
    """What the kept listing lacks and may take over."""

    take = forms.MultipleChoiceField(
        label=_("Take over what is missing"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["take"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["take"]
