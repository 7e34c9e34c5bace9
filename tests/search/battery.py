"""A fixed set of searches that together look at everything the index holds, and random edits of it."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from directory.models import Location, Schedule, Service, ServiceCapacity
from directory.models.locations import Address
from directory.search import Criteria, index, search_services
from partners.actor import ANONYMOUS
from tests.search.population import HOURS, NONCE, Writer

NOON = timezone.now().replace(second=0, microsecond=0)
QUESTIONS = (
    Criteria(ordering="name"),
    Criteria(ordering="verified"),
    Criteria(near="R2W", ordering="distance"),
    Criteria(near="49.92,-97.13", radius_km=30),
    Criteria(near="Toronto, ON", radius_km=500, ordering="distance"),
    *(Criteria(q=word) for word in (*NONCE, "harbour", "étoile", "counselling", "owner", "tumbleweederi")),
    Criteria(q="harbour house"),
    Criteria(q='"same name"'),
    Criteria(q="R2W 2M2"),
    Criteria(q="quokkavile", near="Brandon, MB"),
    Criteria(age=16, category=("crisis", "mental-health"), ordering="name"),
    Criteria(open_at=NOON, ordering="name"),
    Criteria(open_at=NOON + timedelta(hours=12), ordering="verified"),
    Criteria(capacity=("open", "unknown"), verified_within=90),
    Criteria(place=("brandon", "north-end"), language=("fr",)),
    Criteria(accepts_referrals=True, population=("women",), cost=("free",)),
)


def answers(questions: tuple[Criteria, ...] = QUESTIONS) -> list[Any]:
    """Everything that a reader is told, in both languages."""
    return [_answer(criteria, language) for criteria in questions for language in ("en", "fr")]


def _answer(criteria: Criteria, language: str) -> Any:
    page = search_services(actor=ANONYMOUS, criteria=criteria, page_size=200, language=language, facets=True)
    # A word is told from the texts of a few listings that hold it, whichever come first; rows are hints.
    hits = [hit._replace(row=0) for hit in page.hits]
    return criteria, language, page.count, hits, page.facets, page.is_partial


class Editor:
    """Random edits, each in a transaction of its own, as any writer of listings makes them."""

    def __init__(self, writer: Writer, seed: int):
        self.writer, self.dice = writer, Random(seed)

    def edit(self, times: int) -> None:
        for _ in range(times):
            kind = self.dice.choice(
                (self.rename, self.hide, self.publish, self.change, self.delete, self.add)
            )
            with transaction.atomic():
                kind()

    def one(self) -> Service:
        return self.dice.choice(list(Service.objects.order_by("pk")))

    def rename(self) -> None:
        service, dice = self.one(), self.dice
        service.name_en = dice.choice(("Aardvark", "harbour house", "Zzz", f"{dice.choice(NONCE)} place", ""))
        service.name_fr = service.name_fr or "Sans nom"
        service.description_en = dice.choice(NONCE)
        self.save(service)

    def hide(self) -> None:
        """The place's policy narrows, or widens again."""
        location = self.dice.choice(list(Location.objects.order_by("pk")) or [None])
        if location is None:
            return
        policy = self.dice.choice(("public", "area_only", "withheld"))
        Address.objects.filter(location=location).delete()
        location.latitude = location.longitude = location.area_id = None
        location.policy, location.position_source = policy, ""
        if policy == "area_only":
            location.area_id = "st-vital"
        elif policy == "public":
            location.latitude, location.longitude, location.position_source = 49.9, -97.2, "address"
        location.save()
        index.refresh_all(Service.objects.filter(at_locations__location=location))

    def publish(self) -> None:
        service = self.one()
        service.publication = self.dice.choice(("published", "published", "draft", "archived"))
        service.status = self.dice.choice(("active", "active", "defunct"))
        self.save(service)

    def change(self) -> None:
        service, dice = self.one(), self.dice
        service.minimum_age, service.maximum_age = dice.choice(((None, 20), (15, None), (None, None)))
        service.verified_at = NOON - timedelta(days=dice.choice((0, 90, 400)), minutes=dice.randrange(9_000))
        ServiceCapacity.objects.update_or_create(
            service=service, defaults={"value": dice.choice(("open", "full")), "as_of": timezone.now()}
        )
        service.schedules.all().delete()
        opens, closes = dice.choice(HOURS)
        days = ",".join(dice.sample(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), dice.randint(1, 6)))
        Schedule.objects.create(service=service, byday=days, opens_at=opens, closes_at=closes)
        self.save(service)

    def delete(self) -> None:
        if Service.objects.count() > 20:
            self.one().delete()

    def add(self) -> None:
        self.writer.write(2)

    def save(self, service: Service) -> None:
        service.save()
        index.refresh(service)
