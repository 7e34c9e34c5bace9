"""Who may invite whom as what; and that one open invitation stands for each address."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from partners import audit
from partners.actor import ANONYMOUS, Actor
from partners.errors import Invalid, NotSeen, NotSignedIn, Refused
from partners.models import AuditEvent, Invitation, Organization, OutboxRow
from partners.people import invitations
from tests.partners.people.conftest import People

pytestmark = pytest.mark.django_db


def ask(actor: Actor, organization: Organization, **given: Any) -> Invitation:
    return invitations.invite(
        actor,
        organization=organization,
        **{
            "email": "new@people.example",
            "full_name": "New Person",
            "language": "en",
            "roles": ["worker"],
            **given,
        },
    )


def test_an_administrator_invites_and_a_second_invitation_replaces_the_first(people: People) -> None:
    ada = people.actor("ada")
    first = ask(ada, people.lantern, email=" New@People.example ", roles=["manager", "worker", "worker"])
    second = ask(ada, people.lantern)
    third = invitations.resend(ada, second.pk)

    assert (first.email, first.roles) == ("new@people.example", ["worker", "manager"])
    assert list(invitations.open_invitations(people.lantern.pk)) == [third]
    assert third.digest is None
    assert OutboxRow.objects.filter(kind="invitation", organization=people.lantern).count() == 3
    acts = AuditEvent.objects.filter(chain=people.lantern.pk).order_by("sequence")
    assert [row.action for row in acts] == [
        "member.invite",
        "member.uninvite",
        "member.invite",
        "member.uninvite",
        "member.invite",
    ]
    invitations.revoke(ada, third.pk)
    for act in (invitations.revoke, invitations.resend):
        with pytest.raises(NotSeen):
            act(ada, third.pk)
    assert audit.verify()[1] is None


def test_refused_by_whoever_does_not_manage_the_members_there(people: People) -> None:
    open_one = ask(people.actor("ada"), people.lantern)
    with pytest.raises(NotSignedIn):
        ask(ANONYMOUS, people.lantern)
    for name in ("nadia", "tom", "mo", "lea", "ned"):
        with pytest.raises(Refused):
            ask(people.actor(name), people.lantern, roles=["organization_admin"])
    for name, error in (("nadia", Refused), ("mo", NotSeen), ("lea", NotSeen)):
        for act in (invitations.revoke, invitations.resend):
            with pytest.raises(error):
                act(people.actor(name), open_one.pk)
    with pytest.raises(NotSeen):
        invitations.revoke(people.actor("ada"), uuid.uuid4())
    assert list(Invitation.objects.all()) == [open_one]


def test_the_network_names_the_first_administrator_alone(people: People) -> None:
    lea = people.actor("lea")
    made = ask(lea, people.clinic, roles=["organization_admin"])
    assert made.organization == people.clinic
    for given in ({"roles": ["worker"]}, {"roles": ["organization_admin"], "email": "lea@people.example"}):
        with pytest.raises(Invalid):
            ask(lea, people.clinic, **given)


@pytest.mark.parametrize(
    ("who", "roles", "allowed"),
    [
        ("ada", ["privacy_officer", "listing_editor"], True),
        ("ada", ["network_admin"], False),
        ("ada", ["worker", "evaluator"], False),
        ("ada", ["police_liaison"], False),
        ("ada", ["king"], False),
        ("ada", [], False),
        ("mo", ["police_liaison", "listing_editor"], True),
        ("mo", ["worker"], False),
        ("mo", ["privacy_officer"], False),
        ("lea", ["network_admin", "evaluator"], True),
        ("ned", ["network_admin"], False),
    ],
)
def test_the_roles_that_can_be_given(people: People, who: str, roles: list[str], allowed: bool) -> None:
    actor, home = people.actor(who), people.homes[who]
    if allowed:
        assert set(ask(actor, home, roles=roles).roles) == set(roles)
        return
    with pytest.raises(Invalid) as refused:
        ask(actor, home, roles=roles)
    assert list(refused.value.errors) == ["roles"]
    assert not Invitation.objects.exists()


def test_what_is_wrong_is_said_by_the_field(people: People) -> None:
    wrong: list[tuple[str, object]] = [
        ("email", "nobody"),
        ("email", "nadia@people.example"),
        ("full_name", "  "),
        ("full_name", "x" * 151),
        ("language", "de"),
    ]
    for field, value in wrong:
        with pytest.raises(Invalid) as refused:
            ask(people.actor("ada"), people.lantern, **{field: value})
        assert list(refused.value.errors) == [field]
    # An account in another organization is no reason, and nobody is told that there is one.
    ask(people.actor("ada"), people.lantern, email="TOM@people.example")
