"""What each group opens, each kind of partner may be told, and each state shows, written out anew."""

from __future__ import annotations

# Which group opens which fields, and what is planted in each.
FIELDS: dict[str, dict[str, str]] = {
    "identity": {
        "chosen_name": "Wren Planted",
        "legal_name": "Legal Planted",
        "birth_date": "1991-03-17",
        "gender": "Gender Planted",
        "pronouns": "Pronouns Planted",
    },
    "contact": {"safe_contact": "204-555-0188"},
    "situation": {"situation": "Situation Planted", "phase": "2", "note": "Note Planted"},
    "health": {"health": "Health Planted"},
    "family": {"family": "Family Planted"},
    "justice": {"justice": "Justice Planted"},
    "housing": {"housing": "Housing Planted"},
    "indigenous_identity": {"indigenous_identity": "Nation Planted"},
}
ALL = {name: value for fields in FIELDS.values() for name, value in fields.items()}
PLANTED = {name: value for name, value in ALL.items() if name != "phase"}
EMPTIED = ("legal_name", "gender", "health", "housing", "indigenous_identity")
BLOCK = ("library card", "After 1 pm")
BASE = {"identity", "contact"}
PROFILES: dict[str, set[str]] = {
    "community_health_centre": BASE | {"situation", "health", "family", "indigenous_identity"},
    "addiction_service": BASE | {"situation", "health", "family"},
    "training_program": BASE | {"situation"},
    "housing_shelter": BASE | {"situation", "family", "housing"},
    "counselling_mental_health": BASE | {"situation", "health", "family"},
    "womens_centre": BASE | {"situation", "family", "housing", "indigenous_identity"},
    "indigenous_cultural": BASE | {"situation", "family", "indigenous_identity"},
    "legal_justice": BASE | {"situation", "family", "justice"},
    "basic_needs": BASE,
    "family_child_care": BASE | {"situation", "family"},
    "outreach_peer": BASE | {"situation"},
    "income_employment": BASE | {"situation"},
    "government": BASE,
    "other": BASE,
    "police_liaison": {"identity"},
}
# Status and whether it was ever accepted: the receiver's stage while the consent is live.
STAGES = {
    ("sent", False): "preview",
    ("waitlisted", False): "preview",
    ("waitlisted", True): "disclosed",
    ("accepted", True): "disclosed",
    ("in_service", True): "disclosed",
    ("closed", True): "disclosed",
    ("closed", False): "preview",
    ("declined", False): "tombstone",
    ("withdrawn", True): "tombstone",
    ("expired", False): "tombstone",
    ("entered_in_error", True): "tombstone",
}
