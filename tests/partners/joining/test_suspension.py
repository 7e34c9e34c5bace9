"""Suspension takes effect on the next request, by every door, and is lifted whole."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.access import actor_for, actor_for_token, create_token
from partners.actor import ANONYMOUS, Actor
from partners.audit import NETWORK_CHAIN
from partners.errors import Conflict, Invalid, NotSeen, NotSignedIn, Refused, Suspended
from partners.joining.suspension import lift, reason_of, suspend
from partners.models import AuditEvent, Organization, OutboxRow, User
from partners.roles import Capability

REASON = "privacy_incident"


def standing(user: User, organization: Organization) -> tuple[bool, frozenset[Capability]]:
    actor = actor_for(user, organization.pk)
    return actor.suspended, actor.capabilities


def test_members_tokens_and_pages_are_shut_at_once_and_open_again(
    client: Client, lea: Actor, nadia: User, lantern: Organization
) -> None:
    client.force_login(nadia)
    token = create_token(nadia, lantern, [], 30)
    before = standing(nadia, lantern)
    home = reverse("referrals:clients")
    assert (client.get(home).status_code, before[0]) == (200, False)

    suspend(actor=lea, organization_id=lantern.pk, reason=REASON)

    assert standing(nadia, lantern) == (True, frozenset())
    assert actor_for_token(token) == ANONYMOUS
    with pytest.raises(Suspended):
        actor_for(nadia, None).require(Capability.CLIENTS)
    for name in ("referrals:clients", "referrals:home", "referrals:inbox", "partners:list"):
        shut = client.get(reverse(name))
        assert shut.status_code == 403
        assert "is suspended" in shut.content.decode()
        assert "ask@network.example" in shut.content.decode()
    assert client.post(home, {"q": "x"}).status_code == 403
    api = client.get("/api/v1/clients/")
    assert (api.status_code, api.json()["code"]) == (403, "suspended")
    bearer = Client().get("/api/v1/clients/", headers={"authorization": f"Bearer {token}"})
    assert bearer.status_code == 401
    assert client.get(reverse("directory:index")).status_code == 200
    assert client.get(reverse("account_logout")).status_code == 200

    lift(actor=lea, organization_id=lantern.pk)

    assert standing(nadia, lantern) == before
    assert actor_for_token(token).capabilities == before[1]
    assert client.get(home).status_code == 200


def test_another_organization_goes_first_and_can_be_chosen(
    lea: Actor, member: Callable[..., User], lantern: Organization, clinic: Organization
) -> None:
    user = member("both@clinic.example", {clinic: ["worker"], lantern: ["worker"]})
    assert actor_for(user, None).organization_id == clinic.pk

    suspend(actor=lea, organization_id=clinic.pk, reason=REASON)

    first = actor_for(user, None)
    assert (first.organization_id, first.suspended) == (lantern.pk, False)
    assert actor_for(user, clinic.pk).suspended


def test_both_acts_stand_in_both_chains_and_are_told(lea: Actor, lantern: Organization) -> None:
    suspend(actor=lea, organization_id=lantern.pk, reason=REASON)
    lantern.refresh_from_db()
    assert reason_of(lantern) == REASON
    with pytest.raises(Conflict):
        suspend(actor=lea, organization_id=lantern.pk, reason="another_cause")
    assert reason_of(lantern) == REASON
    lift(actor=lea, organization_id=lantern.pk)
    with pytest.raises(Conflict):
        lift(actor=lea, organization_id=lantern.pk)

    for chain in (lantern.pk, NETWORK_CHAIN):
        rows = AuditEvent.objects.filter(chain=chain, object_id=str(lantern.pk)).order_by("sequence")
        assert [(row.action, row.user_id) for row in rows] == [
            ("organization.suspend", lea.user_id),
            ("organization.lift", lea.user_id),
        ]
    told = list(OutboxRow.objects.order_by("created_at").values_list("kind", "organization_id"))
    assert told == [("organization_suspended", lantern.pk), ("organization_lifted", lantern.pk)]
    lantern.refresh_from_db()
    assert reason_of(lantern) == ""


def test_nobody_else_suspends_or_lifts_and_nobody_themselves(
    lea: Actor, olga: Actor, lantern: Organization, network: Organization
) -> None:
    for actor, error in ((ANONYMOUS, NotSignedIn), (olga, Refused)):
        with pytest.raises(error):
            suspend(actor=actor, organization_id=lantern.pk, reason=REASON)
        with pytest.raises(error):
            lift(actor=actor, organization_id=lantern.pk)
    with pytest.raises(Refused):
        suspend(actor=lea, organization_id=network.pk, reason=REASON)
    with pytest.raises(Invalid):
        suspend(actor=lea, organization_id=lantern.pk, reason="because")
    assert lea.user_id is not None
    with pytest.raises(NotSeen):
        suspend(actor=lea, organization_id=lea.user_id, reason=REASON)
    with pytest.raises(NotSeen):
        lift(actor=lea, organization_id=lea.user_id)
    assert not Organization.objects.filter(suspended_at__isnull=False).exists()
    assert not OutboxRow.objects.exists()


def test_the_page_of_a_partner_suspends_and_lifts(
    client: Client, lea_user: User, lantern: Organization, clinic: Organization
) -> None:
    Organization.objects.filter(pk=lantern.pk).update(admitted_at=timezone.now())
    client.force_login(lea_user)
    here = reverse("partners:partner", args=[lantern.pk])
    assert client.post(reverse("partners:suspend", args=[lantern.pk]), {"reason": "?"}).status_code == 400
    gone = client.post(reverse("partners:suspend", args=[lantern.pk]), {"reason": REASON})
    assert gone["Location"] == here
    shown = client.get(here).content.decode()
    assert "Client data was seen or passed on wrongly" in shown
    assert "Organization suspended" in shown
    assert "Suspended" in client.get(reverse("partners:list")).content.decode()
    again = client.post(reverse("partners:suspend", args=[lantern.pk]), {"reason": REASON})
    assert again.status_code == 409
    assert client.post(reverse("partners:lift", args=[lantern.pk]))["Location"] == here
    assert client.post(reverse("partners:lift", args=[lantern.pk])).status_code == 409
    for name in ("partners:partner", "partners:suspend", "partners:lift"):
        method = client.get if name == "partners:partner" else client.post
        assert method(reverse(name, args=[clinic.pk])).status_code == 404
