"""The whole of a synthetic database: emptied of what an earlier run left, then written in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import numpy as np
from django.apps import apps
from django.db import models, transaction

from directory.load import terms, words
from directory.load.batch import Batch
from directory.load.services import Services
from directory.load.writing import Table, analyze, empty, hurried, ids, moments
from directory.models import Area, Program, TaxonomyTerm, Unit
from partners.models import Organization, OrganizationAlias, User
from partners.models.organizations import PartnerKind

BATCH = 5_000
SERVICES_EACH = 4
MARK = "(load)"
# Written after every migration, or by nobody: an earlier run's rows hang on none of these.
KEPT = (Area, TaxonomyTerm, Unit)
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """The same plan makes the same rows, ids included, on either database."""

    services: int
    seed: int
    today: date

    @property
    def organizations(self) -> int:
        return max(1, self.services // SERVICES_EACH)


def others() -> str:
    """What the database holds that no run of this wrote; empty: it may be overwritten."""
    foreign = (
        User.objects.all(),
        Program.objects.all(),
        Organization.objects.exclude(name_en__endswith=MARK),
    )
    return ", ".join(str(rows.model._meta.verbose_name_plural) for rows in foreign if rows.exists())


def generate(plan: Plan, say: Say) -> None:
    """The caller has asked ``others``. The search index is not written here."""
    with hurried():
        with transaction.atomic():
            empty(_written())
            terms.add_categories()
        owners = _organizations(plan)
        say(f"{plan.organizations} organizations")
        writer = Services(plan.seed, plan.today)
        for batch in _batches(plan):
            numbers = range(batch.first, batch.first + batch.count)
            with transaction.atomic():
                writer.write(batch, [owners[n * len(owners) // plan.services] for n in numbers])
            say(f"{batch.first + batch.count} of {plan.services} services")
        analyze()


def _batches(plan: Plan) -> Iterator[Batch]:
    for first in range(0, plan.services, BATCH):
        count = min(BATCH, plan.services - first)
        yield Batch(np.random.default_rng([plan.seed, 2, first]), first, count, plan.services)


def _written() -> list[type[models.Model]]:
    """Every table of the directory and its organizations, what hangs on others first."""
    left: list[type[models.Model]] = [OrganizationAlias, Organization]
    left += [model for model in apps.get_app_config("directory").get_models() if model not in KEPT]
    order: list[type[models.Model]] = []
    while left:
        above = {field.related_model for model in left for field in model._meta.concrete_fields}
        free = [model for model in left if model not in above]
        order += free
        left = [model for model in left if model not in free]
    return order


def _organizations(plan: Plan) -> list[str]:
    rng = np.random.default_rng([plan.seed, 3])
    count = plan.organizations
    owners = ids(rng, 0, 1, count)
    names = {
        language: [
            f"{text.title()} {MARK}"
            for text in words.texts(language, words.draw(rng, (count, 2), words.content_from(language)))
        ]
        for language in ("en", "fr")
    }
    day = moments([datetime.combine(plan.today, time(0), tzinfo=UTC)])[0]
    fields = ("id", "name_en", "name_fr", "kind", "source_id", "created_at", "last_modified")
    table = Table(Organization, *fields)
    with transaction.atomic():
        table.write(
            owners,
            names["en"],
            names["fr"],
            [PartnerKind.values[n] for n in rng.integers(0, len(PartnerKind.values), count).tolist()],
            [f"load-{number}" for number in range(count)],
            [day] * count,
            [day] * count,
        )
    return owners
