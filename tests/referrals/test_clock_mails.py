"""Who gets the clock's mails: managers where it escalates, and a link that says nothing of a person."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from partners import clock
from partners.models import OutboxRow
from tests.referrals.clock import at, sent_on
from tests.referrals.pages import NAME, World, address, member
from tests.referrals.test_worklist import person_due

pytestmark = pytest.mark.django_db


def mails_to(kind: str) -> list[tuple[str, str]]:
    """Addresses and bodies of what was sent for one kind, told apart by the id of its row."""
    OutboxRow.objects.exclude(kind=kind).delete()
    mail.outbox.clear()
    assert clock.delivery.deliver_due().put_off == 0
    return sorted((message.to[0], str(message.body)) for message in mail.outbox)


def test_an_escalation_goes_to_the_managers_or_where_there_is_none_to_all_who_answer(world: World) -> None:
    for name, roles, told in (
        ("First", (), ["tom"]),
        ("Maria", ("manager",), ["maria"]),
    ):
        if roles:
            member(name, world.northern, *roles)
        referral = sent_on(world, "2026-11-02")
        with at("2026-11-11"):
            for _name, task in clock.hooks.clock_tasks:
                task()
            found = mails_to("escalation")
        assert [to.split("@")[0] for to, _body in found] == told
        assert address("detail", referral.pk) in found[-1][1]


@pytest.mark.parametrize("kind", ["protection_due", "introduction_due", "housing_ending"])
def test_what_is_no_referral_leads_to_the_work_list_and_names_nothing(world: World, kind: str) -> None:
    with at("2026-10-05"):
        person_due(world)
    for day in ("2026-10-06", "2026-10-31"):
        with at(day):
            for _name, task in clock.hooks.clock_tasks:
                task()
    with at("2026-10-31", "12:00"):
        ids = set(map(str, OutboxRow.objects.filter(kind=kind).values_list("object_id", flat=True)))
        found = mails_to(kind)
    assert found
    for to, body in found:
        assert to.split("@")[0] in (["paula"] if kind == "protection_due" else ["nadia", "paula"])
        assert reverse("referrals:home") in body
        assert not [word for word in (NAME, "Child", *ids) if word in body]


@pytest.fixture
def world() -> World:
    with at("2026-10-01"):
        return World()
