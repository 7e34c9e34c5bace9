"""Client files with their needs and consents: one need and one consent for each referral to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
from django.utils import timezone

from directory.load.writing import Table, ids, moments
from directory.models import TaxonomyTerm
from referrals.codes import ALPHABET
from referrals.consent_texts import CURRENT_VERSION
from referrals.load.people import People
from referrals.load.sealing import sealed
from referrals.models import AgeBand, Client, Consent, Need, Urgency

EACH_CLIENT = 2
OLDEST_DAYS = 900
CONSENT_DAYS = 90
NAMES = ("Wren", "Robin", "Ash", "Rowan", "Sky", "River", "Sage", "Jules", "Alix", "Noor")
SAFE_CONTACT = {"methods": ["text"], "phone": "204-555-0199", "text": True, "voicemail": False}
GROUPS = '["contact","identity","situation"]'


@dataclass(frozen=True)
class Offers:
    """Columns, one row for each referral to be written.

    ``age``: days since the draft. ``share``: between which shares of all ids those of the batch lie.
    """

    ids: list[str]
    clients: list[str]
    needs: list[str]
    consents: list[str]
    services: list[str]
    senders: list[str]
    receivers: list[str]
    urgencies: list[str]
    age: list[int]
    share: tuple[float, float]


def codes(start: int, count: int) -> list[str]:
    """Different for each number; six signs as ``new_code`` makes them."""
    base = len(ALPHABET)
    made = []
    for number in range(start, start + count):
        signs, left = [], (number * 7_368_787 + 1) % base**6
        for _sign in range(6):
            left, sign = divmod(left, base)
            signs.append(ALPHABET[sign])
        made.append("".join(signs[:3]) + "-" + "".join(signs[3:]))
    return made


class Files:
    """Writes batches of files and answers what is to be offered."""

    def __init__(self, people: People, today: date):
        self.people, self.today, self.written = people, today, 0
        midnight = timezone.make_aware(datetime.combine(today, time(0)))
        days = range(-CONSENT_DAYS, OLDEST_DAYS + 1)
        self.moment = dict(zip(days, moments([midnight - timedelta(days=day) for day in days]), strict=True))
        top = TaxonomyTerm.objects.filter(taxonomy="category").order_by("code")
        self.categories = [term.hex for term in top.values_list("id", flat=True)]

    def write(self, rng: np.random.Generator, start: float, end: float, count: int) -> Offers:
        each = (count + EACH_CLIENT - 1) // EACH_CLIENT
        clients = ids(rng, start, end, each)
        owners = [self.people.senders[n] for n in self.people.draw(rng, each, len(self.people.senders))]
        self._clients(rng, clients, owners)
        served = self.people.draw(rng, count, len(self.people.services))
        offers = Offers(
            ids=ids(rng, start, end, count),
            clients=[clients[n // EACH_CLIENT] for n in range(count)],
            needs=ids(rng, start, end, count),
            consents=ids(rng, start, end, count),
            services=[self.people.services[n] for n in served],
            senders=[owners[n // EACH_CLIENT] for n in range(count)],
            receivers=[self.people.receivers[n] for n in served],
            urgencies=rng.choice(Urgency.values, count, p=(0.7, 0.2, 0.1)).tolist(),
            age=rng.integers(1, OLDEST_DAYS, count).tolist(),
            share=(start, end),
        )
        self._needs(rng, offers)
        self._consents(rng, offers)
        self.written += count
        return offers

    def _clients(self, rng: np.random.Generator, clients: list[str], owners: list[str]) -> None:
        count = len(clients)
        fields = ("id", "organization", "code", "chosen_name", "safe_contact", "age_band", "language")
        fields += ("name_index", "created_by", "created_at", "last_act_at")
        names = [NAMES[n] for n in rng.integers(0, len(NAMES), count).tolist()]
        acted = [self.moment[day] for day in rng.integers(0, OLDEST_DAYS, count).tolist()]
        Table(Client, *fields).write(
            clients,
            owners,
            codes(self.written, count),
            sealed(Client, "chosen_name", clients, names),
            sealed(Client, "safe_contact", clients, [SAFE_CONTACT] * count),
            [AgeBand.FROM_25.value] * count,
            ["en"] * count,
            [f"{number:064x}" for number in range(self.written, self.written + count)],
            [self.people.worker_of[owner] for owner in owners],
            [self.moment[OLDEST_DAYS]] * count,
            acted,
        )

    def _needs(self, rng: np.random.Generator, offers: Offers) -> None:
        count = len(offers.ids)
        categories = [self.categories[n] for n in rng.integers(0, len(self.categories), count).tolist()]
        Table(Need, "id", "client", "category", "urgency", "created_at").write(
            offers.needs,
            offers.clients,
            categories,
            offers.urgencies,
            [self.moment[day] for day in offers.age],
        )

    def _consents(self, rng: np.random.Generator, offers: Offers) -> None:
        """Given with the draft; every second one was given anew, so that it is still in force."""
        count = len(offers.ids)
        given = [
            min(age, int(young)) if again else age
            for age, young, again in zip(
                offers.age, rng.integers(1, CONSENT_DAYS, count), rng.random(count) < 0.5, strict=True
            )
        ]
        fields = ("id", "client", "recipient", "field_groups", "text_version", "language", "how")
        fields += ("given_at", "expires_at", "recorded_by", "recorded_at")
        Table(Consent, *fields).write(
            offers.consents,
            offers.clients,
            offers.receivers,
            [GROUPS] * count,
            [CURRENT_VERSION] * count,
            ["en"] * count,
            ["written"] * count,
            [self.moment[day] for day in given],
            [self.moment[day - CONSENT_DAYS] for day in given],
            [self.people.worker_of[owner] for owner in offers.senders],
            [self.moment[day] for day in given],
        )
