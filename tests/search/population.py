"""A varied population of listings, written row by row: what the one writer of listings would refuse to
combine stands here side by side, and a hundred of them cost a blink."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from directory.models import (
    Attribute,
    Language,
    Location,
    Schedule,
    ScheduleException,
    Service,
    ServiceAlias,
    ServiceArea,
    ServiceAtLocation,
    ServiceCapacity,
    TaxonomyTerm,
)
from directory.models.locations import Address
from directory.models.search import SearchEntry, SearchState
from directory.search import index
from partners.models import Organization

# Words that no vocabulary and no synonym knows, so that only the listings' own texts can hold them.
NONCE = ("quokkaville", "zephyrine", "bramblewick", "œillade", "Tumbleweedery", "fjordique", "wyvernon")
NAMES = (
    ("Harbour House", "Maison du port"),
    ("Same name", "Même nom"),
    ("Zebra", "Âne"),
    ("", "L’Étoile"),
    ("Food bank of the north", ""),
    ("Émilie’s place", "Chez Émilie"),
    ("the 100 steps", "les 100 marches"),
    ("harbour house", "maison du Port"),
)
FACETS = {
    "category": ("withdrawal-medical", "food-bank", "emergency-shelter", "crisis-mobile", "counselling"),
    "population": ("women", "youth", "newcomers"),
    "gender": ("all", "women"),
    "barrier": ("transport", "meals"),
    "setting": ("urban", "rural"),
    "topic": ("poverty", "parenting"),
    "level": ("primary", "tertiary"),
    "intake": ("walk_in", "phone"),
    "accessibility": ("wheelchair", "asl"),
    "phase": ("1", "2", "3"),
    "cost": ("free", "fee"),
}
LANGUAGES = ("en", "fr", "cr")
AREAS = ("winnipeg", "manitoba", "ontario", "canada", "north-end", "brandon")
POINTS = ((49.92, -97.13), (49.85, -99.95), (49.9201, -97.1302), (55.74, -97.85), (43.65, -79.38))
BYDAYS = ("MO,TU,WE,TH,FR", "SA,SU", "MO,TU,WE,TH,FR,SA,SU", "2MO", "WE")
HOURS = ((time(9), time(17)), (time(0), time(23, 59)), (time(21), time(3)), (time(12), time(13, 30)))


def settle() -> None:
    """A base of all entries, as if they had been committed long ago: within one transaction PostgreSQL
    gives all entries one stamp, so that none would ever be older than the base."""
    index.rebuild()
    SearchEntry.objects.update(stamp=0)
    SearchState.objects.update(horizon=1)


class Writer:
    """Draws listings and writes them; the same seed gives the same ones but for their ids."""

    def __init__(self, seed: int = 1):
        self.dice = Random(seed)
        self.terms = {
            (term.taxonomy, term.code): term
            for term in TaxonomyTerm.objects.filter(taxonomy__in=FACETS).order_by("taxonomy", "code")
        }
        self.owners = [
            Organization.objects.create(name_en=f"Owner {n}", name_fr=f"Propriétaire {word}")
            for n, word in enumerate(NONCE[:3])
        ]

    def some(self, of: Iterable[Any], chance: float = 0.35) -> list[Any]:
        return [one for one in of if self.dice.random() < chance]

    def maybe(self, value: Any, chance: float = 0.5) -> Any:
        return value if self.dice.random() < chance else None

    def write(self, count: int) -> list[Service]:
        """That many listings with all that hangs on them, and their entries in the index."""
        made = [self.service() for _ in range(count)]
        Service.objects.bulk_create(made)
        for service in made:
            self.attach(service)
        index.refresh_all(Service.objects.filter(pk__in=[service.pk for service in made]))
        return made

    def service(self) -> Service:
        dice = self.dice
        name_en, name_fr = dice.choice(NAMES)
        low, high = self.maybe(dice.choice((0, 12, 18, 65))), self.maybe(dice.choice((17, 29, 64, 120)))
        if low is not None and high is not None and low > high:
            low, high = high, low
        days = self.maybe(dice.choice((0, 1, 29, 89, 90, 91, 180, 181, 900)), 0.7)
        now = timezone.now()
        return Service(
            organization=dice.choice(self.owners),
            name_en=name_en,
            name_fr=name_fr,
            summary_en=self.maybe("Come by.") or "",
            description_en=" ".join(self.some(NONCE, 0.2)),
            description_fr=" ".join(self.some(NONCE, 0.1)),
            eligibility_fr=self.maybe(f"Pour les {dice.choice(NONCE)}s.", 0.2) or "",
            minimum_age=low,
            maximum_age=high,
            status=dice.choice(("active",) * 8 + ("defunct", "inactive", "temporarily closed")),
            publication=dice.choice(("published",) * 8 + ("draft", "archived")),
            accepts_referrals=dice.random() < 0.4,
            holiday_hours=dice.choice(("usual", "closed", "unknown")),
            verified_at=None if days is None else now - timedelta(days=days, seconds=dice.randrange(60)),
            verify_days=30 if days == 89 else 90,
        )

    def attach(self, service: Service) -> None:
        """Everything that hangs on a listing, where it has any."""
        dice = self.dice
        terms = [
            self.terms[taxonomy, code] for taxonomy, codes in FACETS.items() for code in self.some(codes, 0.3)
        ]
        Attribute.objects.bulk_create(Attribute(service=service, term=term) for term in terms)
        Language.objects.bulk_create(Language(service=service, code=code) for code in self.some(LANGUAGES))
        areas = self.some(AREAS, 0.15)
        ServiceArea.objects.bulk_create(ServiceArea(service=service, code=code) for code in areas)
        if dice.random() < 0.2:
            ServiceAlias.objects.create(service=service, name=f"Old {dice.choice(NONCE)}", language="en")
        if dice.random() < 0.6:
            ServiceCapacity.objects.create(
                service=service,
                value=dice.choice(("open", "limited", "waitlist", "full", "unknown")),
                as_of=timezone.now() - timedelta(days=dice.choice((0, 1, 13, 14, 15, 40))),
            )
        self.hours(service)
        for _ in range(dice.choice((0, 1, 1, 1, 2))):
            self.place(service)

    def hours(self, service: Service) -> None:
        dice, today = self.dice, timezone.localdate()
        for byday in self.some(BYDAYS, 0.25):
            opens, closes = dice.choice(HOURS)
            freq = "MONTHLY" if byday[0].isdigit() else "WEEKLY"
            zone = dice.choice(("America/Winnipeg", "America/Toronto"))
            Schedule.objects.create(
                service=service, byday=byday, freq=freq, opens_at=opens, closes_at=closes, timezone=zone
            )
        if dice.random() < 0.3:
            first = today + timedelta(days=dice.choice((-1, 0, 1)))
            times = self.maybe({"opens_at": time(6), "closes_at": time(20)}) or {}
            ScheduleException.objects.create(
                service=service, first_day=first, last_day=first + timedelta(days=2), **times
            )

    def place(self, service: Service) -> None:
        """One more place, of any kind and policy."""
        dice = self.dice
        policy = dice.choice(("public", "public", "public", "area_only", "withheld"))
        values: dict[str, Any] = {"policy": policy, "kind": dice.choice(("physical",) * 5 + ("virtual",))}
        if policy != "withheld":
            values |= {"city": dice.choice(("Winnipeg", "Brandon")), "province": "MB"}
            values["area_id"] = self.maybe(dice.choice(("north-end", "st-vital")))
        if policy == "public" and dice.random() < 0.8:
            values["latitude"], values["longitude"] = dice.choice(POINTS)
            if dice.random() < 0.5:
                values["latitude"] += dice.uniform(-0.2, 0.2)
                values["longitude"] += dice.uniform(-0.2, 0.2)
            values["position_source"] = dice.choice(("address", "postal_area"))
        location = Location.objects.create(organization=service.organization, **values)
        if policy == "public" and dice.random() < 0.5:
            Address.objects.create(
                location=location,
                address_1="12 Teststone Avenue",
                city=values["city"],
                state_province="MB",
                postal_code="R2W 2M2",
            )
        ServiceAtLocation.objects.create(service=service, location=location)
