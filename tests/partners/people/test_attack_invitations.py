"""Doors that somebody who goes, or who came before, could keep open."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone

from partners.errors import Refused, Suspended
from partners.models import Invitation, Membership, Organization, OutboxRow
from partners.people import accepting, invitations, letters
from partners.people.leaving import end_membership
from partners.people.members import set_roles
from tests.partners.people.conftest import People

pytestmark = pytest.mark.django_db
PERSON = {"full_name": "Accomplice", "language": "en"}


def test_whoever_is_dismissed_while_their_request_runs_leaves_no_invitation(people: People) -> None:
    """What they may do was read at the beginning of the request, before it waited for the organization."""
    ada = people.actor("ada")
    Membership.objects.filter(user=people.users["ada"]).update(ended_at=timezone.now())
    Membership.objects.create(
        user=people.users["olga"], organization=people.lantern, role="organization_admin"
    )
    before = Invitation.objects.count()

    with pytest.raises(Refused):
        invitations.invite(
            ada, organization=people.lantern, email="own@people.example", roles=["worker"], **PERSON
        )
    with pytest.raises(Refused):
        set_roles(actor=ada, user_id=people.users["nadia"].pk, roles=["organization_admin"])
    with pytest.raises(Refused):
        end_membership(actor=ada, user_id=people.users["olga"].pk)

    assert Invitation.objects.count() == before
    assert not Membership.objects.filter(user=people.users["nadia"], role="organization_admin").exists()


def test_a_suspension_in_the_middle_of_an_act_stops_it(people: People) -> None:
    ada = people.actor("ada")
    Organization.objects.filter(pk=people.lantern.pk).update(suspended_at=timezone.now())
    with pytest.raises(Suspended):
        invitations.invite(
            ada, organization=people.lantern, email="own@people.example", roles=["worker"], **PERSON
        )
    with pytest.raises(Suspended):
        set_roles(actor=ada, user_id=people.users["nadia"].pk, roles=["manager"])


def test_an_account_that_is_opened_again_is_opened_by_nothing_from_before(people: People) -> None:
    """A shared mailbox has another reader now: the passkey and the sign-on of who left must not come in."""
    olga = people.users["olga"]
    Authenticator.objects.create(user=olga, type=Authenticator.Type.WEBAUTHN, data={"name": "Phone"})
    Authenticator.objects.create(user=olga, type=Authenticator.Type.RECOVERY_CODES, data={})
    SocialAccount.objects.create(user=olga, provider="sso", uid="1234")
    end_membership(actor=people.actor("ada"), user_id=olga.pk)
    invitation = invitations.invite(
        people.actor("ada"), organization=people.lantern, email=olga.email, roles=["worker"], **PERSON
    )
    row = OutboxRow.objects.get(kind="invitation", object_id=invitation.pk)
    token = letters.invitation_letter(row)[0].url.rstrip("/").rsplit("/", 1)[1]

    assert accepting.accept_as_new(token, password="a kettle and four spoons", **PERSON) == olga

    assert not Authenticator.objects.filter(user=olga).exists()
    assert not SocialAccount.objects.filter(user=olga).exists()
