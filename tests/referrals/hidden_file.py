"""A restricted file, those who may and may not open it, and every way by which it could be found."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from partners.actor import Actor, Side
from partners.errors import NotSeen, Refused
from partners.models import User
from referrals import care_team, clients, worklist
from referrals.access import access_client, access_consent, access_referral
from referrals.boxes import box_page
from referrals.models import (
    Client,
    Consent,
    Introduction,
    IntroductionKind,
    Need,
    Referral,
)
from tests.referrals.pages import NAME, World, member

REASON = "Planted reason"


@dataclass
class Hidden:
    """Wren's restricted file: Nadia and Noor are its team; Max manages, Priv is the privacy officer."""

    world: World
    noor: User
    other: User
    max: User
    priv: User
    referral: Referral
    introduction: Introduction

    def actor(self, user: User) -> Actor:
        return self.world.actor(user)

    @property
    def client_id(self) -> UUID:
        return self.world.person.pk


def restricted_file() -> Hidden:
    world = World()
    lantern = world.lantern
    users = {
        name: member(name, lantern, *roles)
        for name, roles in (
            ("Noor", ["worker"]),
            ("Other", ["worker"]),
            ("Max", ["manager"]),
            ("Priv", ["privacy_officer"]),
        )
    }
    referral = world.sent()
    introduction = Introduction.objects.create(
        kind=IntroductionKind.SELF_REFERRAL,
        receiver=lantern,
        consent_text_version="1",
        consented_at=timezone.now(),
        answer_due_on=timezone.localdate(),
        client=world.person,
    )
    made = Hidden(world, users["Noor"], users["Other"], users["Max"], users["Priv"], referral, introduction)
    care_team.set_team(
        actor=world.actor(world.nadia), client_id=made.client_id, restricted=True, members=[made.noor.pk]
    )
    return made


def sees(hidden: Hidden, user: User) -> set[str]:
    """Through which of all doors and lists this user finds the file or what hangs on it."""
    actor, found = hidden.actor(user), set()
    person, referral = hidden.client_id, hidden.referral
    if Client.objects.visible_to(actor).filter(pk=person).exists():
        found.add("client")
    for model in (Consent, Need, Referral, Introduction):
        if model.objects.visible_to(actor).filter(client_id=person).exists():
            found.add(model.__name__)
    for door, key in (
        (access_client, person),
        (access_consent, referral.consent_id),
        (access_referral, referral.pk),
    ):
        try:
            door(key, actor)
            found.add(door.__name__)
        except (NotSeen, Refused):
            pass
    if actor.capabilities and "clients" in actor.capabilities:
        rows = clients.list_clients(actor=actor, q=NAME).object_list
        found |= {"search"} if any(row.id == person for row in rows) else set()
        found |= {"names"} if clients.names_of(actor=actor, client_ids=[person]) else set()
        sent = box_page(actor, Side.SENDER).object_list
        found |= {"box"} if any(row.id == referral.pk for row in sent) else set()
        if person in worklist.client_ids(worklist.sections(actor)):
            found.add("worklist")
    return found


EVERYTHING = {
    "client",
    "Consent",
    "Need",
    "Referral",
    "Introduction",
    "access_client",
    "access_consent",
    "access_referral",
    "search",
    "names",
    "box",
    "worklist",
}
