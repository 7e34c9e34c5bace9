"""A file that is deleted while others act on it: each of them ends, or is refused in words. Nobody waits in
a circle, nothing is left half, and nothing is an error without a name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from referrals import clients, plans
from referrals.attempts import record_attempt
from referrals.consent_acts import record_consent, withdraw_consent
from referrals.consent_texts import CURRENT_VERSION
from referrals.documents import add_document
from referrals.messages import send_message
from referrals.models import Client, Referral
from referrals.needs import change_need, create_need
from referrals.rights import deletion, holdings
from tests.factories.files import picture
from tests.referrals.offering import Offering
from tests.referrals.test_races import DONE, at_once, intact

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
REFUSALS = {DONE, "not_found", "conflict", "consent_required", "invalid"}


@pytest.fixture
def world(transactional_db: None) -> Offering:
    return Offering()


def rounds() -> range:
    return range(12 if connection.vendor == "postgresql" else 3)


type_of_act = Callable[[], object]


def acts(world: Offering, person: Client, referral: Referral) -> dict[str, type_of_act]:
    """What a worker on either side may be doing at that moment."""
    nadia, tom, pk = world.actor(world.nadia), world.actor(world.tom), person.pk
    key = {"referral_id": referral.pk}
    consent = {
        "recipient_id": world.northern.pk,
        "text_version": CURRENT_VERSION,
        "field_groups": ["identity"],
    }
    return {
        "draft for the need": lambda: world.draft(person, need_id=referral.need_id),
        "draft": lambda: world.draft(person),
        "need": lambda: create_need(actor=nadia, client_id=pk, category="treatment-day"),
        "need changed": lambda: change_need(actor=nadia, need_id=referral.need_id, urgency="urgent"),
        "accept": lambda: world.act(referral, "accept"),
        "message": lambda: send_message(**key, actor=tom, text="Hello"),
        "file": lambda: add_document(**key, actor=nadia, name="a.png", content=picture()),
        "attempt": lambda: record_attempt(**key, actor=nadia, method="text", result="no_answer"),
        "consent": lambda: record_consent(actor=nadia, client_id=pk, how="written", language="en", **consent),
        "withdrawn": lambda: withdraw_consent(actor=nadia, consent_id=referral.consent_id, how="phone"),
        "changed": lambda: clients.change_client(actor=nadia, client_id=pk, situation="New"),
        "phase": lambda: clients.enter_phase(actor=nadia, client_id=pk, phase=1, on="2026-11-02"),
        "plan": lambda: plans.add_support(actor=nadia, client_id=pk, kind="intake", on="2026-11-02"),
    }


NAMES = (
    "draft for the need",
    "draft",
    "need",
    "need changed",
    "accept",
    "message",
    "file",
    "attempt",
    "consent",
    "withdrawn",
    "changed",
    "phase",
    "plan",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_deleted_while_somebody_acts_on_it(world: Offering, name: str) -> None:
    paula = world.actor(world.paula)
    faults = []
    for _number in rounds():
        person = world.client()
        referral = world.sent(person)
        act = acts(world, person, referral)[name]

        def remove(person: Client = person) -> object:
            return deletion.delete_client(actor=paula, client_id=person.pk, reason="request")

        acted, removed = at_once(act, remove)
        if acted not in REFUSALS or removed not in (DONE, "conflict"):
            faults.append((acted, removed))
        if removed == DONE:
            assert [one.label for one in holdings.HOLDINGS if one.rows(person.pk).exists()] == []
            assert not Client.objects.filter(pk=person.pk).exists()
    assert faults == []
    assert intact()
