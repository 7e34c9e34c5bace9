"""Roles given and taken, and leaving: never the last administrator, never by who may not."""

from __future__ import annotations

import datetime
import uuid

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from partners import hooks
from partners.access import actor_for, actor_for_token, create_token
from partners.actor import ANONYMOUS, Actor
from partners.errors import Invalid, LastAdministrator, NotSeen, NotSignedIn, Refused
from partners.hooks import Departure
from partners.models import ApiToken, AuditEvent, Invitation, Membership, OutboxRow, User
from partners.people import invitations, letters, members
from partners.people.leaving import end_membership, leave
from tests.partners.conftest import PASSWORD
from tests.partners.people.conftest import People

pytestmark = pytest.mark.django_db


def roles_of(user: User) -> set[str]:
    return set(user.memberships.filter(ended_at__isnull=True).values_list("role", flat=True))


def test_the_list_says_month_and_second_factor_and_is_no_longer_for_more_people(
    people: People, assert_flat: object
) -> None:
    ada = people.actor("ada")
    nadia = people.users["nadia"]
    User.objects.filter(pk=nadia.pk).update(
        last_login=datetime.datetime(2026, 10, 17, 12, tzinfo=datetime.UTC)
    )
    Authenticator.objects.create(user=nadia, type=Authenticator.Type.TOTP, data={"secret": "x"})

    def rows() -> list[members.Member]:
        return members.described(ada, list(members.members_of(ada)))

    listed = {row.name: row for row in rows()}
    assert list(listed) == ["Ada (demo)", "Nadia (demo)", "Olga (demo)"]
    assert listed["Nadia (demo)"].last_month == datetime.date(2026, 10, 1)
    assert (listed["Nadia (demo)"].second_factor, listed["Olga (demo)"].second_factor) == (True, False)
    assert listed["Ada (demo)"].roles == ("organization_admin", "manager")

    def grow() -> None:
        for number in range(3):
            user = User.objects.create_user(f"more{number}@people.example", full_name="More")
            Membership.objects.create(user=user, organization=people.lantern, role="worker")

    assert_flat(rows, grow)  # type: ignore[operator]


def test_who_may_not(people: People) -> None:
    nadia, tom = people.users["nadia"].pk, people.users["tom"].pk
    refused: list[tuple[Actor, uuid.UUID, type[Exception]]] = [
        (ANONYMOUS, nadia, NotSignedIn),
        (people.actor("olga"), nadia, Refused),
        (people.actor("tom"), nadia, Refused),
        (people.actor("mo"), nadia, NotSeen),
        (people.actor("lea"), nadia, NotSeen),
        (people.actor("ada"), tom, NotSeen),
        (people.actor("ada"), uuid.uuid4(), NotSeen),
    ]
    before = list(Membership.objects.order_by("pk").values_list("pk", "ended_at"))
    for actor, user_id, error in refused:
        with pytest.raises(error):
            members.set_roles(actor=actor, user_id=user_id, roles=["manager"])
        with pytest.raises(error):
            end_membership(actor=actor, user_id=user_id)
    with pytest.raises(NotSignedIn):
        leave(actor=ANONYMOUS)
    assert list(Membership.objects.order_by("pk").values_list("pk", "ended_at")) == before


def test_roles_change_with_a_letter_and_a_row(people: People) -> None:
    ada, nadia = people.actor("ada"), people.users["nadia"]
    members.set_roles(actor=ada, user_id=nadia.pk, roles=["listing_editor", "worker"])
    members.set_roles(actor=ada, user_id=nadia.pk, roles=["listing_editor", "worker"])
    members.set_roles(actor=ada, user_id=nadia.pk, roles=["organization_admin"])

    assert roles_of(nadia) == {"organization_admin"}
    rows = AuditEvent.objects.filter(action="member.roles").order_by("sequence")
    assert [row.details for row in rows] == [
        {"given": ["listing_editor"], "taken": []},
        {"given": ["organization_admin"], "taken": ["listing_editor", "worker"]},
    ]
    owed = OutboxRow.objects.filter(kind="member_roles", object_id=nadia.pk)
    assert owed.count() == 2
    (letter,) = letters.roles_letter(owed[0])
    assert letter.address == nadia.email
    assert "Lantern" not in letter.subject
    for roles in ([], ["evaluator"], ["police_liaison"]):
        with pytest.raises(Invalid):
            members.set_roles(actor=ada, user_id=nadia.pk, roles=roles)


