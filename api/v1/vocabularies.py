"""All codes but the categories, with their labels: facets of a listing, and the words of the workflow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.inputs import Input
from api.pagination import whole
from api.permissions import PublicRead
from api.shared import shared_answer
from api.v1.shapes import Coded, coded, page_of
from api.views import ApiView, read_query
from directory.models import Area, LocationPolicy, ServiceStatus, Taxonomy, TaxonomyTerm
from directory.models.attachments import CapacityValue
from partners.models.organizations import PartnerKind
from referrals import workflow
from referrals.consent import FIELD_GROUPS
from referrals.models import (
    AgeBand,
    ConsentGiver,
    ConsentMethod,
    HandoffKind,
    HandoffResult,
    ReferralKind,
    Urgency,
)

type_of_labels = Iterable[tuple[Any, str | Promise]]


class VocabularyShape(Coded):
    terms = Coded(many=True)


VocabularyPage = page_of(VocabularyShape, "Vocabulary")

WORDS: dict[str, tuple[Promise, type_of_labels]] = {
    "capacity": (_("Availability"), CapacityValue.choices),
    "service_status": (_("State of a listing"), ServiceStatus.choices),
    "location_policy": (_("Location policy"), LocationPolicy.choices),
    "partner_kind": (_("Kind of partner"), PartnerKind.choices),
    "age_band": (_("Age group"), AgeBand.choices),
    "urgency": (_("How soon"), Urgency.choices),
    "field_group": (_("What may be shared"), FIELD_GROUPS.items()),
    "consent_method": (_("How consent was given"), ConsentMethod.choices),
    "consent_giver": (_("Who gave the consent"), ConsentGiver.choices),
    "referral_kind": (_("Kind of referral"), ReferralKind.choices),
    "status": (_("Status"), workflow.STATUS_LABELS.items()),
    "outcome": (_("Outcome"), workflow.OUTCOMES.items()),
    "decline_reason": (_("Reason to decline"), workflow.DECLINE_REASONS.items()),
    "withdraw_reason": (_("Reason to withdraw"), workflow.WITHDRAW_REASONS.items()),
    "expire_reason": (_("Reason of expiry"), workflow.EXPIRE_REASONS.items()),
    "void_reason": (_("Reason for an error"), workflow.VOID_REASONS.items()),
    "handoff_kind": (_("Kind of handoff"), HandoffKind.choices),
    "handoff_result": (_("Result of a handoff"), HandoffResult.choices),
}


def vocabularies() -> list[dict[str, Any]]:
    """Facets first, under the names that the search takes as parameters; two queries."""
    terms: dict[str, list[dict[str, str]]] = {}
    for term in TaxonomyTerm.objects.exclude(taxonomy=Taxonomy.CATEGORY):
        terms.setdefault(term.taxonomy, []).append(coded(term))
    facets = [_body(t.value, t.label, terms.get(t.value, [])) for t in Taxonomy if t != Taxonomy.CATEGORY]
    areas = [_body("place", _("Area"), [coded(area) for area in Area.objects.all()])]
    words = [
        _body(code, label, [{"code": str(value), "name": str(text)} for value, text in labels])
        for code, (label, labels) in WORDS.items()
    ]
    return facets + areas + words


def _body(code: str, label: str | Promise, terms: list[dict[str, str]]) -> dict[str, Any]:
    return {"code": code, "name": str(label), "terms": terms}


class List(ApiView):
    permission_classes = [PublicRead]

    @extend_schema(operation_id="vocabularies", summary=_("All codes and labels"), responses=VocabularyPage)
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        return shared_answer(request, whole(vocabularies()))
