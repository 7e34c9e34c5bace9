"""The network in numbers: who refers to whom, where the partners are, how soon they answer."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from partners.access import create_token
from partners.models import Organization
from referrals.models import Referral, TimelineEvent
from referrals.network.flows import flows_for, told_flows, window
from referrals.network.map import network_map
from referrals.network.picture import MOST, draw
from referrals.network.times import Times, partner_figures
from tests.factories.listings import AREA_PLACE, PUBLIC_PLACE, WITHHELD_PLACE, make_service
from tests.referrals.pages import SECRETS, World, address, admitted, browser, member

pytestmark = pytest.mark.django_db

TODAY = datetime.datetime(2026, 11, 18, 18, tzinfo=datetime.UTC)
IN_WINDOW = TODAY - datetime.timedelta(days=60)


class Network(World):
    """Lea keeps the network; referrals between partners are put directly, as copies of one."""

    def __init__(self) -> None:
        super().__init__()
        self.lea = member("Lea", self.elsewhere, "network_admin")
        self.base = self.draft()

    def referrals(
        self, sender: Organization, receiver: Organization, number: int, **given: Any
    ) -> list[Referral]:
        like = {name: getattr(self.base, name) for name in ("need", "client", "service", "created_by")}
        like |= {"status": "accepted", "sent_at": IN_WINDOW, **given}
        made = [Referral(sender=sender, receiver=receiver, **like) for _n in range(number)]
        return Referral.objects.bulk_create(made)

    def told(self) -> dict[tuple[str, str], int]:
        cache.clear()
        rows = flows_for(self.actor(self.lea)).rows
        return {(row.sender.text, row.receiver.text): row.referrals for row in rows}


@pytest.fixture
def network() -> Any:
    with time_machine.travel(TODAY, tick=False):
        yield Network()


def test_five_are_told_and_four_are_not(network: Network) -> None:
    network.referrals(network.lantern, network.northern, 5)
    network.referrals(network.northern, network.lantern, 4)

    assert network.told() == {("Lantern (demo)", "Northern (demo)"): 5}


def test_what_counts_is_what_partners_were_asked_in_twelve_whole_months(network: Network) -> None:
    first, end = window(datetime.date(2026, 11, 18))
    assert (first, end) == (datetime.date(2025, 11, 1), datetime.date(2026, 11, 1))
    noon = datetime.time(12, tzinfo=timezone.get_current_timezone())
    days = [first, end - datetime.timedelta(days=1), first - datetime.timedelta(days=1), end]
    for day in days:
        network.referrals(network.lantern, network.northern, 5, sent_at=datetime.datetime.combine(day, noon))
    network.referrals(network.lantern, network.northern, 5, kind="logged")
    network.referrals(network.lantern, network.northern, 5, status="entered_in_error")
    network.referrals(network.lantern, network.northern, 5, status="draft", sent_at=None)
    network.referrals(network.lantern, network.lantern, 5)

    assert network.told() == {("Lantern (demo)", "Northern (demo)"): 10}


def test_within_a_month_no_referral_is_seen_to_arrive(network: Network) -> None:
    network.referrals(network.lantern, network.northern, 5)
    before = flows_for(network.actor(network.lea))
    network.referrals(network.lantern, network.northern, 1)

    assert flows_for(network.actor(network.lea)) == before


def test_from_month_to_month_no_single_referral_is_seen_either(network: Network) -> None:
    """Whoever kept last month's list lays it beside this month's."""
    network.referrals(network.lantern, network.northern, 6)
    network.referrals(network.northern, network.lantern, 14)
    last_month = network.told()
    for more in range(3):
        later = TODAY + datetime.timedelta(days=more)
        network.referrals(network.lantern, network.northern, 1, sent_at=later)
    with time_machine.travel(TODAY + datetime.timedelta(days=31), tick=False):
        assert network.told() == last_month
        network.referrals(network.lantern, network.northern, 1)
        assert network.told()[("Lantern (demo)", "Northern (demo)")] == 10
        assert sum(network.told().values()) == 20


class TestHiding(TestCase):
    """Whoever knows everything that is told learns nothing of what is hidden: it may as well be otherwise."""

    @settings(max_examples=15)
    @given(
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4), st.integers(0, 9)), min_size=9, max_size=9)
    )
    def test_what_is_hidden_changes_nothing_that_is_told(self, cells: list[tuple[int, int, int]]) -> None:
        """A cell: the true number, another one below five, and how many calls to police there are."""
        with time_machine.travel(TODAY, tick=False):
            network = Network()
            police = admitted("Police (demo)", "police_liaison")
            partners = [network.lantern, network.northern, network.elsewhere]
            pairs = list(product(partners, partners))
            told = []
            for otherwise in (False, True):
                Referral.objects.filter(sent_at__isnull=False).delete()
                for (sender, receiver), (true, small, calls) in zip(pairs, cells, strict=True):
                    number = small if otherwise and true < 5 else true
                    network.referrals(sender, receiver, number)
                    if otherwise:
                        network.referrals(sender, police, calls)
                        network.referrals(police, receiver, calls)
                told.append(sorted(told_flows(*window(timezone.localdate()))))
            wanted = {
                (sender.pk, receiver.pk): 5
                for (sender, receiver), (true, _small, _calls) in zip(pairs, cells, strict=True)
                if true >= 5 and sender != receiver
            }
        assert told[0] == told[1]
        assert {flow[:2]: flow.referrals for flow in told[0]} == wanted


def test_nothing_of_a_person_stands_on_the_page_in_the_file_or_in_the_api(network: Network) -> None:
    police = admitted("Police (demo)", "police_liaison")
    made = network.referrals(network.lantern, network.northern, 7, note="Planted note")
    network.referrals(network.lantern, police, 9)
    lea = browser(network.lea)
    page = lea.get(address("network")).content.decode()
    file = lea.get(address("network_csv"))
    answer = Browser().get("/api/v1/network/", headers={"Authorization": f"Bearer {token(network)}"})

    assert answer.json()["flows"][0]["referrals"] == 5
    assert answer.json()["total"] == 5
    assert file.content.decode("utf-8-sig").splitlines() == [
        "From,To,Referrals",
        "Lantern (demo),Northern (demo),5",
    ]
    assert "1. Lantern (demo)" in page
    for text in (page, file.content.decode(), answer.content.decode()):
        held = [*SECRETS, "Planted", *(row.code for row in made), str(network.person.pk), "treatment-day"]
        assert [secret for secret in held if secret in text] == []
    assert "Police (demo)" not in page.partition("partners-title")[0]


def token(network: Network) -> str:
    return create_token(network.lea, network.elsewhere, [], 1)


def test_a_name_is_no_formula(network: Network) -> None:
    network.referrals(admitted("=1+1", "other"), network.northern, 5)

    assert "'=1+1,Northern" in browser(network.lea).get(address("network_csv")).content.decode()


def test_in_french(network: Network) -> None:
    network.referrals(network.lantern, network.northern, 5)
    page = browser(network.lea, "fr").get(address("network", language="fr")).content.decode()

    assert '<span lang="en">Lantern (demo)</span>' in page
    assert "Who refers" not in page


def test_the_picture_is_as_wide_as_the_numbers_and_not_too_full(network: Network) -> None:
    assert draw([], {}) is None
    for other in range(MOST + 1):
        network.referrals(network.lantern, admitted(f"Partner {other:02}", "other"), 5 + other)
    rows = flows_for(network.actor(network.lea)).rows
    keys = {network.lantern.pk: 1, **{row.receiver_id: number for number, row in enumerate(rows, 2)}}

    picture = draw(rows, keys)

    assert picture is not None
    assert [len(part) for part in (picture.senders, picture.receivers, picture.bands)] == [1, MOST, MOST]
    widths = [int(band.width) for band in picture.bands]
    assert widths == sorted(widths, reverse=True)
    assert all(int(node.y) + int(node.height) <= int(picture.height) for node in picture.receivers)


def test_the_map_says_of_a_place_no_more_than_its_listing(network: Network) -> None:
    area, hidden = admitted("Area (demo)", "other"), admitted("Hidden (demo)", "housing_shelter")
    make_service(organization=area, location=AREA_PLACE)
    make_service(organization=hidden, location=WITHHELD_PLACE)
    make_service(organization=hidden, location=PUBLIC_PLACE, publish=False)
    admitted("Nowhere (demo)", "other")
    Organization.objects.create(name_en="Without an agreement")

    shown = network_map(network.actor(network.lea), 1)

    where = {partner.name.text: partner.where for partner in shown.partners}
    assert where == {
        "Area (demo)": ["North End"],
        "Elsewhere (demo)": ["Address not shown"],
        "Hidden (demo)": ["Address not shown"],
        "Lantern (demo)": ["Address not shown"],
        "Northern (demo)": ["12 Teststone Avenue"],
        "Nowhere (demo)": ["Address not shown"],
    }
    assert shown.map is not None
    assert shown.map.withheld == "2–4, 6"
    assert [word.text for word in shown.map.sketch.words] == ["1", "5"]  # a postal area is no door either
    assert "Teststone" not in str(shown.map)


def test_how_soon_a_partner_answers(network: Network) -> None:
    sent, due = TODAY - datetime.timedelta(days=30), datetime.date(2026, 10, 23)  # a Monday, the Friday after

    def answered(days: int) -> None:
        (row,) = network.referrals(network.lantern, network.northern, 1, sent_at=sent, answer_due_on=due)
        event = TimelineEvent.objects.create(referral=row, kind="accept", side="receiver")
        TimelineEvent.objects.filter(pk=event.pk).update(at=sent + datetime.timedelta(days=days))

    for days in (0, 1, 1, 8):
        answered(days)
    assert partner_figures([network.northern.pk])[network.northern.pk] == Times()
    answered(9)
    network.referrals(network.lantern, network.northern, 9, sent_at=TODAY - datetime.timedelta(days=181))
    assert partner_figures([network.northern.pk])[network.northern.pk] == Times(1, 60)

    # Who has not answered by then is late; what the sender took back before is no matter.
    late = {"sent_at": sent, "answer_due_on": due}
    network.referrals(network.lantern, network.northern, 1, status="sent", **late)
    network.referrals(network.lantern, network.northern, 5, status="withdrawn", ended_at=sent, **late)
    assert partner_figures([network.northern.pk])[network.northern.pk] == Times(1, 50)

    Organization.objects.filter(pk=network.northern.pk).update(kind="police_liaison")
    assert partner_figures([network.northern.pk]) == {}
    assert partner_figures([]) == {}


def test_as_many_queries_however_large_the_network(
    network: Network, assert_flat: Callable[[Callable[[], object], Callable[[], object]], None]
) -> None:
    lea = browser(network.lea)
    network.referrals(network.lantern, network.northern, 6)

    def grow() -> None:
        for name in ("One", "Two", "Three"):
            partner = admitted(f"{name} (demo)", "other")
            make_service(organization=partner, location=AREA_PLACE)
            network.referrals(network.lantern, partner, 6)
        cache.clear()

    def look() -> None:
        cache.clear()
        assert lea.get(address("network")).status_code == 200

    assert_flat(look, grow)
