"""The preview on the send screen is what the partner sees later, for every kind and choice of groups."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from unittest import mock

import pytest
from django.test import Client as Browser

from partners.models import Organization
from partners.models.organizations import PartnerKind
from referrals import consent, sending
from referrals.client_view import FIELD_GROUPS, ClientView
from referrals.clients import enter_phase
from referrals.consent import NOTICE, disclose, disclosed, offer_of, preview
from referrals.models import Referral
from tests.referrals.pages import World, address, browser

pytestmark = pytest.mark.django_db
GROUPS = list(FIELD_GROUPS)
SUBSETS = [list(some) for size in range(len(GROUPS) + 1) for some in combinations(GROUPS, size)]
PERSON = {
    "birth_date": "1991-03-17",
    "legal_name": "Legal Planted",
    "justice": "Planted justice",
    "housing": "Planted housing",
    "indigenous_identity": "Planted nation",
}


def test_before_and_after_acceptance_the_promise_is_kept_for_every_kind_and_choice() -> None:
    """Every subset of the groups, without writing: the rows are changed in memory only."""
    world = World()
    person = world.client(**PERSON)
    enter_phase(actor=world.actor(world.nadia), client_id=person.pk, phase=2, on="2026-01-05")
    made, tom = world.act(world.sent(person, note="Planted note"), "accept"), world.actor(world.tom)
    referral = Referral.objects.for_list().prefetch_related("service__languages").get(pk=made.pk)
    offer = offer_of(referral)
    assert len(SUBSETS) == 2 ** len(GROUPS)
    with (
        mock.patch.object(consent, "_record_release"),
        mock.patch.object(consent, "offer_of", return_value=offer),
    ):
        for kind in PartnerKind.values:
            referral.receiver.kind = offer.receiver.kind = kind
            for groups in SUBSETS:
                referral.consent.field_groups = groups
                seen = disclose(referral, tom)
                assert seen == disclosed(offer, frozenset(groups)), (kind, groups)
                assert set(seen.groups_shown) <= set(groups)
                assert seen.notice == NOTICE
        referral.accepted_at, referral.status = None, "sent"
        for kind in PartnerKind.values:
            referral.receiver.kind = offer.receiver.kind = kind
            assert disclose(referral, tom) == preview(offer)


def test_the_screen_itself_makes_its_preview_so() -> None:
    world = World()
    person = world.client(**PERSON)
    choices = (["identity"], ["contact", "health", "justice"], GROUPS)
    for number, kind in enumerate(kind for kind in PartnerKind.values if kind != "police_liaison"):
        Organization.objects.filter(pk=world.northern.pk).update(kind=kind)
        world.service.organization.kind = kind
        groups = choices[number % len(choices)]
        before, after = sending.preview_pair(
            actor=world.actor(world.nadia),
            client=person,
            service=world.service,
            category_code="treatment-day",
            urgency="routine",
            field_groups=groups,
            note="Planted note",
        )
        given = world.consent(person, field_groups=groups)
        sent = world.sent(person, consent_id=given.pk, note="Planted note")
        assert as_shown(fresh(sent), world) == replace(before, code=sent.code)
        accepted = world.act(sent, "accept")
        assert as_shown(fresh(accepted), world) == replace(after, code=sent.code)


def fresh(referral: Referral) -> Referral:
    return Referral.objects.for_list().get(pk=referral.pk)


def as_shown(referral: Referral, world: World) -> ClientView:
    return disclose(referral, world.actor(world.tom))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Do not pass this on without new consent."),
        ("fr", "Ne communiquez rien de ceci sans un nouveau consentement."),
    ],
)
def test_the_notice_goes_with_every_view_of_the_receiver(language: str, words: str) -> None:
    world = World()
    preview_of, open_one = world.sent(), world.accepted(world.client(chosen_name="Robin Planted"))
    tom: Browser = browser(world.tom, language)
    for referral in (preview_of, open_one):
        assert words in tom.get(address("detail", referral.pk, language=language)).content.decode()
        body = tom.get(f"/api/v1/referrals/{referral.pk}/", headers={"accept-language": language}).json()
        assert body["notice"] == words
    own = browser(world.nadia, language).get(address("detail", open_one.pk, language=language))
    assert f"<b>{words}</b>" not in own.content.decode()
