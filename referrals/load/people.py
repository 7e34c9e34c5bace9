"""Who sends and who answers: members, agreements, and how much of the work each organization has."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from django.utils import timezone

from directory.load.writing import Table, ids, moments
from directory.models import Service
from partners.models import Agreement, Membership, Organization, User
from partners.models.organizations import PartnerKind

SENDERS = 400
POLICE = PartnerKind.POLICE_LIAISON  # whose members see other pages
DOMAIN = "load.example"
NO_PASSWORD = "!load"  # noqa: S105 - what Django stores where nobody can sign in by password


def mark_of(name: str) -> str:
    return f"{name}@{DOMAIN}"


class People:
    """Organizations by Zipf's law: the first sends about a sixth of everything, the last next to nothing.

    ``senders``: ids of organizations; ``workers``: the worker of each; ``services``: of organizations
    that are no senders' own, with ``receivers`` beside them.
    """

    def __init__(self, seed: int, today: date):
        self.rng = np.random.default_rng([seed, 11])
        self.today = today
        owners = list(Organization.objects.exclude(kind=POLICE).order_by("id").values_list("id", flat=True))
        self.organizations = [owner.hex for owner in owners]
        self.senders = self.organizations[:SENDERS]
        listed = Service.objects.filter(publication="published").exclude(organization__kind=POLICE)
        pairs = list(listed.order_by("id").values_list("id", "organization_id"))
        self.services = [service.hex for service, _owner in pairs]
        self.receivers = [owner.hex for _service, owner in pairs]
        self.workers = ids(self.rng, 0, 1, len(self.organizations))
        self.worker_of = dict(zip(self.organizations, self.workers, strict=True))

    def write(self) -> None:
        now = moments([timezone.now()])[0]
        count = len(self.organizations)
        users = Table(User, "id", "email", "full_name", "password", "date_joined")
        users.write(
            self.workers,
            [mark_of(f"worker-{number}") for number in range(count)],
            [f"Worker {number} (load)" for number in range(count)],
            [NO_PASSWORD] * count,
            [now] * count,
        )
        for role in ("worker", "manager"):
            members = Table(Membership, "user", "organization", "role", "started_at")
            members.write(self.workers, self.organizations, [role] * count, [now] * count)
        agreements = Table(Agreement, "id", "organization", "starts_on", "ends_on", "signed_at", "created_at")
        agreements.write(
            ids(self.rng, 0, 1, count),
            self.organizations,
            [self.today - timedelta(days=1_000)] * count,
            [self.today + timedelta(days=1_000)] * count,
            [now] * count,
            [now] * count,
        )

    def draw(self, rng: np.random.Generator, count: int, options: int) -> list[int]:
        """Which of so many, by Zipf's law."""
        weights = 1 / (np.arange(options) + 1.0)
        drawn: list[int] = rng.choice(options, count, p=weights / weights.sum()).tolist()
        return drawn
