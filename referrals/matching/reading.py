"""From the rows of a person and of services to what the rules read."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from uuid import UUID

from django.utils import timezone

from directory import gazetteer
from directory.capacity import capacity_now
from directory.gazetteer import PROVINCES, Surroundings
from directory.models import Area, Service, Taxonomy
from directory.search import Hit
from partners.models import Organization
from partners.models.organizations import PartnerKind
from referrals.ages import age_of, current_band
from referrals.matching.facts import BANDS, Person, ServiceFacts, gender_of
from referrals.models import Client, Need, Urgency


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


def facts_of(services: Iterable[Service], hits: dict[UUID, Hit]) -> dict[UUID, ServiceFacts]:
    """One query, whatever the number: the agreements in force."""
    found = list(services)
    with_agreement = Organization.objects.with_agreement().filter(
        pk__in={service.organization_id for service in found}
    )
    partners = set(with_agreement.values_list("pk", flat=True))
    return {service.pk: _facts(service, hits[service.pk], partners) for service in found}


def _facts(service: Service, hit: Hit, partners: set[UUID]) -> ServiceFacts:
    terms: dict[str, set[str]] = {}
    for attribute in service.attributes.all():
        terms.setdefault(attribute.term.taxonomy, set()).add(attribute.term.code)
    areas = frozenset(area.code for area in service.service_areas.all())
    value, as_of = capacity_now(service)
    row = getattr(service, "capacity", None)
    return ServiceFacts(
        open_to_referrals=(service.publication, service.status, service.accepts_referrals)
        == ("published", "active", True),
        partner=service.organization_id in partners,
        police=service.organization.kind == PartnerKind.POLICE_LIAISON,
        minimum_age=service.minimum_age,
        maximum_age=service.maximum_age,
        genders=frozenset(terms.get(Taxonomy.GENDER, ())),
        phases=frozenset(int(code) for code in terms.get(Taxonomy.PHASE, ())),
        areas=areas,
        areas_known=areas <= _placed(),
        languages=frozenset(language.code for language in service.languages.all()),
        barriers=frozenset(terms.get(Taxonomy.BARRIER, ())),
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
