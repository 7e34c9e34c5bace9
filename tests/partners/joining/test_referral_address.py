"""Where a partner without a sign-in is written to: said by the network or by who signs for the partner."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.access import actor_for
from partners.actor import Actor
from partners.errors import Invalid, NotSeen, NotSignedIn, Refused
from partners.joining.referral_address import CHANGED, set_referral_email
from partners.models import Agreement, AuditEvent, Membership, Organization, User
from partners.models.organizations import PartnerKind


def address_of(organization: Organization) -> str:
    return Organization.objects.get(pk=organization.pk).referral_email


def test_the_network_and_the_signatory_say_it_and_nobody_else(
    client: Client, lea: Actor, nadia: User, lantern: Organization, network: Organization
) -> None:
    nadia_worker = actor_for(nadia, lantern.pk)
    Membership.objects.create(user=nadia, organization=lantern, role="organization_admin")
    signatory = actor_for(nadia, lantern.pk)
    for actor, target, error in (
        (nadia_worker, lantern, Refused),
        (signatory, network, NotSeen),
        (Actor(), lantern, NotSignedIn),
    ):
        with pytest.raises(error):
            set_referral_email(actor=actor, organization_id=target.pk, email="a@b.example")
    with pytest.raises(Invalid):
        set_referral_email(actor=lea, organization_id=lantern.pk, email="nothing")
    assert (address_of(lantern), AuditEvent.objects.filter(action=CHANGED).exists()) == ("", False)

    set_referral_email(actor=lea, organization_id=lantern.pk, email=" Intake@Lantern.example ")
    set_referral_email(actor=signatory, organization_id=lantern.pk, email="intake@lantern.example")
    assert address_of(lantern) == "intake@lantern.example"
    rows = AuditEvent.objects.filter(action=CHANGED)
    assert rows.count() == 2  # one act, in the partner's chain and the network's
    assert "intake" not in str(list(rows.values()))

    today = timezone.localdate()
    Agreement.objects.create(organization=lantern, starts_on=today, ends_on=today)
    client.force_login(nadia)
    page = client.get(reverse("partners:agreement")).content.decode()
    assert "intake@lantern.example" in page
    own = reverse("partners:own_referral_address")
    wrong = client.post(own, {"email": "nothing"})
    assert (wrong.status_code, address_of(lantern)) == (400, "intake@lantern.example")
    assert client.post(own, {"email": ""}).status_code == 302
    assert address_of(lantern) == ""


def test_police_have_their_own_channel(lea: Actor, lantern: Organization) -> None:
    Organization.objects.filter(pk=lantern.pk).update(kind=PartnerKind.POLICE_LIAISON)
    with pytest.raises(Refused):
        set_referral_email(actor=lea, organization_id=lantern.pk, email="a@b.example")
    assert address_of(lantern) == ""
