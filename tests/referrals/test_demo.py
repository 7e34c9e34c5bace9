"""The demo: made by real acts, made once, and never over anything real."""

from __future__ import annotations

from collections import Counter
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from directory.models import Service
from partners import audit, triggers
from partners.models import AuditEvent, Membership, Organization, User
from referrals.ages import age_of, is_minor
from referrals.models import Client, Referral
from tests.factories.listings import make_organization

PASSWORD = "a-password-for-the-demo"

SIGN_INS = {
    "nadia@lantern.example",
    "paula@lantern.example",
    "tom@redriver.example",
    "ines@northernlight.example",
    "pat@tworivers.example",
    "mo@police.example",
    "lea@relais.example",
    "eva@evaluation.example",
}


@pytest.fixture(autouse=True)
def demo_settings(settings: Any) -> None:
    settings.DEMO = True
    settings.ENVIRONMENT = {"RELAIS_DEMO_PASSWORD": PASSWORD}


def demo(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", "--no-serve", *arguments, stdout=out)
    return out.getvalue()


def everything() -> dict[str, int]:
    models = (Service, Organization, User, Membership, Client, Referral, AuditEvent)
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.django_db
def test_the_story_stands_and_a_second_run_adds_nothing() -> None:
    told = demo()
    assert all(address in told for address in (*SIGN_INS, PASSWORD, "/en/", "/fr/"))
    assert set(User.objects.values_list("email", flat=True)) == SIGN_INS
    for email in SIGN_INS:
        assert authenticate(email=email, password=PASSWORD)
    statuses = Counter(Referral.objects.values_list("status", flat=True))
    assert statuses == {"closed": 1, "sent": 2, "accepted": 1, "waitlisted": 1, "declined": 1, "draft": 1}
    assert Referral.objects.get(status="closed").confirmed_at
    assert audit.verify()[1] is None
    before = everything()
    assert "--reset" in demo()
    assert everything() == before


@pytest.mark.django_db
def test_everybody_is_invented_and_says_so() -> None:
    demo()
    assert not Client.objects.exclude(organization__is_demo=True).exists()
    assert all("(demo)" in client.chosen_name for client in Client.objects.all())
    assert all("(demo)" in user.full_name for user in User.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2026-11-24", "2028-02-29", "2027-12-31"])
def test_tess_is_seventeen_whenever_the_demo_is_made(day: str) -> None:
    with time_machine.travel(f"{day}T18:00:00+00:00"):
        demo()
        minors = [client for client in Client.objects.all() if is_minor(client)]
        assert [(client.chosen_name, age_of(client)) for client in minors] == [("Tess (demo)", 17)]


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [(), ("--reset",)])
@pytest.mark.parametrize("real", ["organization", "user", "member"])
def test_a_database_with_anything_real_is_left_alone(real: str, arguments: tuple[str, ...]) -> None:
    if real == "organization":
        make_organization(name_en="A real one")
    elif real == "user":
        User.objects.create_user("somebody@a-real-agency.ca", full_name="Somebody")
    else:
        listed = make_organization(name_en="Listed", source_id="winnipeg:listed")
        user = User.objects.create_user("nadia@lantern.example", full_name="Nadia")
        Membership.objects.create(user=user, organization=listed, role="worker")
    before = everything()
    with pytest.raises(CommandError, match="leaves it alone"):
        demo(*arguments)
    assert everything() == before


@pytest.mark.django_db
def test_it_runs_in_the_demo_only(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="RELAIS_DEMO"):
        demo()
    assert not Organization.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_reset_begins_anew() -> None:
    demo()
    first = set(Referral.objects.values_list("code", flat=True))
    demo("--reset")
    assert first.isdisjoint(Referral.objects.values_list("code", flat=True))
    assert Client.objects.count() == 8
    assert triggers.missing() == []
    assert audit.verify()[1] is None
