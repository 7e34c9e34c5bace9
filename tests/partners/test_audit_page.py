"""The audit log as a privacy officer reads it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from partners import audit, audit_log
from partners.access import actor_for
from partners.errors import Refused
from partners.models import AuditEvent, Organization, User
from partners.roles import Role

FILE = uuid.UUID(int=77)
pytestmark = pytest.mark.django_db


@pytest.fixture
def paula(member: Callable[..., User], lantern: Organization) -> User:
    return member("paula@lantern.example", {lantern: ["privacy_officer"]})


@pytest.fixture
def tom(member: Callable[..., User], clinic: Organization) -> User:
    return member("tom@clinic.example", {clinic: ["worker"]})


def act(
    user: User,
    *chains: Organization,
    object_id: uuid.UUID = FILE,
    result: str = audit.DONE,
    details: dict[str, Any] | None = None,
) -> None:
    with transaction.atomic():
        audit.record(
            audit.Entry(
                actor=actor_for(user, None),
                action="token.create",
                object_type="user",
                object_id=object_id,
                result=result,
                chains=tuple(organization.pk for organization in chains),
                details=details or {"days": 7, "status": 403},
            )
        )


def lines(client: Client, **parameters: Any) -> list[audit_log.Line]:
    return list(client.get("/en/audit/", parameters).context["page"].lines)


def test_who_did_what_and_when(client: Client, paula: User, nadia: User, lantern: Organization) -> None:
    act(nadia)
    client.force_login(paula)

    (line,) = lines(client)

    assert (line.who, line.organization, line.what) == (nadia.full_name, "Lantern (demo)", "API token made")
    assert (line.channel, line.object_type, line.object_id) == ("Website", "Member", str(FILE))
    assert line.details == (("Days", "7"),)
    assert line.at == AuditEvent.objects.get().at


def test_codes_and_organizations_are_put_into_words(
    client: Client, paula: User, clinic: Organization
) -> None:
    act(
        paula,
        details={"code": "consent_required", "recipient": str(clinic.pk), "field_groups": ["health", "x"]},
    )
    act(paula, details={"recipient": str(FILE), "reason": None})
    client.force_login(paula)

    second, first = lines(client)

    assert [text for _, text in first.details] == [
        "There is no consent for this recipient.",
        "Clinic (demo)",
        "Health, x",
    ]
    assert [text for _, text in second.details] == [str(FILE)]


def test_another_organizations_member_is_not_named(
    client: Client, paula: User, tom: User, lantern: Organization, clinic: Organization
) -> None:
    act(tom, lantern, clinic)
    client.force_login(paula)

    (line,) = lines(client)

    assert (line.who, line.organization) == ("", "Clinic (demo)")
    assert tom.full_name not in client.get("/en/audit/").content.decode()


def test_another_organizations_chain_is_not_read(client: Client, paula: User, tom: User) -> None:
    act(tom)
    client.force_login(paula)

    assert lines(client) == []
    assert lines(client, object_id=str(FILE)) == []


def test_by_file_and_by_member(client: Client, paula: User, nadia: User) -> None:
    act(nadia)
    act(paula, object_id=uuid.UUID(int=78))
    client.force_login(paula)

    assert [line.who for line in lines(client)] == [paula.full_name, nadia.full_name]
    assert [line.who for line in lines(client, object_id=f" {str(FILE).upper()} ")] == [nadia.full_name]
    assert [line.who for line in lines(client, user=str(paula.pk))] == [paula.full_name]


def test_a_refusal_says_so(client: Client, paula: User, nadia: User) -> None:
    act(nadia, result=audit.REFUSED)
    client.force_login(paula)

    assert [(line.refused, line.result) for line in lines(client)] == [(True, "Refused")]


@pytest.mark.parametrize(
    "parameters", [{"user": "x"}, {"user": str(uuid.uuid4())}, {"page": "x"}, {"page": "-1"}]
)
def test_what_makes_no_sense_is_told(client: Client, paula: User, parameters: dict[str, str]) -> None:
    client.force_login(paula)

    assert client.get("/en/audit/", parameters).status_code == 400


def test_a_member_of_another_organization_can_not_be_looked_for(
    client: Client, paula: User, tom: User
) -> None:
    client.force_login(paula)
    answer = client.get("/en/audit/", {"user": str(tom.pk)})

    assert answer.status_code == 400
    assert tom.full_name not in answer.content.decode()


def test_pages(client: Client, paula: User, nadia: User) -> None:
    for _ in range(audit_log.PAGE_SIZE + 1):
        act(nadia)
    client.force_login(paula)

    first = client.get("/en/audit/", {"object_id": str(FILE)}).context
    second = client.get(first["next_url"]).context

    assert (len(first["page"].lines), len(second["page"].lines)) == (audit_log.PAGE_SIZE, 1)
    assert (first["previous_url"], second["next_url"]) == ("", "")
    assert f"object_id={FILE}" in first["next_url"]
    assert client.get("/en/audit/", {"page": 99}).context["page"].number == 2


def test_as_many_queries_for_many_rows_as_for_one(
    client: Client, paula: User, member: Callable[..., User], lantern: Organization, assert_flat: Any
) -> None:
    client.force_login(paula)
    act(paula)

    def grow() -> None:
        for number in range(20):
            act(member(f"{number}@lantern.example", {lantern: ["worker"]}))

    assert_flat(lambda: client.get("/en/audit/"), grow)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PRIVACY_OFFICER])
def test_nobody_else_reads_it(
    client: Client, member: Callable[..., User], lantern: Organization, role: Role
) -> None:
    user = member("a@lantern.example", {lantern: [role]})
    client.force_login(user)

    assert client.get("/en/audit/").status_code == 403
    with pytest.raises(Refused):
        audit_log.read(actor_for(user, None))


def test_reading_it_writes_nothing(client: Client, paula: User) -> None:
    client.force_login(paula)
    client.get("/en/audit/")

    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(("language", "words"), [("en", "API token made"), ("fr", "Jeton d’API créé")])
def test_in_both_languages(client: Client, paula: User, language: str, words: str) -> None:
    act(paula)
    client.force_login(paula)

    assert words in client.get(f"/{language}/audit/").content.decode()
