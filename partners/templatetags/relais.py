"""``{% load relais %}``: icons, telephone numbers, text in either language, widgets, lanes."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from partners import bilingual, phones
from partners.icons import ICONS, STATUS_ICONS, URGENCY_ICONS

register = template.Library()

# The timeline's two rivers in a box of 52 by 100: the sender at 12, the receiver at 40.
LANES = {
    "start": ("M12 12V100", "", False),
    "sender": ("M12 0V100", "", False),
    "sender_end": ("M12 0V12", "", False),
    "opens_first": ("M12 12V100", "M40 12V100", False),
    "opens": ("M12 0V100", "M40 12V100", False),
    "two": ("M12 0V100", "M40 0V100", False),
    "two_end": ("M12 0V12", "M40 0V12", False),
    "meet": ("M12 0C12 45 23 35 24 100", "M40 0C40 45 29 35 28 100", False),
    "both": ("M24 0V100", "M28 0V100", False),
    "both_end": ("M24 0V12", "M28 0V12", False),
    "later": ("M24 0V100", "M28 0V100", True),
    "later_end": ("M24 0V12", "M28 0V12", True),
}
CHOICE_WIDGETS = {"radioselect", "checkboxselectmultiple"}


@register.simple_tag
def icon(name: str, extra_class: str = "") -> SafeString:
    """One icon as inline SVG, hidden from assistive technology: a word always stands beside it."""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f" {extra_class}" if extra_class else "",
        mark_safe(ICONS[name]),  # noqa: S308 - constants of this project
    )


@register.filter
def status_icon(status: str) -> str:
    return STATUS_ICONS[status]


@register.filter
def urgency_icon(urgency: str) -> str:
    return URGENCY_ICONS[urgency]


@register.filter
def phone(number: str) -> str:
    """The number as the reader's language writes it."""
    return phones.phone_display(number)


@register.filter
def tel(number: str) -> str:
    """The address that dials it."""
    return f"tel:{phones.dial(number)}"


@register.filter
def sms(number: str) -> str:
    return f"sms:{phones.dial(number)}"


@register.simple_tag
def localized(obj: Any, field: str, note: bool = False) -> str:
    """``obj.<field>_<language>``. The other language's text, where only that exists, says its language.

    With ``note=True`` a sentence also tells the reader so; use it once for a block, not on each name.
    """
    found = bilingual.localized(obj, field)
    if not (note and found.is_fallback):
        return marked(found)
    only = _("Only available in French")
    return format_html('{} <span class="soft small">({})</span>', marked(found), only)


@register.filter
def marked(found: bilingual.Localized) -> str:
    """A text already looked up; the other language's says its language."""
    if not found.is_fallback:
        return found.text
    return format_html('<span lang="{}">{}</span>', found.language, found.text)


@register.simple_tag
def widget(field: BoundField, extra_class: str = "") -> SafeString:
    """The bound field's control with the ``input`` class; its hint and error are already described by.

    What is written in one language, whatever the page's, says so by the end of its field's name.
    """
    attrs = {"class": f"input {extra_class}".strip()}
    if language := bilingual.language_of(field.name):
        attrs["lang"] = bilingual.HTML_LANGUAGES[language]
    return field.as_widget(attrs=attrs)


@register.filter
def is_choices(field: BoundField) -> bool:
    """Radio buttons or several checkboxes: a fieldset with a legend, not a label."""
    return field.widget_type in CHOICE_WIDGETS


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return field.widget_type == "checkbox"


@register.simple_tag
def lane(name: str) -> SafeString:
    """The piece of river beside one entry of a timeline; the names are the keys of ``LANES``."""
    first, second, later = LANES[name]
    suffix = " later" if later else ""
    paths = format_html('<path class="m1{}" d="{}"/>', suffix, first)
    if second:
        paths += format_html('<path class="m2{}" d="{}"/>', suffix, second)
    return format_html(
        '<svg class="lane" viewBox="0 0 52 100" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false">{}</svg>',
        paths,
    )
