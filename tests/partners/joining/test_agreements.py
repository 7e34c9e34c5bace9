"""Agreements: prepared by the network, signed by who may, ended in any way; and their texts."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.access import actor_for
from partners.actor import ANONYMOUS, Actor
from partners.audit import NETWORK_CHAIN
from partners.errors import Conflict, Invalid, NotSeen, NotSignedIn, Refused
from partners.joining import agreements, texts
from partners.joining.agreements import State, state_of
from partners.models import Agreement, AgreementText, AuditEvent, Organization, OutboxRow, User

DAY = datetime.timedelta(days=1)
SIGNATURE: dict[str, Any] = {"name": "Olga O", "title": "Director", "language": "fr", "accepted": True}


def kinds() -> list[str]:
    return sorted(OutboxRow.objects.values_list("kind", flat=True))


@pytest.fixture
def partner(lantern: Organization) -> Organization:
    lantern.admitted_at = timezone.now()
    lantern.save()
    return lantern


@pytest.fixture
def prepared(lea: Actor, partner: Organization) -> Agreement:
    today = timezone.localdate()
    return agreements.prepare(
        actor=lea, organization_id=partner.pk, starts_on=today, ends_on=today + 99 * DAY
    )


def test_signing_puts_it_in_force(lea: Actor, olga: Actor, prepared: Agreement) -> None:
    assert state_of(prepared) is State.TO_SIGN
    assert not Organization.objects.with_agreement().exists()

    signed = agreements.sign(actor=olga, agreement_id=prepared.pk, **SIGNATURE)

    assert state_of(signed) is State.IN_FORCE
    assert Organization.objects.with_agreement().get() == prepared.organization
    assert (signed.signatory_name, signed.signed_language, signed.signed_by_id) == (
        "Olga O",
        "fr",
        olga.user_id,
    )
    assert kinds() == ["agreement_prepared", "agreement_signed"]
    assert OutboxRow.objects.get(kind="agreement_signed").organization_id == lea.organization_id
    for chain in (prepared.organization_id, NETWORK_CHAIN):
        done = AuditEvent.objects.filter(chain=chain).values_list("action", flat=True)
        assert list(done.order_by("sequence")) == ["agreement.prepare", "agreement.sign"]
    with pytest.raises(Conflict):
        agreements.sign(actor=olga, agreement_id=prepared.pk, **SIGNATURE)


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("title", ""), ("name", "x" * 151), ("language", "de"), ("accepted", False)],
)
def test_a_signature_is_whole_or_none(olga: Actor, prepared: Agreement, field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        agreements.sign(actor=olga, agreement_id=prepared.pk, **{**SIGNATURE, field: value})

    assert list(refused.value.errors) == [field]
    prepared.refresh_from_db()
    assert prepared.signed_at is None


def test_nobody_else_signs_prepares_or_terminates(
    lea: Actor, olga: Actor, nadia: User, prepared: Agreement, clinic: Organization
) -> None:
    today = timezone.localdate()
    foreign = Agreement.objects.create(organization=clinic, starts_on=today, ends_on=today)
    for actor, error in (
        (ANONYMOUS, NotSignedIn),
        (actor_for(nadia, None), Refused),
        (lea, Refused),
    ):
        with pytest.raises(error):
            agreements.sign(actor=actor, agreement_id=prepared.pk, **SIGNATURE)
    with pytest.raises(NotSeen):
        agreements.sign(actor=olga, agreement_id=foreign.pk, **SIGNATURE)
    for actor, error in ((ANONYMOUS, NotSignedIn), (olga, Refused)):
        with pytest.raises(error):
            agreements.terminate(actor=actor, agreement_id=prepared.pk)
        with pytest.raises(error):
            agreements.prepare(
                actor=actor, organization_id=prepared.organization_id, starts_on=today, ends_on=today
            )
    with pytest.raises(NotSeen):
        agreements.terminate(actor=lea, agreement_id=clinic.pk)
    with pytest.raises(NotSeen):
        agreements.prepare(actor=lea, organization_id=clinic.pk, starts_on=today, ends_on=today)


def test_a_new_one_stands_beside_the_running_one(
    lea: Actor, olga: Actor, partner: Organization, prepared: Agreement
) -> None:
    today = timezone.localdate()
    with pytest.raises(Conflict):
        agreements.prepare(actor=lea, organization_id=partner.pk, starts_on=today, ends_on=today)
    agreements.sign(actor=olga, agreement_id=prepared.pk, **SIGNATURE)
    begins, ends = agreements.next_term(partner.pk)
    assert begins == prepared.ends_on + DAY

    renewed = agreements.prepare(actor=lea, organization_id=partner.pk, starts_on=begins, ends_on=ends)
    agreements.sign(actor=olga, agreement_id=renewed.pk, **SIGNATURE)

    renewed.refresh_from_db()
    assert state_of(renewed) is State.COMING
    assert Organization.objects.with_agreement().count() == 1
    agreements.terminate(actor=lea, agreement_id=prepared.pk)
    assert not Organization.objects.with_agreement().exists()
    with pytest.raises(Conflict):
        agreements.terminate(actor=lea, agreement_id=prepared.pk)
    assert "agreement_terminated" in kinds()


def test_what_has_ended_can_no_longer_be_signed(olga: Actor, prepared: Agreement) -> None:
    yesterday = timezone.localdate() - DAY
    Agreement.objects.filter(pk=prepared.pk).update(starts_on=yesterday, ends_on=yesterday)

    with pytest.raises(Conflict):
        agreements.sign(actor=olga, agreement_id=prepared.pk, **SIGNATURE)


def test_a_published_text_never_changes(lea: Actor, olga: Actor, prepared: Agreement) -> None:
    first = prepared.text
    assert first is not None
    draft = texts.write(actor=lea, version="2027-01", text_en="## One\n- a\n- b\nEnd", text_fr="Un")
    texts.write(actor=lea, version="2027-01", text_en="Two", text_fr="Deux")
    assert texts.current_text() == first
    texts.publish(actor=lea, version="2027-01")
    draft.refresh_from_db()
    assert (texts.current_text(), draft.text_fr) == (draft, "Deux")
    prepared.refresh_from_db()
    assert prepared.text == first

    with pytest.raises(Conflict):
        texts.write(actor=lea, version="2027-01", text_en="Three", text_fr="Trois")
    with pytest.raises(Conflict):
        texts.publish(actor=lea, version="2027-01")
    with pytest.raises(NotSeen):
        texts.publish(actor=lea, version="2028-01")
    for given in ({"version": "a b"}, {"text_fr": " "}, {"text_en": "x" * 60_001}):
        with pytest.raises(Invalid):
            texts.write(actor=lea, **{"version": "2029", "text_en": "A", "text_fr": "B", **given})
    for actor, error in ((ANONYMOUS, NotSignedIn), (olga, Refused)):
        with pytest.raises(error):
            texts.write(actor=actor, version="2029", text_en="A", text_fr="B")
        with pytest.raises(error):
            texts.publish(actor=actor, version="2027-01")


def test_the_first_version_is_whole_in_both_languages(db: None) -> None:
    AgreementText.objects.all().delete()
    first = texts.text_to_sign()

    assert texts.load_first() == first
    shapes = [[block.kind for block in texts.blocks(one)] for one in (first.text_en, first.text_fr)]
    assert shapes[0] == shapes[1]
    assert shapes[0].count("heading") == 12
    lengths = [[len(block.lines) for block in texts.blocks(one)] for one in (first.text_en, first.text_fr)]
    assert lengths[0] == lengths[1]


def test_a_text_is_read_as_headings_lists_and_paragraphs() -> None:
    found = texts.blocks("## One\nA\nB\n\n- c\n- d\n## Two\n<b>\n")

    assert [(block.kind, block.lines) for block in found] == [
        ("heading", ["One"]),
        ("paragraph", ["A", "B"]),
        ("list", ["c", "d"]),
        ("heading", ["Two"]),
        ("paragraph", ["<b>"]),
    ]


def test_the_page_on_which_it_is_read_and_signed(
    client: Client, lea: Actor, olga_user: User, prepared: Agreement, clinic: Organization
) -> None:
    client.force_login(olga_user)
    page, sign = reverse("partners:agreement"), reverse("partners:agreement_sign", args=[prepared.pk])
    shown = client.get(page, {"text": "fr"}).content.decode()
    assert 'lang="fr-CA"' in shown
    assert "Le consentement d’abord" in shown
    assert "Consent comes first" in client.get(page).content.decode()
    foreign = Agreement.objects.create(organization=clinic, starts_on="2026-01-01", ends_on="2099-01-01")
    assert client.get(page, {"agreement": str(foreign.pk)}).status_code == 404
    assert client.post(reverse("partners:agreement_sign", args=[foreign.pk]), {}).status_code == 404
    assert client.post(sign, {"name": "Olga", "title": "Director", "text": "fr"}).status_code == 400

    given = {"name": "Olga", "title": "Director", "accepted": "on", "text": "fr"}
    assert client.post(sign, given).status_code == 302
    assert client.post(sign, given).status_code == 409
    prepared.refresh_from_db()
    assert prepared.signed_language == "fr"
    assert "In force" in client.get(page).content.decode()


def test_without_an_agreement_the_page_says_so(client: Client, olga_user: User) -> None:
    client.force_login(olga_user)

    assert "has not prepared" in client.get(reverse("partners:agreement")).content.decode()


def test_the_network_writes_and_publishes_on_its_pages(client: Client, lea_user: User) -> None:
    client.force_login(lea_user)
    every = reverse("partners:agreement_texts")
    shown = client.get(every).content.decode()
    assert "2026-11" in shown
    for language in ("en", "fr"):
        assert re.search(rf'<textarea[^>]* name="text_{language}"[^>]* lang="{language}-CA"', shown)
    given = {"version": "2027-01", "text_en": "One", "text_fr": "Un"}
    made = client.post(every, given)
    assert made["Location"] == reverse("partners:agreement_text", args=["2027-01"])
    assert client.get(made["Location"]).context["form"] is not None
    publish = reverse("partners:agreement_text_publish", args=["2027-01"])
    assert client.post(publish).status_code == client.post(publish).status_code == 302
    assert client.get(made["Location"]).context["form"] is None
    assert client.post(every, given).status_code == 409
    assert client.post(every, {**given, "version": "?"}).status_code == 400
    assert client.get(reverse("partners:agreement_text", args=["1999"])).status_code == 404


def test_the_page_of_a_partner_leads_through_renewal(
    client: Client, lea_user: User, olga: Actor, prepared: Agreement
) -> None:
    client.force_login(lea_user)
    here = reverse("partners:partner", args=[prepared.organization_id])
    prepare = reverse("partners:agreement_prepare", args=[prepared.organization_id])
    days = {"starts_on": "2030-01-01", "ends_on": "2030-12-31"}
    assert client.get(here).context["waits_for_signature"] is True
    assert client.post(prepare, days).status_code == 409
    agreements.sign(actor=olga, agreement_id=prepared.pk, **SIGNATURE)
    assert client.post(prepare, {**days, "ends_on": "2029-12-31"}).status_code == 400
    assert client.post(prepare, days).status_code == 302
    assert "Agreement signed" in client.get(here).content.decode()
    end = reverse("partners:agreement_terminate", args=[prepared.pk])
    assert client.post(end)["Location"] == here
    prepared.refresh_from_db()
    assert prepared.terminated_at is not None
