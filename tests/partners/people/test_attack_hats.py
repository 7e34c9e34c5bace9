"""Whoever keeps one organization, or the network, tries it on the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from partners.access import actor_for, create_token
from partners.models import Invitation, Membership, Notification, Organization, OutboxRow, User
from partners.notifications import fanout, outbox
from partners.notifications.webhooks import add
from tests.partners.people.conftest import People

pytestmark = pytest.mark.django_db


def token_of(user: User, organization: Organization) -> Client:
    secret = create_token(user, organization, [], 1)
    return Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)


def test_an_administrator_of_one_does_nothing_to_another(
    people: People,
    member: Callable[..., User],
) -> None:
    boss = member("boss@clinic.example", {people.clinic: ["organization_admin"]})
    hook, _secret = add(actor=actor_for(boss, people.clinic.pk), url="https://system.example/")
    invitation = Invitation.objects.create(
        organization=people.clinic,
        email="new@clinic.example",
        full_name="New",
        language="en",
        roles=["worker"],
        invited_by=boss,
        expires_at=timezone.now(),
    )
    before = state()
    ada = people.users["ada"]
    browser, api = Client(), token_of(ada, people.lantern)
    browser.force_login(ada)
    tom = people.users["tom"].pk
    for path, given in (
        (f"/en/members/{tom}/", {"roles": ["organization_admin"]}),
        (f"/en/members/{tom}/end/", {}),
        (f"/en/members/invitations/{invitation.pk}/", {"do": "resend"}),
        (f"/en/members/invitations/{invitation.pk}/", {"do": "revoke"}),
        ("/en/webhooks/", {"act": "rotate", "webhook": str(hook.pk)}),
        ("/en/webhooks/", {"act": "remove", "webhook": str(hook.pk)}),
        ("/en/organization/switch/", {"organization": str(people.clinic.pk)}),
    ):
        assert browser.post(path, given).status_code == 404, path
    calls: list[tuple[str, str, Any]] = [
        ("put", f"members/{tom}/", {"roles": ["organization_admin"]}),
        ("post", f"members/{tom}/end/", {}),
        ("post", f"invitations/{invitation.pk}/resend/", {}),
        ("post", f"invitations/{invitation.pk}/revoke/", {}),
        ("delete", f"webhooks/{hook.pk}/", {}),
        ("post", f"webhooks/{hook.pk}/secret/", {}),
    ]
    for method, path, body in calls:
        answer = getattr(api, method)(f"/api/v1/{path}", body, content_type="application/json")
        assert answer.status_code == 404, (path, answer.content)
    assert state() == before


def state() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values())  # type: ignore[attr-defined]
        for model in (Membership, Invitation, Organization)
    ]


@pytest.mark.parametrize("who", ["lea", "ned"])
def test_who_keeps_the_network_gives_nobody_a_role_in_a_partner(people: People, who: str) -> None:
    api = token_of(people.users[who], people.network)
    before = set(Membership.objects.values_list("pk", flat=True))
    for organization in (people.lantern, people.clinic):
        for email in ("lea@people.example", "LEA@people.example ", "new@people.example"):
            api.post(
                "/api/v1/invitations/",
                {
                    "email": email,
                    "name": "N",
                    "language": "en",
                    "roles": ["worker"],
                    "organization": str(organization.pk),
                },
                content_type="application/json",
            )
    api.put(
        f"/api/v1/members/{people.users['nadia'].pk}/", {"roles": ["worker"]}, content_type="application/json"
    )
    assert not Invitation.objects.exclude(organization=people.network).exists()
    assert set(Membership.objects.values_list("pk", flat=True)) == before


def test_an_organization_administrator_of_the_network_makes_no_network_administrator(people: People) -> None:
    api = token_of(people.users["ned"], people.network)
    for user in ("ned", "lea"):
        answer = api.put(
            f"/api/v1/members/{people.users[user].pk}/",
            {"roles": ["organization_admin", "network_admin", "evaluator"]},
            content_type="application/json",
        )
        assert answer.status_code == 400
    answer = api.post(
        "/api/v1/invitations/",
        {"email": "own@people.example", "name": "N", "language": "en", "roles": ["network_admin"]},
        content_type="application/json",
    )
    assert answer.status_code == 400
    assert Membership.objects.filter(role="network_admin").count() == 1


def test_a_notice_under_another_hat_is_nobody_s(people: People) -> None:
    ada = people.users["ada"]
    Membership.objects.create(user=ada, organization=people.clinic, role="worker")
    with transaction.atomic():
        outbox.add(people.clinic.pk, "accept", people.clinic.pk, "K7Q-4MD")
    fanout.fan_out(OutboxRow.objects.get(code="K7Q-4MD").pk)
    notice = Notification.objects.get(user=ada)
    as_lantern = token_of(ada, people.lantern)
    assert as_lantern.get("/api/v1/notices/").json()["count"] == 0
    assert as_lantern.post(f"/api/v1/notices/{notice.pk}/read/").status_code in (404, 415)
    as_lantern.post("/api/v1/notices/read/", {}, content_type="application/json")
    assert Notification.objects.get(user=ada).read_at is None
