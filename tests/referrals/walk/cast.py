"""Who walks: one sender with two workers and a manager, three receivers of different kinds, a stranger."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from directory.models import Service
from partners.access import actor_for
from partners.actor import Actor
from partners.models import Agreement, Organization
from referrals import pressing
from referrals.clients import create_client
from referrals.models import Client, Referral
from tests.factories.listings import make_service
from tests.referrals.pages import SAFE_CONTACT, admitted, member
from tests.referrals.walk.model import KINDS

# What is planted in each field group, so that a leak names its group.
PLANTED = {
    "identity": "Identity Planted",
    "contact": "204-555-0188",
    "situation": "Situation Planted",
    "health": "Health Planted",
    "family": "Family Planted",
    "justice": "Justice Planted",
    "housing": "Housing Planted",
    "indigenous_identity": "Nation Planted",
}


@dataclass
class Cast:
    """``actors``: by the words of the model: sender, manager, stranger, or the key of a receiver."""

    actors: dict[str, Actor]
    organizations: dict[str, Organization]
    services: dict[str, Service]
    clients: list[Client]


def gather() -> Cast:
    """The agreements outlast every walk, however long it waits."""
    lantern = admitted("Lantern (demo)", "womens_centre")
    nadia, paula = member("Nadia", lantern, "worker"), member("Paula", lantern, "manager")
    elsewhere = admitted("Elsewhere (demo)", "training_program")
    actors = {
        "sender": actor_for(nadia, None),
        "manager": actor_for(paula, None),
        "stranger": actor_for(member("Pat", elsewhere, "worker"), None),
    }
    organizations, services = {}, {}
    for kind in KINDS:
        organizations[kind] = admitted(f"{kind} (demo)", kind)
        actors[kind] = actor_for(member(f"Tom{kind}", organizations[kind], "worker"), None)
        services[kind] = make_service(
            organization=organizations[kind], name_en=kind, name_fr=kind, accepts_referrals=True
        )
    # However far the clock goes, agreements stay in force and listings checked.
    Agreement.objects.update(ends_on=datetime.date(2100, 1, 1))
    Service.objects.update(verified_at=datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC))
    groups = {name: PLANTED[name] for name in PLANTED if name not in ("identity", "contact")}
    clients = [
        create_client(
            actor=actors["sender"],
            chosen_name=f"{PLANTED['identity']} {number}",
            age_band="25_34",
            language="en",
            safe_contact={**SAFE_CONTACT, "phone": PLANTED["contact"]},
            **groups,
        )
        for number in range(2)
    ]
    return Cast(actors, organizations, services, clients)


@contextmanager
def savepoint() -> Iterator[Any]:
    """Taken back at the end; a release, which wants a transaction of its own, passes as in a TestCase."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # what Django's own TestCase does
    with block:
        yield block
        transaction.set_rollback(True)


def pressing_as_kept() -> bool:
    """Working out anew what presses changes nothing."""
    kept = Referral.objects.order_by("pk").values_list("pk", *pressing.COLUMNS)
    before = list(kept)
    pressing.refresh_all(Referral.objects.all())
    return list(kept.all()) == before
