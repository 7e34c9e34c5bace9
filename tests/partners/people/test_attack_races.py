"""Doors of the network that several people push at the same moment, each on a connection of their own."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from partners import audit
from partners.actor import ANONYMOUS
from partners.joining import admission, applications, texts
from partners.joining.admission import Newcomer, Term
from partners.models import Agreement, Invitation, Membership, Organization, OutboxRow, User
from partners.people import accepting, invitations, leaving, letters
from partners.people.members import set_roles
from tests.partners.people.conftest import People
from tests.referrals.test_races import DONE, at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
PERSON = {"full_name": "New", "language": "en"}


def rounds() -> range:
    return range(6 if connection.vendor == "postgresql" else 2)


def accept(token: str) -> Callable[[], object]:
    return partial(accepting.accept_as_new, token, password="a kettle and four spoons", **PERSON)


def token_of(invitation: Invitation) -> str:
    row = OutboxRow.objects.get(kind="invitation", object_id=invitation.pk)
    return letters.invitation_letter(row)[0].url.rstrip("/").rsplit("/", 1)[1]


def test_of_several_who_take_up_one_invitation_one_does(people: People) -> None:
    for number in rounds():
        email = f"new{number}@people.example"
        invitation = invitations.invite(
            people.actor("ada"),
            organization=people.lantern,
            email=email,
            roles=["worker", "manager"],
            **PERSON,
        )
        token = token_of(invitation)

        assert Counter(at_once(*[accept(token)] * 4)) == {DONE: 1, "not_found": 3}
        user = User.objects.get(email=email)
        assert sorted(user.memberships.values_list("role", flat=True)) == ["manager", "worker"]
    assert audit.verify()[1] is None


def test_an_invitation_taken_back_in_that_moment_is_one_or_the_other(people: People) -> None:
    for number in rounds():
        email = f"new{number}@people.example"
        ada = people.actor("ada")
        invitation = invitations.invite(
            ada, organization=people.lantern, email=email, roles=["worker"], **PERSON
        )
        token = token_of(invitation)
        taken, back = at_once(accept(token), partial(invitations.revoke, ada, invitation.pk))
        assert {taken, back} == {DONE, "not_found"}
        assert User.objects.filter(email=email).exists() == (taken == DONE)


def test_two_last_administrators_do_not_both_go(people: People) -> None:
    for _round in rounds():
        Membership.objects.filter(organization=people.lantern, role="organization_admin").update(
            ended_at=timezone.now()
        )
        for name in ("ada", "olga"):
            User.objects.filter(pk=people.users[name].pk).update(is_active=True)
            Membership.objects.create(
                user=people.users[name], organization=people.lantern, role="organization_admin"
            )
        ada, olga = people.actor("ada"), people.actor("olga")
        at_once(
            partial(leaving.leave, actor=ada),
            partial(leaving.end_membership, actor=ada, user_id=people.users["olga"].pk),
            partial(leaving.leave, actor=olga),
            partial(set_roles, actor=olga, user_id=people.users["ada"].pk, roles=["worker"]),
        )
        left = Membership.objects.filter(
            organization=people.lantern,
            role="organization_admin",
            ended_at__isnull=True,
            user__is_active=True,
        )
        assert left.exists()
    assert audit.verify()[1] is None


def test_one_organization_is_let_in_once_whoever_applied_and_whoever_decides(people: People) -> None:
    texts.load_first(sender=None)
    lea = people.actor("lea")
    today = timezone.localdate()
    term = Term(today, today + datetime.timedelta(days=365))
    for number in rounds():
        listed = Organization.objects.create(name_en=f"Listed {number}")
        made = [
            applications.apply(
                actor=ANONYMOUS,
                organization_id=listed.pk,
                name=f"Listed {number}",
                kind="other",
                website="",
                contact_name="Sam",
                contact_email=f"{who}{number}@listed.example",
                contact_phone="",
                language="en",
                reason="",
            )
            for who in ("sam", "kim")
        ]
        newcomer = Newcomer(kind="other", organization_id=listed.pk)
        approve = [
            partial(admission.approve, actor=lea, application_id=one.pk, newcomer=newcomer, term=term)
            for one in made
        ]

        results = at_once(*approve, *approve)

        assert Counter(results) == {DONE: 1, "conflict": 3}
        assert Agreement.objects.filter(organization=listed).count() == 1
        assert Invitation.objects.filter(organization=listed).count() == 1
    assert audit.verify()[1] is None
