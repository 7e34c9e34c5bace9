"""The demo: made by real acts, made once, and never over anything real."""

from __future__ import annotations

import datetime
from collections import Counter
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.utils import timezone

from directory.models import (
    CapacityReport,
    ListingProposal,
    ListingReport,
    PhoneSample,
    Service,
    ServiceCapacity,
)
from directory.models.attachments import CapacityValue
from directory.upkeep.duplicates import suggestions
from partners import audit, triggers
from partners.access import actor_for
from partners.models import (
    Agreement,
    AuditEvent,
    Delivery,
    Invitation,
    Membership,
    Notification,
    Organization,
    OutboxRow,
    PartnerApplication,
    User,
)
from partners.models.organizations import in_force_today
from referrals.ages import age_of, is_minor
from referrals.capacity_hints import capacity_hints
from referrals.demo import stages, story
from referrals.models import (
    AnswerLink,
    ChildProtectionRecord,
    Client,
    ClientCorrection,
    ContactAttempt,
    Document,
    GlassBreak,
    Introduction,
    LegalBasisShare,
    LegalHold,
    Message,
    Outcome,
    OutreachContact,
    Referral,
    SupportEntry,
)
from referrals.network.flows import flows_for
from referrals.service_record import records_of
from tests.factories.listings import make_organization

PASSWORD = "a-password-for-the-demo"

SIGN_INS = {
    "nadia@lantern.example",
    "paula@lantern.example",
    "rosa@lantern.example",
    "tom@redriver.example",
    "ines@northernlight.example",
    "pat@tworivers.example",
    "mo@police.example",
    "lea@relais.example",
    "eva@evaluation.example",
    "ruth@birchwood.example",
    "hal@harbour.example",
    "mia@oldmill.example",
}


@pytest.fixture(autouse=True)
def demo_settings(settings: Any) -> None:
    settings.DEMO = True
    settings.ENVIRONMENT = {"RELAIS_DEMO_PASSWORD": PASSWORD}


