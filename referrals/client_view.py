"""What a view of the person is made of. ``referrals.consent`` alone fills it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import Service, TaxonomyTerm
from partners.models import Organization
from referrals.models import Client

FIELD_GROUPS: Mapping[str, Promise] = MappingProxyType(
    {
        "identity": _("Name and birth date"),
        "contact": _("How to reach you safely"),
        "situation": _("Situation and what you are looking for"),
        "health": _("Health"),
        "family": _("Family and children"),
        "justice": _("Court and police matters"),
        "housing": _("Housing"),
        "indigenous_identity": _("Indigenous identity"),
    }
)
# Which fields of a ClientView each group opens.
GROUP_FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "identity": ("chosen_name", "legal_name", "birth_date", "gender", "pronouns"),
        "contact": ("safe_contact",),
        "situation": ("situation", "phase", "note"),
        "health": ("health",),
        "family": ("family",),
        "justice": ("justice",),
        "housing": ("housing",),
        "indigenous_identity": ("indigenous_identity",),
    }
)


class Stage(StrEnum):
    OWN = "own"
    PREVIEW = "preview"
    DISCLOSED = "disclosed"
    TOMBSTONE = "tombstone"


@dataclass(frozen=True)
class ClientView:
    """What one side may see of the person. A field that is withheld is None and says why.

    ``withheld`` maps a field to not_consented, not_for_this_partner, before_acceptance,
    no_longer_shared or not_given. ``need`` is neutral wording until the situation is open.
    ``age_band`` and ``language`` are shown without their groups only where eligibility depends on them.
    """

    stage: Stage
    code: str
    need: str | None = None
    need_code: str | None = None
    urgency: str | None = None
    urgency_label: str | None = None
    area: str | None = None
    language: str | None = None
    age_band: str | None = None
    chosen_name: str | None = None
    legal_name: str | None = None
    birth_date: str | None = None
    gender: str | None = None
    pronouns: str | None = None
    safe_contact: Mapping[str, Any] | None = None
    situation: str | None = None
    phase: int | None = None
    note: str | None = None
    health: str | None = None
    family: str | None = None
    justice: str | None = None
    housing: str | None = None
    indigenous_identity: str | None = None
    withheld: Mapping[str, str] = field(default_factory=dict)
    notice: Promise | str = ""

    @property
    def groups_shown(self) -> list[str]:
        """The field groups of which at least one field is filled, in the fixed order."""
        return [g for g, names in GROUP_FIELDS.items() if any(getattr(self, n) is not None for n in names)]


@dataclass(frozen=True)
class Offer:
    """The part of a referral that a view is made from; the send page has one before a draft exists.

    ``asks_language``: whether the service is for speakers of some languages only, where it is known.
    """

    client: Client
    service: Service
    receiver: Organization
    category: TaxonomyTerm
    urgency: str
    code: str = ""
    note: str = ""
    phase: int | None = None
    asks_language: bool | None = None
