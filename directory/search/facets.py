"""From criteria to rows: each facet narrows, the values inside one facet widen."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from directory.models import Attribute, Language, ServiceArea, ServiceAtLocation, Taxonomy, TaxonomyTerm
from directory.querysets import ServiceQuerySet
from directory.search.criteria import TERM_FACETS, Criteria
from directory.search.text import query_words


def narrow(services: ServiceQuerySet, criteria: Criteria) -> ServiceQuerySet:
    """The listings that meet every criterion but the distance."""
    for word in query_words(criteria.q):
        services = services.filter(search_text__contains=f" {word}")
    for facet in TERM_FACETS:
        if codes := getattr(criteria, facet):
            services = services.filter(_carries(Taxonomy(facet), codes))
    if criteria.language:
        spoken = Language.objects.filter(service=OuterRef("pk"), code__in=criteria.language)
        services = services.filter(Exists(spoken))
    if criteria.age is not None:
        services = services.filter(_of_age(criteria.age))
    if criteria.accepts_referrals is not None:
        services = services.filter(accepts_referrals=criteria.accepts_referrals)
    if criteria.organization:
        services = services.filter(organization_id=criteria.organization)
    if criteria.place:
        services = services.filter(_in_place(criteria.place))
    return services


def with_descendants(codes: Iterable[str]) -> set[str]:
    """The categories and everything under them."""
    children: dict[str, list[str]] = {}
    tree = TaxonomyTerm.objects.filter(taxonomy=Taxonomy.CATEGORY).order_by("position")
    for code, parent in tree.values_list("code", "parent__code"):
        children.setdefault(parent, []).append(code)
    found: set[str] = set()
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting += children.get(code, [])
    return found


def _carries(taxonomy: Taxonomy, codes: Iterable[str]) -> Exists:
    wanted = with_descendants(codes) if taxonomy is Taxonomy.CATEGORY else codes
    return Exists(
        Attribute.objects.filter(service=OuterRef("pk"), term__taxonomy=taxonomy, term__code__in=list(wanted))
    )


def _of_age(age: int) -> Q:
    """A limit that is NULL is not known, and an unknown limit turns nobody away."""
    return (Q(minimum_age__isnull=True) | Q(minimum_age__lte=age)) & (
        Q(maximum_age__isnull=True) | Q(maximum_age__gte=age)
    )


def _in_place(places: Iterable[str]) -> Q:
    """Listings in the area or the city, and those that serve it: an address that is not shown is
    found by the second way only."""
    found = Q()
    for place in places:
        here = ServiceAtLocation.objects.filter(
            Q(location__area=place) | Q(location__city__iexact=place), service=OuterRef("pk")
        )
        serves = ServiceArea.objects.filter(service=OuterRef("pk"), code=place.lower())
        found |= Exists(here) | Exists(serves)
    return found
