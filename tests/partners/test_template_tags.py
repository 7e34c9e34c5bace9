"""Icons, text in either language, fields that say what is wrong with them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override

from partners.icons import ICONS, STATUS_ICONS, URGENCY_ICONS


def render(text: str, language: str = "en", **context: Any) -> str:
    with override(language):
        return Template("{% load relais %}" + text).render(Context(context))


class Example(forms.Form):
    witness = forms.CharField(help_text="By first name.")
    urgency = forms.ChoiceField(choices=[("soon", "Soon")], widget=forms.RadioSelect)
    note = forms.CharField(required=False)


def test_icons_are_hidden_from_assistive_technology_and_an_unknown_one_fails() -> None:
    assert 'aria-hidden="true"' in render('{% icon "phone" %}')
    with pytest.raises(KeyError):
        render('{% icon "unicorn" %}')


def test_every_code_has_an_icon() -> None:
    assert set(STATUS_ICONS.values()) | set(URGENCY_ICONS.values()) <= set(ICONS)


@pytest.mark.parametrize(
    ("language", "note", "expected"),
    [
        ("en", False, "Red &amp; Blue"),
        ("fr", False, '<span lang="en">Red &amp; Blue</span>'),
        ("fr", True, "Offert en anglais seulement"),
    ],
)
def test_text_in_the_other_language_is_marked(language: str, note: bool, expected: str) -> None:
    thing = SimpleNamespace(name_en="Red & Blue", name_fr="")

    assert expected in render('{% localized thing "name" note=note %}', language, thing=thing, note=note)


def test_field_is_described_by_its_hint_and_its_error() -> None:
    form = Example({})
    html = render('{% include "components/field.html" with field=form.witness only %}', form=form)

    assert 'aria-describedby="id_witness_helptext id_witness_error"' in html
    assert 'id="id_witness_helptext"' in html
    assert 'id="id_witness_error"' in html
    assert 'aria-invalid="true"' in html


def test_only_what_may_stay_empty_is_optional() -> None:
    form = Example()
    note = render('{% include "components/field.html" with field=form.note only %}', "fr", form=form)
    witness = render('{% include "components/field.html" with field=form.witness only %}', "fr", form=form)

    assert "(facultatif)" in note
    assert "(facultatif)" not in witness


def test_summary_leads_to_each_field_in_error() -> None:
    form = Example({})
    html = render(
        '{% include "components/error_summary.html" with form=form only %}'
        '{% include "components/field.html" with field=form.urgency only %}',
        form=form,
    )

    assert 'href="#id_witness"' in html
    assert 'href="#id_urgency"' in html
    assert '<fieldset class="field field--error" id="id_urgency"' in html