def test_the_last_administrator_stays_one(people: People) -> None:
    ada, user = people.actor("ada"), people.users["ada"]
    for act in (
        lambda: members.set_roles(actor=ada, user_id=user.pk, roles=["manager"]),
        lambda: end_membership(actor=ada, user_id=user.pk),
        lambda: leave(actor=ada),
        lambda: leave(actor=people.actor("lea")),
    ):
        with pytest.raises(LastAdministrator):
            act()
    assert roles_of(user) == {"organization_admin", "manager"}

    members.set_roles(actor=ada, user_id=people.users["nadia"].pk, roles=["organization_admin", "worker"])
    members.set_roles(actor=ada, user_id=user.pk, roles=["manager"])
    assert roles_of(user) == {"manager"}


def test_the_networks_own_roles_are_beyond_an_organization_administrator(people: People) -> None:
    ned, lea = people.actor("ned"), people.users["lea"]
    assert members.set_roles(actor=ned, user_id=lea.pk, roles=["listing_editor"]) == [
        "listing_editor",
        "network_admin",
    ]
    assert roles_of(lea) == {"listing_editor", "network_admin"}
    with pytest.raises(Refused):
        end_membership(actor=ned, user_id=lea.pk)


def test_who_leaves_is_out_on_the_next_request(client: Client, people: People) -> None:
    ada, olga = people.actor("ada"), people.users["olga"]
    token = create_token(olga, people.lantern, [], 5)
    client.force_login(olga)
    assert client.get("/en/home/").status_code == 200

    end_membership(actor=ada, user_id=olga.pk)

    olga.refresh_from_db()
    assert (roles_of(olga), olga.is_active) == (set(), False)
    assert actor_for_token(token) is ANONYMOUS
    assert ApiToken.objects.get().revoked_at is not None
    assert client.get("/en/home/").status_code == 302
    answer = Client().post("/en/sign-in/", {"login": olga.email, "password": PASSWORD})
    assert b"The e-mail address or the password is not right." in answer.content
    (letter,) = letters.left_letter(OutboxRow.objects.get(kind="member_left"))
    assert (letter.address, letter.url) == (olga.email, "")
    with pytest.raises(NotSeen):
        end_membership(actor=ada, user_id=olga.pk)


def test_who_belongs_elsewhere_too_keeps_that(people: People) -> None:
    olga = people.users["olga"]
    Membership.objects.create(user=olga, organization=people.clinic, role="worker")
    here, there = create_token(olga, people.lantern, [], 5), create_token(olga, people.clinic, [], 5)

    leave(actor=actor_for(olga, people.lantern.pk))

    olga.refresh_from_db()
    assert olga.is_active
    assert actor_for_token(here) is ANONYMOUS
    assert actor_for_token(there).organization_id == people.clinic.pk
    assert actor_for(olga, people.lantern.pk).organization_id is None


def test_what_an_administrator_has_sent_ends_with_the_role(people: People) -> None:
    ada = people.actor("ada")
    members.set_roles(actor=ada, user_id=people.users["nadia"].pk, roles=["organization_admin"])
    nadia = people.actor("nadia")
    sent = {"organization": people.lantern, "full_name": "X", "language": "en", "roles": ["manager"]}
    kept = invitations.invite(ada, email="kept@people.example", **sent)
    invitations.invite(nadia, email="gone@people.example", **sent)

    members.set_roles(actor=ada, user_id=nadia.user_id, roles=["worker"])

    assert list(Invitation.objects.filter(revoked_at__isnull=True)) == [kept]


def test_a_hook_that_refuses_takes_everything_back(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(departure: Departure) -> list[object]:
        assert not roles_of(User.objects.get(pk=departure.user_id))
        raise RuntimeError

    monkeypatch.setitem(hooks.member_left._registered, "test", refuse)
    before = timezone.now()
    with pytest.raises(RuntimeError):
        end_membership(actor=people.actor("ada"), user_id=people.users["olga"].pk)
    assert roles_of(people.users["olga"]) == {"worker"}
    assert not AuditEvent.objects.filter(action="member.leave", at__gte=before).exists()
