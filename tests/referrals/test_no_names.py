"""After a whole story nothing that identifies stands in what is kept beside the file in clear."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from partners import audit
from partners.errors import DomainError
from partners.fields import encrypted_fields
from partners.models import AuditEvent, OutboxRow
from referrals import clients, handoffs, messages, opened, outcomes
from referrals.actions import attempt
from referrals.consent import disclose
from referrals.consent_acts import withdraw_consent
from referrals.models import Client, Referral, TimelineEvent
from tests.referrals.pages import World

pytestmark = pytest.mark.django_db

FILE = {
    "chosen_name": "Wren Planted",
    "legal_name": "Wrenna Legalplanted",
    "birth_date": "1991-03-17",
    "gender": "Genderplanted",
    "pronouns": "Pronounplanted",
    "indigenous_identity": "Nationplanted",
    "situation": "Situationplanted",
    "health": "Healthplanted",
    "family": "Familyplanted",
    "justice": "Justiceplanted",
    "housing": "Housingplanted",
}
CONTACT = {
    "methods": ["call", "email"],
    "phone": "204-555-0188",
    "email": "planted@safe.example",
    "hours": "Hoursplanted",
    "code_word": "Wordplanted",
}
SAID = {
    "note": "Noteplanted",
    "end_note": "Endnoteplanted",
    "message": "Messageplanted",
    "place": "Placeplanted",
    "companion": "Companionplanted",
    "witness": "Witnessplanted",
    "why": "Whyplanted",
    "reported_to": "Reportplanted",
}
PLANTED = {*FILE.values(), *(str(CONTACT[name]) for name in CONTACT if name != "methods"), *SAID.values()}


def quietly(act: Any, **given: Any) -> None:
    """An act that is refused."""
    with pytest.raises(DomainError):
        act(**given)


def tell(world: World) -> tuple[Client, Referral]:
    """From the first file to a loop that is closed, a decline and a withdrawal, with refusals between."""
    nadia, tom, pat = (world.actor(user) for user in (world.nadia, world.tom, world.pat))
    today = timezone.localdate()
    person = world.client(**FILE, safe_contact=CONTACT, age_band="")
    clients.change_client(actor=nadia, client_id=person.pk, health=FILE["health"], family=FILE["family"])
    clients.enter_phase(actor=nadia, client_id=person.pk, phase=1, on=today, reason=SAID["why"])
    clients.record_child_protection(
        actor=nadia, client_id=person.pk, state="reported", at=timezone.now(), reported_to=SAID["reported_to"]
    )
    clients.list_clients(actor=nadia, q=FILE["chosen_name"])
    consent = world.consent(person, how="spoken", witness=SAID["witness"])
    first = world.sent(person, consent_id=consent.pk, note=SAID["note"])
    quietly(attempt, referral_id=first.pk, action="accept", actor=pat)
    quietly(attempt, referral_id=first.pk, action="accept", actor=tom, note=SAID["note"])
    opened.mark_opened(first.pk, tom)
    world.act(first, "accept")
    disclose(Referral.objects.get(pk=first.pk), tom)
    messages.send_message(referral_id=first.pk, actor=tom, text=SAID["message"])
    soon = timezone.now() + datetime.timedelta(hours=1)
    plan = {"kind": "accompanied", "when": soon, "ride": True}
    handoff = handoffs.plan_handoff(
        referral_id=first.pk, actor=nadia, place=SAID["place"], companion=SAID["companion"], **plan
    )
    moved = timezone.now() + datetime.timedelta(days=1)
    handoffs.record_handoff(handoff_id=handoff.id, actor=tom, result="moved", moved_to=moved)
    world.act(first, "start_service", date=today)
    world.act(first, "close", outcome="got_help", date=today, note=SAID["end_note"])
    outcomes.confirm_outcome(referral_id=first.pk, actor=nadia)
    second = world.sent(person, consent_id=consent.pk, note=SAID["note"])
    world.act(second, "decline", reason="other", note=SAID["end_note"])
    world.sent(person, consent_id=consent.pk)
    withdraw_consent(actor=nadia, consent_id=consent.pk, how="phone")
    clients.open_file(actor=nadia, client_id=person.pk)
    return person, first


def rows_of(*models: Any) -> str:
    values = [list(model.objects.order_by("pk").values()) for model in models]
    return json.dumps(values, default=str, ensure_ascii=False)


def found_in(text: str, values: Iterable[str]) -> set[str]:
    return {value for value in values if value.casefold() in text.casefold()}


def test_audit_timeline_and_notices_hold_no_name_and_no_free_text(db: None) -> None:
    world = World()
    person, referral = tell(world)

    kept = rows_of(AuditEvent, OutboxRow, TimelineEvent)

    assert TimelineEvent.objects.filter(referral=referral).count() == 11
    assert AuditEvent.objects.filter(result="refused").count() == 2
    assert audit.verify()[1] is None
    assert found_in(kept, PLANTED) == set()
    assert found_in(kept, {"planted", person.code}) == set()
    members = [world.nadia, world.tom, world.pat]
    assert found_in(kept, {user.full_name for user in members} | {user.email for user in members}) == set()


def test_the_notices_name_no_service_and_no_reason(db: None) -> None:
    world = World()
    tell(world)

    kept = rows_of(OutboxRow)

    assert found_in(kept, {world.service.name_en, "treatment", "other", "got_help", "no_capacity"}) == set()


def test_no_table_holds_what_identifies_in_clear(db: None) -> None:
    """Every column of every table, as the database itself has it."""
    tell(World())

    held: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            cursor.execute(f'SELECT * FROM "{table}"')
            found = found_in(repr(cursor.fetchall()), PLANTED | {"planted"})
            if found:
                held[table] = found

    assert held == {}


def test_the_planted_values_can_be_found_where_they_belong(db: None) -> None:
    """Else the tests above would hold for a story that wrote nothing."""
    tell(World())

    told = repr(
        [
            field.value_from_object(row)
            for model in apps.get_app_config("referrals").get_models()
            for row in model._base_manager.order_by("pk")
            for field in encrypted_fields(model)
        ]
    )

    assert found_in(told, PLANTED) == PLANTED
