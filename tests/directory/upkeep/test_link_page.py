"""The page behind the link of a reminder mail: one tap does it, opening it does nothing."""

from __future__ import annotations

import datetime
import logging

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.logs import clean
from directory.models import ListingLink, ListingReport, Service, Verification
from directory.upkeep import links
from directory.upkeep.archiving import archive
from partners.models import AuditEvent, Membership, OutboxRow
from tests.directory.upkeep.ground import Ground, fresh
from tests.referrals.pages import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    return Ground()


def page(secret: str, language: str = "en") -> str:
    return reverse("directory:verify", args=[secret]).replace("/en/", f"/{language}/", 1)


def test_opening_changes_nothing_and_leaves_no_trace(ground: Ground, client: Client) -> None:
    secret = ground.link()
    before = Service.objects.values().get(pk=ground.service.pk)
    for language, words in (("en", "Is this still true?"), ("fr", "Evening group")):
        answer = client.get(page(secret, language))
        html = answer.content.decode()
        assert answer.status_code == 200
        assert words in html
        assert 'value="confirm"' in html
        assert not answer.cookies
        assert answer["Referrer-Policy"] == "strict-origin"
        assert answer["Cache-Control"] == "no-store"
        assert "noindex" in answer["X-Robots-Tag"]
    assert client.head(page(secret)).status_code == 200
    assert Service.objects.values().get(pk=ground.service.pk) == before
    assert not Verification.objects.exists()


def test_one_tap_confirms_for_the_organization_and_nobody_by_name(ground: Ground, client: Client) -> None:
    secret = ground.link()
    answer = client.post(page(secret), {"act": "confirm"})
    assert (answer.status_code, answer["Location"]) == (302, page(secret))
    assert "Thank you, it is confirmed" in client.get(page(secret)).content.decode()
    row = Verification.objects.get()
    assert (row.user, row.method, row.service) == (None, "link", ground.service)
    logged = AuditEvent.objects.get(action="confirm_listing")
    assert (logged.channel, logged.user_id, logged.chain) == ("link", None, ground.lantern.pk)
    assert secret not in str(list(AuditEvent.objects.values()) + list(ListingLink.objects.values()))


def test_capacity_is_told_by_one_tap_too(ground: Ground, client: Client) -> None:
    secret = ground.link()
    assert (
        client.post(page(secret), {"act": "capacity", "value": "limited", "available": "2"}).status_code
        == 302
    )
    row = fresh(ground.service).capacity
    assert (row.value, row.available) == ("limited", 2)
    assert "Few spaces" in client.get(page(secret)).content.decode()
    for told in ({"value": "full", "available": "3"}, {"value": "open", "available": "lots"}, {}):
        refused = client.post(page(secret), {"act": "capacity", **told})
        assert refused.status_code == 400
        assert "There is a problem" in refused.content.decode()
    assert fresh(ground.service).capacity.value == "limited"


def test_what_is_wrong_goes_to_the_editors_or_where_there_are_none_to_the_network(
    ground: Ground, client: Client
) -> None:
    secret = ground.link()
    answer = client.post(page(secret), {"act": "wrong", "kind": "hours", "text": "Closed on Fridays"})
    assert "Whoever can change the listing was told" in answer.content.decode()
    Membership.objects.filter(user=ground.ed).update(ended_at=timezone.now())
    client.post(page(secret), {"act": "wrong", "kind": "phone"})
    passed_on = {row.kind: row.passed_on_at is not None for row in ListingReport.objects.all()}
    assert passed_on == {"hours": False, "phone": True}
    assert client.post(page(secret), {"act": "wrong", "kind": "nonsense"}).status_code == 400
    assert ListingReport.objects.count() == 2


def test_a_link_opens_its_own_listing_alone_and_no_other_act(ground: Ground, client: Client) -> None:
    secret = ground.link()
    other = ground.listing(ground.lantern, name_en="Morning group")
    client.post(page(secret), {"act": "confirm", "service_id": str(other.pk), "service": str(other.pk)})
    assert fresh(other).verified_at is None
    assert client.post(page(secret), {"act": "delete"}).status_code == 404
    assert client.post(page(secret), {}).status_code == 404
    for refused in (page(secret)[:-3] + "x/", page("x" * 43)):
        assert client.get(refused).status_code == 404
        assert client.post(refused, {"act": "confirm"}).status_code == 404
    foreign = client.post(page(secret), {"act": "confirm"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert Verification.objects.count() == 1
    # Whoever is signed in on this computer is not who answers.
    browser(ground.sam).post(page(secret), {"act": "confirm"})
    assert not Verification.objects.exclude(user=None).exists()


def test_an_old_link_says_so_does_nothing_and_sends_a_new_one_once_a_day(
    ground: Ground, client: Client
) -> None:
    with time_machine.travel("2026-11-01T18:00:00+00:00", tick=False) as clock:
        run_out, replaced = ground.link(), ""
        clock.shift(datetime.timedelta(days=30, seconds=1))
        replaced = ground.link()
        clock.shift(1)
        newest = ground.link()
        assert client.get(page(newest)).status_code == 200
        for secret in (run_out, replaced):
            answer = client.get(page(secret))
            assert answer.status_code == 410
            html = answer.content.decode()
            assert "Evening group" not in html
            assert "Lantern" not in html
            client.post(page(secret), {"act": "confirm"})
        assert not Verification.objects.exists()
        assert OutboxRow.objects.filter(kind="listing_link").count() == 1
    archive(ground.actor(ground.ed), ground.service.pk)
    assert client.get(page(newest)).status_code == 410
    assert client.post(page(newest), {"act": "confirm"}).status_code == 410
    assert OutboxRow.objects.filter(kind="listing_link").count() == 1


def test_a_suspended_organization_has_no_links(ground: Ground, client: Client) -> None:
    secret = ground.link()
    ground.lantern.suspended_at = timezone.now()
    ground.lantern.save()
    assert client.get(page(secret)).status_code == 410
    client.post(page(secret), {"act": "confirm"})
    assert not Verification.objects.exists()


def test_no_log_holds_the_secret(ground: Ground, caplog: pytest.LogCaptureFixture) -> None:
    secret = ground.link()
    assert secret not in clean(f"GET {page(secret)} 200")
    with caplog.at_level(logging.DEBUG):
        Client(raise_request_exception=False).post(page(secret), {"act": "nonsense"})
        Client().get(page(secret[:-1]))
    assert secret[:-1] not in caplog.text
    assert links.find(secret) is not None
