"""The partners as members see each other."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from partners import hooks
from partners.access import actor_for
from partners.actor import ANONYMOUS, Actor
from partners.errors import NotSignedIn, Refused
from partners.joining.partner_list import partner_page, partner_rows
from partners.models import Agreement, Organization, User
from tests.factories.listings import make_service

DAY = datetime.timedelta(days=1)


@dataclass
class Figures:
    median_days: int | None = 2
    on_time: int | None = 95


@pytest.fixture
def until() -> datetime.date:
    return timezone.localdate() + 10 * DAY


@pytest.fixture
def partners(lantern: Organization, clinic: Organization, until: datetime.date) -> list[Organization]:
    """Lantern with an agreement in force, the clinic admitted alone; a third is no partner."""
    for one in (lantern, clinic):
        one.admitted_at = timezone.now()
        one.kind = "womens_centre" if one == lantern else "community_health_centre"
        one.email = "ask@partner.example"
        one.save()
    Agreement.objects.create(
        organization=lantern, starts_on="2026-01-01", ends_on=until, signed_at=timezone.now()
    )
    Organization.objects.create(name_en="Only listed (demo)")
    return [clinic, lantern]


def test_members_see_who_is_in_the_network(
    client: Client, nadia: User, partners: list[Organization], until: datetime.date
) -> None:
    make_service(organization=partners[1], accepts_referrals=True)
    make_service(organization=partners[1], accepts_referrals=False)
    client.force_login(nadia)
    answer = client.get(reverse("partners:list"))

    rows = answer.context["page"].object_list
    assert [row.organization for row in rows] == partners
    assert [(row.in_force, row.listings, row.until, row.suspended) for row in rows] == [
        (False, 0, None, False),
        (True, 1, None, False),
    ]
    text = answer.content.decode()
    assert "ask@partner.example" in text
    assert "No agreement in force" in text
    assert "Only listed" not in text
    assert reverse("partners:partner", args=[partners[0].pk]) not in text


def test_who_admits_partners_also_sees_until_when(
    lea: Actor, partners: list[Organization], until: datetime.date
) -> None:
    Organization.objects.filter(pk=partners[0].pk).update(suspended_at=timezone.now())
    rows = partner_page(lea).object_list

    assert [(row.until, row.suspended) for row in rows] == [(None, True), (until, False)]


def test_the_list_is_narrowed_by_kind_and_name(
    client: Client, nadia: User, partners: list[Organization]
) -> None:
    client.force_login(nadia)

    def found(**asked: str) -> list[str]:
        answer = client.get(reverse("partners:list"), asked)
        return [row.organization.name_en for row in answer.context["page"].object_list]

    assert found(kind="womens_centre") == ["Lantern (demo)"]
    assert found(q="cliniQUE") == ["Clinic (demo)"]
    assert found(q="listed") == []
    assert client.get(reverse("partners:list"), {"kind": "x"}).status_code == 400
    with translation.override("fr"):
        assert [one.name_fr for one in partner_rows(actor_for(nadia, None))] == [
            "Clinique (démo)",
            "Lanterne (démo)",
        ]


def test_figures_are_shown_when_they_come(
    client: Client, nadia: User, partners: list[Organization], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks.partner_figures, "_registered", {})
    client.force_login(nadia)
    assert "working day" not in client.get(reverse("partners:list")).content.decode()
    hooks.partner_figures.register("test", lambda ids: {partners[0].pk: Figures()})

    text = client.get(reverse("partners:list")).content.decode()
    assert "Usually answers within 2 working days" in text
    assert "95% on time" in text
    assert "Too few answers" in text


def test_strangers_and_police_see_no_list(member: Callable[..., User], partners: list[Organization]) -> None:
    police = Organization.objects.create(name_en="Police (demo)", kind="police_liaison")
    nobody = User.objects.create_user("nobody@nowhere.example")
    for user in (member("mo@police.example", {police: ["police_liaison", "organization_admin"]}), nobody):
        with pytest.raises(Refused):
            partner_rows(actor_for(user, None))
    with pytest.raises(NotSignedIn):
        partner_rows(ANONYMOUS)


def test_more_partners_cost_no_more_queries(
    lea: Actor, partners: list[Organization], assert_flat: Callable[..., None], until: datetime.date
) -> None:
    def grow() -> None:
        for number in range(8):
            one = Organization.objects.create(name_en=f"More {number}", admitted_at=timezone.now())
            Agreement.objects.create(
                organization=one, starts_on="2026-01-01", ends_on=until, signed_at=timezone.now()
            )

    assert_flat(lambda: partner_page(lea), grow)
