"""A person about whom every table holds something."""

from __future__ import annotations

import datetime
import uuid

from django.utils import timezone

from api.models import IdempotencyKey
from partners.models import ClockMark
from referrals import clients, messages
from referrals.consent import disclose
from referrals.models import (
    AnswerLink,
    CareTeamMember,
    Client,
    ConfirmationCode,
    ContactAttempt,
    Document,
    GlassBreak,
    Handoff,
    Introduction,
    LegalBasisShare,
    LegalHold,
    LinkVisit,
    Outcome,
    ReadMark,
    Referral,
    SupportEntry,
)
from tests.referrals.pages import World

PDF = b"%PDF-1.4 Planted document"


def everything_about(world: World) -> tuple[Client, Referral]:
    """Rows whose own acts are tested elsewhere are written as they are."""
    nadia, tom = world.actor(world.nadia), world.actor(world.tom)
    now = timezone.now()
    person = world.client(legal_name="Legal Planted", birth_date="1991-03-17", age_band="")
    referral = world.accepted(person)
    world.draft(person)
    clients.enter_phase(
        actor=nadia, client_id=person.pk, phase=2, on=timezone.localdate(), reason="Why planted"
    )
    clients.record_child_protection(
        actor=nadia, client_id=person.pk, state="reported", at=now, reported_to="Report planted"
    )
    clients.change_client(actor=nadia, client_id=person.pk, housing="Housing planted", reason="Moved planted")
    disclose(Referral.objects.get(pk=referral.pk), tom)
    messages.send_message(referral_id=referral.pk, actor=tom, text="Message planted")
    _beside_the_referral(world, referral, now)
    _beside_the_file(world, person, now)
    return Client.objects.get(pk=person.pk), referral


def _beside_the_referral(world: World, referral: Referral, now: datetime.datetime) -> None:
    ContactAttempt.objects.create(
        referral=referral,
        organization=world.northern,
        by=world.tom.pk,
        at=now,
        method="text",
        result="no_answer",
        note="Attempt planted",
    )
    Document.objects.create(
        referral=referral,
        organization=world.northern,
        author=world.tom,
        name="Letter planted.pdf",
        media_type="application/pdf",
        size=len(PDF),
        content=PDF,
    )
    Handoff.objects.create(
        referral=referral, kind="accompanied", when=now, place="Place planted", companion="Friend planted"
    )
    ReadMark.objects.get_or_create(referral=referral, organization=world.northern, defaults={"read_at": now})
    Outcome.objects.create(
        referral=referral, code="got_help", date=now.date(), reason="Reason planted", recorded_by=world.tom.pk
    )
    ConfirmationCode.objects.create(
        referral=referral, digest="d" * 64, created_by=world.nadia, expires_at=now, answer="yes"
    )
    link = AnswerLink.objects.create(referral=referral, digest="l" * 64, code="123456")
    LinkVisit.objects.create(link=link, digest="v" * 64, name="Visitor planted", expires_at=now)
    ClockMark.objects.create(kind="reminder", object_id=referral.pk, due="2026-01-01")
    IdempotencyKey.objects.create(
        organization_id=world.lantern.pk,
        user_id=world.nadia.pk,
        key_digest="k" * 64,
        request_digest="r" * 64,
        path=f"/api/v1/referrals/{referral.pk}/messages/",
        object_id=uuid.uuid4(),
        created_at=now,
    )


def _beside_the_file(world: World, person: Client, now: datetime.datetime) -> None:
    Introduction.objects.create(
        kind="introduction",
        receiver=world.lantern,
        introduced_by=world.elsewhere,
        created_by=world.pat,
        chosen_name="Wren Planted",
        message="Introduction planted",
        consent_text_version="2026-11",
        consented_at=now,
        state="taken_up",
        answer_due_on=now.date(),
        client=person,
    )
    SupportEntry.objects.create(
        client=person,
        kind="counselling",
        phase=2,
        on=now.date(),
        note="Support planted",
        recorded_by=world.nadia,
    )
    LegalBasisShare.objects.create(
        client=person,
        recipient="Judge planted",
        basis="court_order",
        reason="Order planted",
        field_groups=["identity"],
        requested_by=world.nadia,
        reviewed_by=world.paula,
        reviewed_at=now,
        decision="approved",
        released_at=now,
    )
    LegalHold.objects.create(
        client=person, authority="court", reason="Hold planted", placed_by=world.paula, ended_at=now
    )
    CareTeamMember.objects.create(client=person, user=world.nadia)
    GlassBreak.objects.create(client=person, user=world.paula, reason="Glass planted", until=now)
