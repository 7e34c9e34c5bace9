"""Who belongs to two organizations acts for one of them at a time."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from partners.models import Membership, Organization, User

PATH = "/en/organization/switch/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def both(member: Callable[..., User], lantern: Organization, clinic: Organization) -> User:
    return member("both@lantern.example", {lantern: ["privacy_officer"], clinic: ["worker"]})


def acting_for(client: Client) -> Any:
    return client.get(PATH).wsgi_request.actor.organization_id


def test_the_choice_lasts_for_the_session(
    client: Client, both: User, lantern: Organization, clinic: Organization
) -> None:
    client.force_login(both)
    assert acting_for(client) == clinic.pk

    answer = client.post(PATH, {"organization": str(lantern.pk)})

    assert (answer.status_code, answer["Location"]) == (302, "/en/home/")
    assert acting_for(client) == lantern.pk
    assert client.get("/en/audit/").status_code == 200


def test_a_foreign_one_and_one_that_is_none_answer_alike(
    client: Client, nadia: User, clinic: Organization
) -> None:
    client.force_login(nadia)
    before = acting_for(client)

    for chosen in (str(clinic.pk), str(uuid.uuid4()), "", "x", "' OR 1=1"):
        assert client.post(PATH, {"organization": chosen}).status_code == 404
    assert acting_for(client) == before


def test_who_has_left_can_only_choose_what_is_left(
    client: Client, both: User, lantern: Organization, clinic: Organization
) -> None:
    client.force_login(both)
    client.post(PATH, {"organization": str(lantern.pk)})
    Membership.objects.filter(organization=lantern).update(ended_at=timezone.now())

    assert acting_for(client) is None
    assert lantern.name_en not in client.get(PATH).content.decode()
    assert client.post(PATH, {"organization": str(lantern.pk)}).status_code == 404
    assert client.post(PATH, {"organization": str(clinic.pk)}).status_code == 302


@pytest.mark.parametrize(("language", "name"), [("en", "Lantern (demo)"), ("fr", "Lanterne (démo)")])
def test_they_are_named_in_the_readers_language(client: Client, both: User, language: str, name: str) -> None:
    client.force_login(both)

    assert name in client.get(f"/{language}/organization/switch/").content.decode()
