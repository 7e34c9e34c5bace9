"""Invented examples for the component page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from directory.page_map import PageMap
from directory.sketch_map import Point, draw
from partners.icons import ICONS
from partners.templatetags.relais import LANES

WINNIPEG = ZoneInfo("America/Winnipeg")

STATUSES = (
    ("draft", "Draft", "Brouillon"),
    ("sent", "Sent", "Envoyé"),
    ("accepted", "Accepted", "Accepté"),
    ("waitlisted", "On waitlist", "Sur liste d’attente"),
    ("in_service", "Service under way", "Service en cours"),
    ("closed", "Closed", "Terminé"),
    ("declined", "Declined", "Décliné"),
    ("withdrawn", "Withdrawn", "Retiré"),
    ("expired", "Expired", "Expiré"),
    ("entered_in_error", "Entered in error", "Saisi par erreur"),
)
CAPACITIES = (
    ("open", "Spaces available", "Places disponibles"),
    ("limited", "Few spaces", "Peu de places"),
    ("waitlist", "Waitlist", "Liste d’attente"),
    ("full", "Full", "Complet"),
    ("unknown", "Not known", "Non précisé"),
)
COLOURS = (
    *("page", "surface", "sunk", "action", "action-wash", "deep", "accent", "accent-wash"),
    *("positive", "caution", "danger", "info"),
)
TIMELINE = (
    ("start", 1, False, "Sent", "Envoyé", 20),
    ("opens", 1, False, "Reminder", "Rappel", 21),
    ("two", 2, False, "Opened", "Consulté", 22),
    ("meet", 2, False, "Accepted", "Accepté", 23),
    ("both", "both", False, "Handoff planned", "Transfert planifié", 24),
    ("later", "both", True, "Next: service starts", "Ensuite : le service commence", None),
    ("later_end", "both", True, "Last: outcome confirmed", "À la fin\u00a0: résultat confirmé", None),
)


class StyleguideForm(forms.Form):
    """Bound and incomplete on purpose: it shows every kind of field and its error."""

    chosen_name = forms.CharField(label="Chosen name", help_text="The name she wants used.", required=False)
    witness = forms.CharField(label="Who was the witness?", help_text="A member of your team, by first name.")
    need = forms.ChoiceField(label="Need", choices=[("", "Choose"), ("day", "Day program")])
    urgency = forms.ChoiceField(
        label="How soon",
        choices=[("urgent", "Today"), ("soon", "Within days"), ("routine", "No rush")],
        widget=forms.RadioSelect,
    )
    field_groups = forms.MultipleChoiceField(
        label="What she agrees to share",
        choices=[("identity", "Name"), ("contact", "Safe contact"), ("health", "Health")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    still_safe = forms.BooleanField(label="She says this is still safe, today", help_text="Ask each time.")


def sketched() -> PageMap | None:
    """A place, two areas, and one of each that is not drawn."""
    points = [
        Point(1, 49.92, -97.12, False),
        Point(2, 49.93, -97.15, True),
        Point(3, 49.88, -97.11, True),
        Point(4, 49.92, -97.12, False),
    ]
    sketch = draw(points, (49.905, -97.14))
    return sketch and PageMap(sketch, "1 km", "R2W", True, withheld="5", virtual="6", unknown="7")


def samples() -> dict[str, Any]:
    return {
        "colours": COLOURS,
        "map": sketched(),
        "statuses": STATUSES,
        "capacities": CAPACITIES,
        "icons": ICONS,
        "lanes": LANES,
        "timeline": [
            (lane, dot, clock, en, fr, day and datetime(2026, 11, day, 10, 40, tzinfo=WINNIPEG))
            for lane, dot, clock, en, fr, day in TIMELINE
        ],
        "loosen": [{"label": "Open now", "href": "#empty"}, {"label": "Within 2 km", "href": "#empty"}],
        "before": [("Code", "K7Q-4MD", ""), ("Urgency", "Today", ""), ("Everything else", "", "later")],
        "after": [("Nom", "Wren (démo)", ""), ("Famille", "", "never")],
        "slip_rows": [("Besoin", "Dépendances"), ("Urgence", "Aujourd’hui"), ("Secteur", "Winnipeg")],
        "rules": [
            {"allowed": True, "icon": "text", "text": "Text 204-555-0188 after 1 pm"},
            {"allowed": False, "icon": "phone", "text": "Do not call"},
            {"allowed": False, "icon": "voicemail", "text": "Do not leave a voicemail"},
            {"allowed": True, "icon": "key", "text": "Code word: library card"},
        ],
        "rules_fr": [
            {"allowed": True, "icon": "text", "text": "Texto au 204\u00a0555-0188 après 13\u00a0h"},
            {"allowed": False, "icon": "phone", "text": "Ne pas appeler"},
            {"allowed": False, "icon": "voicemail", "text": "Ne laissez aucun message vocal"},
            {"allowed": True, "icon": "key", "text": "Mot convenu\u00a0: carte de bibliothèque"},
        ],
    }
