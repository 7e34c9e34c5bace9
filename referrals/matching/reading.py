"""From the rows of a person and of services to what the rules read."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Value
from django.utils import timezone

from directory import gazetteer
from directory.capacity import capacity_now
from directory.gazetteer import PROVINCES, Surroundings
from directory.models import Area, Attribute, Language, Service, ServiceArea, Taxonomy
from directory.querysets import takes_referrals
from directory.search import Hit
from partners.models import Organization
from partners.models.organizations import PartnerKind
from referrals.ages import age_of, current_band
from referrals.matching.facts import BANDS, Person, ServiceFacts, gender_of
from referrals.models import Client, Need, Urgency

# Beside the taxonomies.
SPOKEN, SERVED = "spoken in", "served"


def person_of(client: Client, need: Need) -> Person:
    """What the file and the need say. The phase is the need's, or the one she is in now."""
    age = age_of(client)
    phase = need.phase
    if phase is None:
        phase = client.phases.filter(left_on__isnull=True).values_list("phase", flat=True).first()
    return Person(
        ages=(age, age) if age is not None else BANDS.get(current_band(client)),
        gender=gender_of(client.gender),
        phase=phase,
        areas=served_by(client.safe_area) if client.safe_area else frozenset(),
        language=client.language,
        barriers=frozenset(need.barriers or ()),
        urgent=need.urgency == Urgency.URGENT,
    )


def served_by(area: Area) -> frozenset[str]:
    """The codes of every service area that she is in, from the country down to her own."""
    return frozenset(gazetteer.served_by(Surroundings(area.province, area.city, (area.code,))))


def with_partners(services: QuerySet[Service]) -> QuerySet[Service]:
    """Services with whether an agreement of their organization is in force."""
    admitted = Organization.objects.with_agreement().filter(pk=OuterRef("organization"))
    return services.annotate(has_partner=Exists(admitted))


def facts_of(services: QuerySet[Service], hits: dict[UUID, Hit]) -> dict[UUID, ServiceFacts]:
    """Of services ``with_partners``. One more query, whatever the number: their codes."""
    codes = _codes_of([service.pk for service in services])
    return {service.pk: _facts(service, hits[service.pk], codes[service.pk]) for service in services}


def _codes_of(service_ids: list[UUID]) -> dict[UUID, dict[str, set[str]]]:
    """By service and taxonomy, with the languages and areas it has beside these."""
    attributes, languages, areas = (
        model.objects.filter(service_id__in=service_ids).order_by()
        for model in (Attribute, Language, ServiceArea)
    )
    found = attributes.values_list("service_id", "term__taxonomy", "term__code").union(
        languages.values_list("service_id", Value(SPOKEN), "code"),
        areas.values_list("service_id", Value(SERVED), "code"),
    )
    codes: dict[UUID, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for service_id, kind, code in found:
        codes[service_id][kind].add(code)
    return codes


def _facts(service: Service, hit: Hit, terms: dict[str, set[str]]) -> ServiceFacts:
    areas = frozenset(terms[SERVED])
    value, as_of = capacity_now(service)
    row = getattr(service, "capacity", None)
    return ServiceFacts(
        open_to_referrals=takes_referrals(service),
        partner=service.has_partner,
        police=service.organization.kind == PartnerKind.POLICE_LIAISON,
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        genders=frozenset(terms[Taxonomy.GENDER]),
        phases=frozenset(int(code) for code in terms[Taxonomy.PHASE]),
        areas=areas,
        areas_known=areas <= _placed(),
        languages=frozenset(terms[SPOKEN]),
        barriers=frozenset(terms[Taxonomy.BARRIER]),
        capacity=value,
        told_days=(timezone.localdate() - timezone.localdate(as_of)).days if as_of else None,
        wait_weeks=row.wait_weeks if row else None,
        distance_km=hit.distance_km,
        distance_is_about=hit.distance_is_about,
        comes=hit.comes_to_you,
        promise_days=service.response_days,
    )


@cache
def _placed() -> set[str]:
    """Codes of service areas of which it is known where they are."""
    entries = gazetteer.entries()
    cities = {gazetteer.city_slug(entry.city) for entry in entries if entry.city}
    parts = {code for entry in entries for code in entry.areas}
    return {"canada", *map(gazetteer.province_slug, PROVINCES), *cities, *parts}
