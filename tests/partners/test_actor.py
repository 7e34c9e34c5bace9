"""From a user or a token to an Actor: which role may do what, where, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from partners.access import actor_for, actor_for_token, create_token
from partners.actor import ANONYMOUS, Actor, Channel
from partners.errors import NotSignedIn, Refused
from partners.models import ApiToken, Membership, Organization, User
from partners.models.members import RoleChoices
from partners.roles import Capability, Role, capabilities_of

pytestmark = pytest.mark.django_db
C = Capability
# Written out a second time on purpose: whoever changes the table changes this too.
MATRIX = {
    Role.WORKER: {C.CLIENTS, C.CHILD_PROTECTION, C.SEND, C.ANSWER, C.INTRODUCE},
    Role.MANAGER: {
        C.CLIENTS,
        C.CHILD_PROTECTION,
        C.SEND,
        C.ANSWER,
        C.INTRODUCE,
        C.SWITCH_POLICE_CHANNEL,
        C.VOID,
        C.BREAK_GLASS,
        C.REVIEW_SHARING,
        C.RIGHTS,
    },
    Role.RECEIVER_INTAKE: {C.ANSWER},
    Role.LISTING_EDITOR: {C.EDIT_LISTINGS},
    Role.ORGANIZATION_ADMIN: {C.MANAGE_MEMBERS, C.SIGN_AGREEMENT, C.MANAGE_NOTICES},
    Role.NETWORK_ADMIN: {
        C.ADMIT_PARTNERS,
        C.EDIT_LISTINGS,
        C.KEEP_CATALOGUE,
        C.SEE_NETWORK,
        C.MANAGE_MEMBERS,
        C.MANAGE_NOTICES,
    },
    Role.PRIVACY_OFFICER: {C.READ_AUDIT, C.CHILD_PROTECTION, C.REVIEW_SHARING, C.RIGHTS},
    Role.EVALUATOR: {C.READ_INDICATORS, C.SEE_NETWORK},
    Role.POLICE_LIAISON: {C.POLICE_CHANNEL, C.INTRODUCE},
}


@pytest.mark.parametrize("capability", Capability)
@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_exactly_what_the_table_says(
    member: Callable[..., User], lantern: Organization, role: Role, capability: Capability
) -> None:
    actor = actor_for(member("a@lantern.example", {lantern: [role]}), None)

    assert actor.can(capability) == (capability in MATRIX[role])
    if capability in MATRIX[role]:
        actor.require(capability)
    else:
        with pytest.raises(Refused):
            actor.require(capability)


def test_the_database_knows_the_same_roles_as_the_table() -> None:
    assert {choice.value for choice in RoleChoices} == set(Role)


def test_two_roles_add_up(member: Callable[..., User], lantern: Organization) -> None:
    actor = actor_for(member("paula@lantern.example", {lantern: ["manager", "privacy_officer"]}), None)

    assert actor.capabilities == MATRIX[Role.MANAGER] | MATRIX[Role.PRIVACY_OFFICER]


def test_an_unknown_role_grants_nothing() -> None:
    assert capabilities_of(["superuser", "worker "]) == frozenset()


def test_a_role_counts_only_where_it_is_held(
    member: Callable[..., User], lantern: Organization, clinic: Organization
) -> None:
    user = member("both@lantern.example", {lantern: ["evaluator"], clinic: ["worker"]})

    assert actor_for(user, lantern.pk).capabilities == MATRIX[Role.EVALUATOR]
    assert actor_for(user, clinic.pk).capabilities == MATRIX[Role.WORKER]


def test_without_a_choice_the_first_by_name_is_taken(
    member: Callable[..., User], lantern: Organization, clinic: Organization
) -> None:
    user = member("both@lantern.example", {lantern: ["worker"], clinic: ["worker"]})

    assert actor_for(user, None).organization_id == clinic.pk


def test_a_foreign_organization_is_not_entered(nadia: User, clinic: Organization) -> None:
    actor = actor_for(nadia, clinic.pk)

    assert (actor.organization_id, actor.capabilities) == (None, frozenset())


def test_who_has_left_may_do_nothing(nadia: User, lantern: Organization) -> None:
    Membership.objects.filter(user=nadia).update(ended_at=timezone.now())

    for organization_id in (None, lantern.pk):
        actor = actor_for(nadia, organization_id)
        assert (actor.organization_id, actor.capabilities) == (None, frozenset())


def test_nobody_is_asked_to_sign_in_and_a_stranger_is_refused() -> None:
    with pytest.raises(NotSignedIn):
        ANONYMOUS.require(Capability.SEND)
    with pytest.raises(Refused):
        Actor(channel=Channel.SESSION, capabilities=frozenset({Capability.SEND})).require(Capability.SEND)


def test_a_token_is_its_member_in_one_organization(nadia: User, lantern: Organization) -> None:
    actor = actor_for_token(create_token(nadia, lantern, [], 1))

    assert (actor.channel, actor.user_id, actor.organization_id) == (Channel.TOKEN, nadia.pk, lantern.pk)
    assert actor.capabilities == MATRIX[Role.WORKER]


def test_scopes_only_narrow(nadia: User, lantern: Organization) -> None:
    actor = actor_for_token(create_token(nadia, lantern, [Capability.SEND, Capability.READ_AUDIT], 1))

    assert actor.capabilities == {Capability.SEND}


def test_a_token_never_has_more_than_its_member_has_today(nadia: User, lantern: Organization) -> None:
    secret = create_token(nadia, lantern, [], 1)
    Membership.objects.filter(user=nadia).update(role=Role.RECEIVER_INTAKE)

    assert actor_for_token(secret).capabilities == {Capability.ANSWER}


@pytest.mark.parametrize("end", ["expired", "revoked", "left", "closed"])
def test_a_token_ends(nadia: User, lantern: Organization, end: str) -> None:
    secret = create_token(nadia, lantern, [], 1)
    now = timezone.now()
    if end == "expired":
        ApiToken.objects.update(expires_at=now - timedelta(seconds=1))
    elif end == "revoked":
        ApiToken.objects.update(revoked_at=now)
    elif end == "left":
        Membership.objects.filter(user=nadia).update(ended_at=now)
    else:
        User.objects.filter(pk=nadia.pk).update(is_active=False)

    assert actor_for_token(secret) is ANONYMOUS


def test_an_unknown_token_is_nobody(db: None) -> None:
    assert actor_for_token("relais_guessed") is ANONYMOUS
    assert actor_for_token("") is ANONYMOUS


def test_the_database_does_not_hold_the_token(nadia: User, lantern: Organization) -> None:
    secret = create_token(nadia, lantern, [], 1)

    assert secret not in str(list(ApiToken.objects.order_by("pk").values()))
