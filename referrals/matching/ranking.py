"""The services for a need in order. Candidates come from the search engine, in a bounded number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from directory import place_points
from directory.models import Area, Service
from directory.search import Criteria, Hit, search_each
from partners import audit
from partners.actor import Actor
from partners.roles import Capability
from referrals.matching.facts import Person, ServiceFacts
from referrals.matching.judging import judge
from referrals.matching.reading import facts_of, person_of, with_partners
from referrals.matching.reasons import Reason, Verdict
from referrals.models import Client, Need, Referral
from referrals.needs import access_need
from referrals.service_record import records_of

LIMIT = 20
MOST = 50
CANDIDATES = 40  # of each way of looking
NOT_FITTING = 5
ROOM = ("open", "limited")


@dataclass(frozen=True)
class Match:
    """One service with every reason. Those that do not fit stand last, so that one sees why."""

    service: Service
    score: int
    fits: bool
    reasons: list[Reason]
    distance_km: float | None = None


@dataclass(frozen=True)
class _Judged:
    service: Service
    facts: ServiceFacts
    verdict: Verdict


def matches(*, actor: Actor, need_id: UUID, limit: int = LIMIT) -> list[Match]:
    """At most ``limit`` services that fit, the best first; then a few that do not, with what contradicts.

    A service that was asked for this need already is left out. The release of the file to the own worker
    is committed first. Raises Refused, NotSeen.
    """
    actor.require(Capability.SEND)
    return matches_of(access_need(need_id, actor), actor=actor, limit=limit)


def matches_of(need: Need, *, actor: Actor, limit: int = LIMIT) -> list[Match]:
    """As ``matches``, for a need that ``access_need`` has answered. Raises Refused."""
    actor.require(Capability.SEND)
    client = need.client
    _record_release(actor, client)
    person = person_of(client, need)
    hits = _candidates(actor, need, person, client.safe_area)
    asked = Referral.objects.visible_to(actor).filter(need=need).values("service_id")
    services = Service.objects.visible_to(actor).filter(pk__in=hits).exclude(pk__in=asked)
    services = with_partners(services.select_related("organization", "capacity"))
    facts = facts_of(services, hits)
    judged = [_Judged(s, facts[s.pk], judge(person, facts[s.pk])) for s in services]
    fitting = sorted((one for one in judged if one.verdict.fits), key=_place)
    others = sorted((one for one in judged if not one.verdict.fits), key=_place)[:NOT_FITTING]
    wanted = max(1, min(limit, MOST))
    best = _with_records(actor, person, fitting[: max(wanted, CANDIDATES)])
    return [_match(one) for one in (*best[:wanted], *others)]


def _candidates(actor: Actor, need: Need, person: Person, area: Area | None) -> dict[UUID, Hit]:
    """The nearest, those with room in her language, those that take away what stands in her way, and the
    last checked. Each way is one page of the search, however many services there are."""
    near = place_points.written(area.latitude, area.longitude) if area else ""
    exact = person.ages is not None and person.ages[0] == person.ages[1]
    base = Criteria(
        category=(need.category.code,),
        accepts_referrals=True,
        near=near,
        age=person.ages[0] if person.ages and exact else None,
        ordering="distance" if near else "verified",
    )
    ways: list[dict[str, Any]] = [{}, {"ordering": "verified"}, {"capacity": ROOM}]
    ways[2] |= {"language": (person.language,)} if person.language else {}
    if person.barriers:
        ways.append({"barrier": tuple(sorted(person.barriers))})
    found: dict[UUID, Hit] = {}
    wanted = [replace(base, **way) for way in ways]
    for page in search_each(actor=actor, ways=wanted, page_size=CANDIDATES):
        for hit in page.hits:
            found.setdefault(hit.id, hit)
    return found


def _with_records(actor: Actor, person: Person, fitting: list[_Judged]) -> list[_Judged]:
    """How they answered and helped is read of the best alone, and puts these in order anew."""
    records = records_of(actor, [one.service.pk for one in fitting])
    known = []
    for one in fitting:
        facts = replace(one.facts, record=records.get(one.service.pk, one.facts.record))
        known.append(_Judged(one.service, facts, judge(person, facts)))
    return sorted(known, key=_place)


def _place(one: _Judged) -> tuple[int, float, str, UUID]:
    km = one.facts.distance_km
    return -one.verdict.score, float("inf") if km is None else km, one.service.sort_en, one.service.pk


def _match(one: _Judged) -> Match:
    verdict = one.verdict
    return Match(one.service, verdict.score, verdict.fits, verdict.reasons, one.facts.distance_km)


def _record_release(actor: Actor, client: Client) -> None:
    """Age, gender, language, area and phase read for the own worker; committed before they are."""
    audit.release(
        audit.Entry(
            actor=actor,
            action="disclose",
            object_type="client",
            object_id=client.pk,
            chains=(client.organization_id,),
            details={"stage": "own", "field_groups": ["identity", "situation"]},
        )
    )
