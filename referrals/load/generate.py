"""The whole of the synthetic referrals: what an earlier run left goes, then batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.apps import apps
from django.db import models, transaction

from directory.load.writing import analyze, empty, hurried
from partners.models import Agreement, Membership, User
from referrals import pressing
from referrals.load.files import Files
from referrals.load.people import People, mark_of
from referrals.load.stories import Stories

BATCH = 5_000
Say = Callable[[str], None]


@dataclass(frozen=True)
class ReferralPlan:
    """The same plan over the same listings makes the same rows; what is encrypted differs at rest."""

    referrals: int
    seed: int
    today: date


def forget_referrals() -> None:
    """Every client file and referral goes, and the members that a run has made.

    The caller has made sure that the database holds synthetic rows only.
    """
    with hurried(), transaction.atomic():
        empty(_written())


def strangers() -> str:
    """Users whom no run of this has made; empty: the rows may be overwritten."""
    return ", ".join(User.objects.exclude(email__endswith=mark_of("")).values_list("email", flat=True)[:3])


def generate_referrals(plan: ReferralPlan, say: Say) -> None:
    with hurried():
        with transaction.atomic():
            people = People(plan.seed, plan.today)
            people.write()
        files, stories = Files(people, plan.today), Stories(people, plan.today)
        for first, rng in _batches(plan):
            count = min(BATCH, plan.referrals - first)
            with transaction.atomic():
                offers = files.write(rng, first / plan.referrals, (first + count) / plan.referrals, count)
                stories.write(rng, offers)
            say(f"{first + count} of {plan.referrals} referrals")
        pressing.refresh_open()
        analyze()


def _batches(plan: ReferralPlan) -> Iterator[tuple[int, np.random.Generator]]:
    for first in range(0, plan.referrals, BATCH):
        yield first, np.random.default_rng([plan.seed, 12, first])


def _written() -> list[type[models.Model]]:
    """Every table of the app and the members, what hangs on others first."""
    left = [*apps.get_app_config("referrals").get_models(), Membership, Agreement, User]
    order: list[type[models.Model]] = []
    while left:
        above = {
            field.related_model
            for model in left
            for field in model._meta.concrete_fields
            if field.related_model is not model
        }
        free = [model for model in left if model not in above]
        order += free
        left = [model for model in left if model not in free]
    return order
