"""A link that comes by mail: who it lets in, how, and that every dead one says the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from partners import audit, one_time
from partners.errors import Invalid, Refused
from partners.models import Invitation, Membership, OutboxRow, User
from partners.people import accepting, invitations, letters
from partners.people.accepting import InvitationEnded, Way
from partners.people.leaving import end_membership
from tests.partners.people.conftest import People

pytestmark = pytest.mark.django_db
PASSWORD = "a kettle and four spoons"
NEW = {"full_name": "New  Person", "language": "fr", "password": PASSWORD}


def invited(people: People, **given: Any) -> Invitation:
    return invitations.invite(
        people.actor("ada"),
        organization=people.lantern,
        **{
            "email": "new@people.example",
            "full_name": "New",
            "language": "fr",
            "roles": ["worker", "manager"],
            **given,
        },
    )


def link(invitation: Invitation) -> str:
    """The token of the letter, as it would be sent now."""
    row = OutboxRow.objects.get(kind="invitation", object_id=invitation.pk)
    (letter,) = letters.invitation_letter(row)
    assert letter.address == invitation.email
    return letter.url.rstrip("/").rsplit("/", 1)[1]


def test_somebody_new_becomes_a_member_once(people: People) -> None:
    invitation = invited(people)
    older, token = link(invitation), link(invitation)
    kept = Invitation.objects.get()
    assert kept.digest == one_time.digest_of(token)
    assert token not in str(Invitation.objects.values_list())
    assert accepting.open_invitation(token, None).way is Way.NEW
    with pytest.raises(InvitationEnded):
        accepting.open_invitation(older, None)

    for password in ("short", "new@people.example", "password1234"):
        with pytest.raises(Invalid) as refused:
            accepting.accept_as_new(token, **{**NEW, "password": password})
        assert list(refused.value.errors) == ["password"]
    assert not User.objects.filter(email="new@people.example").exists()

    user = accepting.accept_as_new(token, **NEW)

    assert (user.full_name, user.language, user.check_password(PASSWORD)) == ("New Person", "fr", True)
    assert set(user.memberships.values_list("role", flat=True)) == {"worker", "manager"}
    assert OutboxRow.objects.filter(kind="member_joined", organization=people.lantern).count() == 1
    with pytest.raises(InvitationEnded):
        accepting.accept_as_new(token, **NEW)
    assert letters.invitation_letter(OutboxRow.objects.get(kind="invitation")) == []
    assert audit.verify()[1] is None


def test_every_dead_link_says_the_same(people: People) -> None:
    invitation = invited(people)
    token = link(invitation)
    changes: list[dict[str, Any]] = [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now()},
        {"accepted_at": timezone.now()},
        {"digest": None},
        {"digest": one_time.digest_of("another")},
    ]
    for change in changes:
        with transaction.atomic():
            Invitation.objects.update(**change)
            for call in (
                lambda: accepting.open_invitation(token, None),
                lambda: accepting.accept_as_new(token, **NEW),
                lambda: accepting.accept_as_member(token, people.users["tom"]),
            ):
                with pytest.raises(InvitationEnded) as ended:
                    call()
                assert str(ended.value) == "This invitation does not open any more. Ask for a new one."
            transaction.set_rollback(True)
    assert accepting.open_invitation(token, None).way is Way.NEW


def test_an_account_signs_in_first_and_only_the_invited_one_accepts(people: People) -> None:
    token = link(invited(people, email="tom@people.example"))
    tom, nadia = people.users["tom"], people.users["nadia"]
    assert accepting.open_invitation(token, None).way is Way.SIGN_IN
    assert accepting.open_invitation(token, nadia).way is Way.OTHER_ACCOUNT
    with pytest.raises(Refused):
        accepting.accept_as_new(token, **NEW)
    with pytest.raises(Refused):
        accepting.accept_as_member(token, nadia)
    assert not tom.check_password(PASSWORD)

    accepting.accept_as_member(token, tom)

    here = Membership.objects.filter(user=tom, organization=people.lantern)
    assert set(here.values_list("role", flat=True)) == {"worker", "manager"}
    with pytest.raises(InvitationEnded):
        accepting.accept_as_member(token, tom)


def test_who_left_everywhere_comes_back_and_a_closed_account_does_not(people: People) -> None:
    olga = people.users["olga"]
    end_membership(actor=people.actor("ada"), user_id=olga.pk)
    token = link(invited(people, email="olga@people.example"))
    assert accepting.accept_as_new(token, **NEW) == olga
    olga.refresh_from_db()
    assert olga.is_active

    User.objects.filter(pk=people.users["tom"].pk).update(is_active=False)
    token = link(invited(people, email="tom@people.example"))
    with pytest.raises(InvitationEnded):
        accepting.open_invitation(token, None)