@pytest.fixture
def short_story(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody is there, and the first referrals."""
    monkeypatch.setattr(story, "CHAPTERS", stages.TOLD[:2])
    monkeypatch.setattr(story, "NEWS", ())


def demo(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", "--no-serve", *arguments, stdout=out)
    return out.getvalue()


def everything() -> dict[str, int]:
    models = (Service, Organization, User, Membership, Client, Referral, AuditEvent, OutboxRow, Notification)
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.django_db
def test_the_story_stands_and_a_second_run_adds_nothing() -> None:
    told = demo()
    assert all(address in told for address in (*SIGN_INS, PASSWORD, "/en/", "/fr/"))
    assert set(User.objects.values_list("email", flat=True)) == SIGN_INS
    for email in SIGN_INS:
        assert authenticate(email=email, password=PASSWORD)
    statuses = Counter(Referral.objects.values_list("status", flat=True))
    assert set(statuses) >= {"closed", "sent", "accepted", "waitlisted", "declined", "draft", "withdrawn"}
    assert audit.verify()[1] is None
    everything_of_the_workflow_is_in_it()
    everything_of_the_network_is_in_it()
    everybody_is_invented_and_says_so()
    before = everything()
    assert "--reset" in demo()
    assert everything() == before


def everything_of_the_workflow_is_in_it() -> None:
    """Each has something to look at: one that is under way, or one that waits for somebody."""
    referrals = Referral.objects
    shown = {
        "offered at once, another was first": referrals.filter(end_reason="accepted_elsewhere"),
        "the next of a list asked": referrals.filter(position=2, status="sent"),
        "logged": referrals.filter(kind="logged"),
        "waits to be confirmed": referrals.filter(status="closed", confirmed_at__isnull=True),
        "confirmed": referrals.filter(confirmed_at__isnull=False),
        "outcome corrected": Outcome.objects.filter(superseded_at__isnull=False),
        "attempt failed": ContactAttempt.objects.filter(result="no_answer", next_on__isnull=False),
        "call for a colleague": referrals.filter(receiver__kind="police_liaison", status="draft"),
        "call accepted": referrals.filter(receiver__kind="police_liaison", status="accepted"),
        "introductions": Introduction.objects.filter(kind="introduction", state="received"),
        "self-referrals": Introduction.objects.filter(kind="self_referral", state="received"),
        "housing": SupportEntry.objects.filter(kind="transitional_housing", until__isnull=True),
        "outreach": OutreachContact.objects.all(),
        "documents": Document.objects.all(),
        "messages": Message.objects.all(),
        "glass": GlassBreak.objects.filter(reviewed_at__isnull=True, client__is_restricted=True),
        "legal basis": LegalBasisShare.objects.filter(decision=""),
        "hold": LegalHold.objects.filter(ended_at__isnull=True),
        "reported": ChildProtectionRecord.objects.filter(state="reported"),
        "follow-up due": ChildProtectionRecord.objects.filter(follow_up_at__lt=timezone.now()),
        "corrections": ClientCorrection.objects.all(),
    }
    assert [name for name, rows in shown.items() if not rows.exists()] == []
    clinic = Service.objects.get(source_id="demo:red-river-primary-care")
    nadia = actor_for(User.objects.get(email="nadia@lantern.example"), None)
    assert records_of(nadia, [clinic.pk])[clinic.pk].helped is not None


def everything_of_the_network_is_in_it() -> None:
    """Each state of joining, of links, of listings and of notices has something to look at."""
    today, now = timezone.localdate(), timezone.now()
    in_force = Agreement.objects.filter(in_force_today(), text__isnull=False).exclude(signatory_name="")
    unread = Notification.objects.filter(read_at__isnull=True)
    demo_listings = Service.objects.filter(is_demo=True)
    shown: dict[str, QuerySet[Any]] = {
        "ends soon": in_force.filter(ends_on__lte=today + datetime.timedelta(days=30)),
        "to sign": Agreement.objects.filter(signed_at__isnull=True),
        "ended": Agreement.objects.filter(signed_at__isnull=False, ends_on__lt=today),
        "suspended": Organization.objects.filter(suspended_at__isnull=False),
        "applied": PartnerApplication.objects.filter(state="open"),
        "refused": PartnerApplication.objects.filter(state="refused").exclude(decision_note=""),
        "invited": Invitation.objects.filter(roles=["worker"], accepted_at__isnull=True),
        "link": AnswerLink.objects.filter(digest__isnull=False, killed_at__isnull=True, preview_only=False),
        "link closed": AnswerLink.objects.filter(killed_at__isnull=False, wrong_codes=5),
        "preview": AnswerLink.objects.filter(preview_only=True),
        "proposed": ListingProposal.objects.filter(state="proposed"),
        "rejected": ListingProposal.objects.filter(state="rejected").exclude(decision_note=""),
        "reported": ListingReport.objects.filter(handled_at__isnull=True, passed_on_at__isnull=True),
        "passed on": ListingReport.objects.filter(handled_at__isnull=True, passed_on_at__isnull=False),
        "report answered": ListingReport.objects.filter(result="changed"),
        "draft": demo_listings.filter(publication="draft"),
        "lapsed": demo_listings.filter(next_due__lt=today),
        "due": demo_listings.filter(next_due__range=(today, today + datetime.timedelta(days=7))),
        "decayed": ServiceCapacity.objects.filter(value="open", as_of__lt=now - datetime.timedelta(days=14)),
        "sample": PhoneSample.objects.filter(closed_at__isnull=True),
        "digest": Notification.objects.filter(digest_on__isnull=False, user__email__startswith="pat@"),
        "for Nadia": unread.filter(user__email__startswith="nadia@"),
        "for Tom": unread.filter(user__email__startswith="tom@"),
        "dead letter": Delivery.objects.filter(channel="webhook", given_up_at__isnull=False),
    }
    assert [name for name, rows in shown.items() if not rows.exists()] == []
    assert set(CapacityReport.objects.values_list("value", flat=True)) == set(CapacityValue.values)
    assert PhoneSample.objects.filter(closed_at__isnull=False).count() == 2
    assert not Service.objects.filter(is_demo=False, verified_at__isnull=False).exists()
    lea = actor_for(User.objects.get(email="lea@relais.example"), None)
    assert sorted(row.referrals for row in flows_for(lea).rows) == [5, 5]
    assert any(pair.same_phone for pair in suggestions(lea))
    residence = Service.objects.get(source_id="demo:northern-light-residence").pk
    assert capacity_hints([residence])[residence].count == 3
    assert not Delivery.objects.filter(done_at__isnull=True, given_up_at__isnull=True).exists()


def everybody_is_invented_and_says_so() -> None:
    assert not Client.objects.exclude(organization__is_demo=True).exists()
    assert all("(demo)" in client.chosen_name for client in Client.objects.all())
    assert all("(demo)" in user.full_name for user in User.objects.all())
    assert all("(demo)" in invited.full_name for invited in Invitation.objects.all())
    assert all("(d" in application.name for application in PartnerApplication.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2026-11-24", "2028-02-29", "2027-12-31"])
def test_two_are_seventeen_whenever_the_demo_is_made(day: str, short_story: None) -> None:
    with time_machine.travel(f"{day}T18:00:00+00:00"):
        demo()
        minors = [client for client in Client.objects.all() if is_minor(client)]
        ages = {client.chosen_name: age_of(client) for client in minors}
        assert ages == {"Tess (demo)": 17, "Mika (demo)": 17}


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [(), ("--reset",)])
@pytest.mark.parametrize("real", ["organization", "user", "member"])
def test_a_database_with_anything_real_is_left_alone(real: str, arguments: tuple[str, ...]) -> None:
    if real == "organization":
        make_organization(name_en="A real one")
    elif real == "user":
        User.objects.create_user("somebody@a-real-agency.ca", full_name="Somebody")
    else:
        listed = make_organization(name_en="Listed", source_id="winnipeg:listed")
        user = User.objects.create_user("nadia@lantern.example", full_name="Nadia")
        Membership.objects.create(user=user, organization=listed, role="worker")
    before = everything()
    with pytest.raises(CommandError, match="leaves it alone"):
        demo(*arguments)
    assert everything() == before


@pytest.mark.django_db
def test_it_runs_in_the_demo_only(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="RELAIS_DEMO"):
        demo()
    assert not Organization.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_reset_begins_anew(short_story: None) -> None:
    demo()
    first = set(Referral.objects.values_list("code", flat=True))
    demo("--reset")
    assert first.isdisjoint(Referral.objects.values_list("code", flat=True))
    assert Client.objects.count() == 10
    assert triggers.missing() == []
    assert audit.verify()[1] is None
