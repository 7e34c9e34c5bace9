"""An organization applies, is let in or refused, and is told; nobody else learns anything."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from directory.models import Program
from partners.access import actor_for
from partners.actor import ANONYMOUS, Actor
from partners.audit import NETWORK_CHAIN
from partners.errors import Conflict, DomainError, Invalid, NotSeen, NotSignedIn, Refused
from partners.joining import admission
from partners.joining.admission import Administrator, Newcomer, Term
from partners.joining.applications import applications, apply, forget_contacts
from partners.joining.notices import decision_letter
from partners.models import (
    Agreement,
    AuditEvent,
    Invitation,
    Organization,
    OutboxRow,
    PartnerApplication,
    User,
)

GIVEN: dict[str, Any] = {
    "name": "Newcomer",
    "kind": "basic_needs",
    "website": "https://newcomer.example",
    "contact_name": "Nina Newcomer",
    "contact_email": "Nina@Newcomer.example",
    "contact_phone": "204-555-0100",
    "language": "fr",
    "reason": "We give food.",
}
NEW = Newcomer(kind="basic_needs", name_fr="Nouvel organisme")


def term() -> Term:
    today = timezone.localdate()
    return Term(today, today + datetime.timedelta(days=364))


@pytest.fixture
def application(lea: Actor) -> PartnerApplication:
    return apply(actor=ANONYMOUS, **GIVEN)


@pytest.fixture
def page(db: None) -> str:
    return reverse("partners:apply")


def owed() -> list[tuple[str, str]]:
    rows = OutboxRow.objects.order_by("created_at", "kind")
    return [(row.kind, row.organization.name_en or row.organization.name_fr) for row in rows]


def test_the_page_takes_an_application_and_says_what_happens_next(
    client: Client, page: str, lea: Actor, clinic: Organization
) -> None:
    # Who has nothing in the directory that everybody sees is named to nobody.
    assert str(clinic.pk) not in client.get(page).content.decode()
    assert client.post(page, {**GIVEN, "organization": str(clinic.pk)}).status_code == 400
    Program.objects.create(organization=clinic, name_en="A program")

    shown = client.get(page, {"organization": str(clinic.pk)})
    assert "What happens next" in shown.content.decode()
    assert f'value="{clinic.pk}" selected' in shown.content.decode()

    sent = client.post(page, {**GIVEN, "organization": str(clinic.pk)})

    assert (sent.status_code, dict(sent.cookies)) == (200, {})
    assert "received" in sent.content.decode()
    row = PartnerApplication.objects.get()
    assert (row.organization, row.contact_email, row.state) == (clinic, "nina@newcomer.example", "open")
    assert owed() == [("application_received", "Network (demo)")]
    event = AuditEvent.objects.get()
    assert (event.chain, event.action, event.details) == (NETWORK_CHAIN, "application.make", {})


def test_the_answer_is_the_same_for_an_address_that_is_known(
    client: Client, page: str, lea: Actor, lea_user: User
) -> None:
    unknown = client.post(page, GIVEN)
    known = client.post(page, {**GIVEN, "contact_email": lea_user.email})
    again = client.post(page, GIVEN)

    assert unknown.content == known.content == again.content
    assert PartnerApplication.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("kind", "police"), ("contact_email", "nina"), ("language", "de")]
)
def test_bad_input_is_said_at_its_field_and_changes_nothing(
    client: Client, page: str, field: str, value: str
) -> None:
    answer = client.post(page, {**GIVEN, field: value})

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not PartnerApplication.objects.exists()


def test_another_site_sends_nothing_and_one_address_only_so_much(client: Client, page: str) -> None:
    assert client.post(page, GIVEN, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    for number in range(5):
        assert client.post(page, {**GIVEN, "name": f"Number {number}"}).status_code == 200

    assert client.post(page, GIVEN).status_code == 429
    assert PartnerApplication.objects.count() == 5


def test_a_name_makes_no_lines_of_its_own_in_the_letter_to_whoever_is_named_as_contact(lea: Actor) -> None:
    given = {**GIVEN, "name": "Clinic\n\nYour account is locked:\nhttps://evil.example/"}
    made = apply(actor=ANONYMOUS, **given)
    admission.refuse(actor=lea, application_id=made.pk, note="Not now.")
    (letter,) = decision_letter(OutboxRow.objects.get(kind="application_decided"))
    assert not any("\n" in line for line in letter.lines)


def test_who_applied_is_forgotten_half_a_year_after_the_decision(lea: Actor) -> None:
    waits, refused = (apply(actor=ANONYMOUS, **{**GIVEN, "name": name}) for name in ("Waits", "Refused"))
    admission.refuse(actor=lea, application_id=refused.pk, note="Not now.")
    assert forget_contacts() == 0
    for age in (179, 180):
        decided = timezone.now() - datetime.timedelta(days=age)
        PartnerApplication.objects.filter(pk=refused.pk).update(decided_at=decided)
        assert forget_contacts() == (age == 180)

    refused.refresh_from_db()
    kept = (refused.name, refused.contact_name, refused.contact_email, refused.contact_phone, refused.reason)
    assert kept == ("Refused", "", "", "", "")
    assert decision_letter(OutboxRow.objects.get(kind="application_decided")) == []
    assert PartnerApplication.objects.get(pk=waits.pk).contact_email == "nina@newcomer.example"


def test_a_partner_cannot_be_named_as_the_one_that_applies(lea: Actor, clinic: Organization) -> None:
    Organization.objects.filter(pk=clinic.pk).update(admitted_at=timezone.now())

    assert apply(actor=ANONYMOUS, organization_id=clinic.pk, **GIVEN).organization is None


def test_approving_makes_a_partner_that_can_sign(lea: Actor, application: PartnerApplication) -> None:
    done = admission.approve(actor=lea, application_id=application.pk, newcomer=NEW, term=term())

    made = Organization.objects.get(name_fr="Nouvel organisme")
    assert (done.organization, done.state, done.decided_by_id) == (made, "approved", lea.user_id)
    assert made.admitted_at is not None
    invitation = Invitation.objects.get(organization=made)
    assert (invitation.email, invitation.roles) == ("nina@newcomer.example", ["organization_admin"])
    agreement = Agreement.objects.get(organization=made)
    assert (agreement.signed_at, agreement.text.version) == (None, "2026-11")
    assert set(owed()) == {
        ("application_received", "Network (demo)"),
        ("invitation", "Nouvel organisme"),
        ("agreement_prepared", "Nouvel organisme"),
        ("application_decided", "Nouvel organisme"),
    }
    for chain in (made.pk, NETWORK_CHAIN):
        done_to = set(AuditEvent.objects.filter(chain=chain).values_list("action", flat=True))
        assert done_to >= {"application.approve", "organization.admit", "agreement.prepare"}
    with pytest.raises(Conflict):
        admission.approve(actor=lea, application_id=application.pk, newcomer=NEW, term=term())
    with pytest.raises(Conflict):
        admission.refuse(actor=lea, application_id=application.pk, note="No")


def test_approving_links_the_listed_organization(
    lea: Actor, application: PartnerApplication, clinic: Organization
) -> None:
    chosen = Newcomer(kind="other", organization_id=clinic.pk)
    admission.approve(actor=lea, application_id=application.pk, newcomer=chosen, term=term())

    clinic.refresh_from_db()
    assert clinic.admitted_at is not None
    with pytest.raises(Conflict):
        admission.invite_organization(
            actor=lea,
            newcomer=chosen,
            administrator=Administrator("Nina", "other@clinic.example", "en"),
            term=term(),
        )


def test_the_decision_goes_to_the_contact_in_their_language(
    lea: Actor, application: PartnerApplication
) -> None:
    admission.refuse(actor=lea, application_id=application.pk, note="Pas encore.")

    row = OutboxRow.objects.get(kind="application_decided")
    assert row.organization_id == lea.organization_id
    letter = decision_letter(row)[0]
    assert (letter.address, letter.language) == ("nina@newcomer.example", "fr")
    assert "Pas encore." in letter.lines
    assert letter.url.endswith("/fr/partners/join/")
    assert application.name not in letter.subject
    PartnerApplication.objects.update(state="open")
    assert decision_letter(row) == []


def test_what_does_not_hold_changes_nothing(
    lea: Actor, application: PartnerApplication, clinic: Organization
) -> None:
    today = timezone.localdate()
    backwards = Term(today, today - datetime.timedelta(days=1))
    tries: list[tuple[type[DomainError], Newcomer, Term]] = [
        (Invalid, NEW, backwards),
        (Invalid, NEW, Term(today, today + datetime.timedelta(days=6 * 366))),
        (Invalid, Newcomer(kind="basic_needs", name_en=" "), term()),
        (Invalid, Newcomer(kind="police", name_en="A"), term()),
        (NotSeen, Newcomer(kind="other", organization_id=application.pk), term()),
    ]
    before = OutboxRow.objects.count(), AuditEvent.objects.count(), Organization.objects.count()
    for error, newcomer, asked in tries:
        with pytest.raises(error):
            admission.approve(actor=lea, application_id=application.pk, newcomer=newcomer, term=asked)
    with pytest.raises(Invalid):
        admission.refuse(actor=lea, application_id=application.pk, note=" ")
    with pytest.raises(NotSeen):
        admission.refuse(actor=lea, application_id=clinic.pk, note="No")
    application.refresh_from_db()
    assert application.state == "open"
    assert before == (OutboxRow.objects.count(), AuditEvent.objects.count(), Organization.objects.count())


def test_nobody_else_decides_or_reads(
    application: PartnerApplication, olga: Actor, nadia: User, client: Client
) -> None:
    for actor, error in ((ANONYMOUS, NotSignedIn), (olga, Refused), (actor_for(nadia, None), Refused)):
        with pytest.raises(error):
            applications(actor)
        with pytest.raises(error):
            admission.approve(actor=actor, application_id=application.pk, newcomer=NEW, term=term())
        with pytest.raises(error):
            admission.refuse(actor=actor, application_id=application.pk, note="No")
        with pytest.raises(error):
            admission.invite_organization(
                actor=actor, newcomer=NEW, administrator=Administrator("N", "n@x.example", "en"), term=term()
            )
    client.force_login(nadia)
    assert client.get(reverse("partners:application", args=[application.pk])).status_code == 403


def test_the_pages_of_who_decides(
    client: Client, lea_user: User, application: PartnerApplication, clinic: Organization
) -> None:
    client.force_login(lea_user)
    second = apply(actor=ANONYMOUS, **{**GIVEN, "name": "Second"})
    where = reverse("partners:application", args=[application.pk])
    assert "Newcomer" in client.get(reverse("partners:applications"), {"status": "open"}).content.decode()
    shown = client.get(where)
    assert shown.context["admit_form"]["name_fr"].value() == "Newcomer"
    assert client.post(where, {}).status_code == 400
    assert client.get(reverse("partners:application", args=[clinic.pk])).status_code == 404

    days = {"starts_on": "2026-01-01", "ends_on": timezone.localdate().isoformat()}
    approved = client.post(where, {"kind": "other", "name_en": "Made", **days})
    made = Organization.objects.get(name_en="Made")
    assert approved["Location"] == reverse("partners:partner", args=[made.pk])
    assert client.get(approved["Location"]).status_code == 200
    assert client.post(where, {"kind": "other", "name_en": "Made", **days}).status_code == 409

    no = reverse("partners:application_refuse", args=[second.pk])
    assert client.post(no, {"note": ""}).status_code == 400
    assert client.post(no, {"note": "Not now"}).status_code == 302
    assert client.post(no, {"note": "Not now"}).status_code == 409

    invite = reverse("partners:invite_organization")
    asked = {"organization": str(clinic.pk), "kind": "other", **days}
    who = {"full_name": "Ana", "email": "ana@clinic.example", "language": "en"}
    assert client.post(invite, asked).status_code == 400
    assert client.post(invite, {**asked, **who}).status_code == 302
    assert Invitation.objects.get(organization=clinic).email == "ana@clinic.example"
