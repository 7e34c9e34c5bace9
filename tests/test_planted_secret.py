"""A secret address and a person's every field, planted wherever something can be put in.

Then every address is asked by everybody who has no right to them, and nothing planted may be found: in
no answer, header, log, mail or audit row, and in clear in no table.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from django.db import connection
from django.test import Client as Browser

from directory.category_links import short_id
from directory.models import ListingProposal, ListingReport, Program
from directory.sealed import seal
from partners.actor import Actor
from partners.models import User
from partners.notifications.delivery import deliver_due
from tests.api.world import World
from tests.architecture.urls import Address, addresses
from tests.factories.listings import make_organization
from tests.factories.planted import (
    BESIDE,
    EVERYTHING,
    LATITUDE,
    LONGITUDE,
    NEVER_FOR_THE_RECEIVER,
    PERSON,
    TEXT_FIELDS,
    WHERE,
    plant_person,
    plant_places,
)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# What a session may not do while it is looked through: end itself.
ENDS_THE_SESSION = {"directory:exit", "account_logout"}


def found(text: str, planted: tuple[str, ...]) -> list[str]:
    plain = html.unescape(text).lower()
    return [one for one in planted if one.lower() in plain]


class Crawl:
    """Every address of the URLconf, with the ids of what was planted."""

    def __init__(self, ids: dict[str, list[str]]):
        self.ids = ids
        self.asked = 0

    def paths(self, address: Address) -> Iterator[str]:
        paths = ["/" + address.route]
        for kind, name in re.findall(r"<(\w+):(\w+)>", address.route):
            values = self.ids.get(name, ["none"])
            paths = [path.replace(f"<{kind}:{name}>", value) for path in paths for value in values]
        return (path for path in paths if not re.search(r"[\^(\\]", path))

    def all(self, actor: Actor | None, language: str) -> Iterator[tuple[str, str]]:
        browser = Browser(headers={"accept-language": language}, raise_request_exception=True)
        if actor is not None:
            user = User.objects.get(pk=actor.user_id)
            user.password = "usable, and nobody's"  # without any, allauth would look for other pages
            user.save()
            browser.force_login(user)
        for address in addresses():
            if actor is not None and address.name in ENDS_THE_SESSION:
                continue
            for path in self.paths(address):
                path = path.replace("/en/", f"/{language}/", 1)
                kind = "application/json" if path.startswith("/api/") else "application/x-www-form-urlencoded"
                for answer in (
                    browser.get(path),
                    browser.post(path, "{}" if "json" in kind else "", content_type=kind),
                ):
                    self.asked += 1
                    assert answer.status_code < 500 or path == "/readyz", path
                    yield path, f"{answer.headers} {answer.cookies} {answer.content.decode(errors='replace')}"


@pytest.fixture
def planted(world: World) -> Crawl:
    """Lantern's clients, Red River's referrals, and hidden listings of an owner nobody signs in for."""
    owner = make_organization(name_en="House of nobody (demo)")
    hidden = plant_places(owner)
    rows = [plant_person(world, status) for status in ("sent", "accepted", "ended", "withdrawn")]
    world.member("ed", world.lantern, "listing_editor")
    world.member("mona", world.police, "police_liaison")
    handoffs = [str(one.pk) for row in rows for one in row.handoffs.all()]
    documents = [str(one.pk) for row in rows for one in row.documents.defer("content")]
    return Crawl(
        {
            "service_id": [str(one.pk) for one in dict.fromkeys(hidden)],
            "organization_id": [str(owner.pk)],
            "proposal_id": [str(one.pk) for one in ListingProposal.objects.order_by("pk")],
            "report_id": [str(one.pk) for one in ListingReport.objects.order_by("pk")],
            "program_id": [str(one.pk) for one in Program.objects.order_by("pk")],
            "client_id": [str(row.client_id) for row in rows[:2]],
            "consent_id": [str(row.consent_id) for row in rows[:2]],
            "need_id": [str(row.need_id) for row in rows[:2]],
            "referral_id": [str(row.pk) for row in rows],
            "handoff_id": handoffs[:1],
            "document_id": documents,
            "slug": ["accept"],
            "action": ["accept"],
            "short": [short_id("housing")],
            "sealed": [seal({"q": ["house"]})],
            "rest": ["none"],
        }
    )


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def clear_tables() -> Callable[[], str]:
    """Every table as it lies on the disk."""

    def read() -> str:
        parts = []
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                parts.append(f"{table}: {json.dumps(cursor.fetchall(), default=str, ensure_ascii=False)}")
        return "\n".join(parts)

    return read


STRANGERS = ("nobody", "ines", "pat", "lea", "mo", "eva", "ed", "mona")


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_finds_nothing_planted_anywhere(
    planted: Crawl, world: World, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    actor = None if who == "nobody" else getattr(world, who)
    for language in ("en", "fr") if who == "nobody" else ("en",):
        for path, text in planted.all(actor, language):
            assert not found(text, (*EVERYTHING, *WHERE)), path
    assert planted.asked > 100
    assert not found(caplog.text, (*EVERYTHING, *WHERE))


def test_the_receiver_finds_what_was_consented_and_only_where_it_is_shared(
    planted: Crawl, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    rows = planted.ids["referral_id"]
    planted.ids["action"] = planted.ids["slug"] = ["none"]
    seen: set[str] = set()
    for path, text in planted.all(world.tom, "en"):
        assert not found(text, (*NEVER_FOR_THE_RECEIVER, *WHERE)), path
        if rows[1] in path:
            seen.update(found(text, EVERYTHING))
        else:
            assert not found(text, EVERYTHING), path
    assert {
        PERSON["chosen_name"],
        PERSON["situation"],
        BESIDE["message"],
        BESIDE["place"],
        BESIDE["document"],
    } <= seen
    assert not found(caplog.text, EVERYTHING)


def test_no_mail_log_or_table_holds_it_in_clear(
    planted: Crawl, world: World, clear_tables: Callable[[], str], caplog: pytest.LogCaptureFixture
) -> None:
    """The rightful worker reads everything first, so that sessions, audit rows and caches are written."""
    seen: set[str] = set()
    planted.ids["action"] = planted.ids["slug"] = ["none"]
    for _path, text in planted.all(world.nadia, "en"):
        seen.update(found(text, EVERYTHING))
    assert {*(PERSON[name] for name in TEXT_FIELDS.split()), BESIDE["note"]} <= seen

    assert deliver_due().done > 0
    assert mail.outbox
    for message in mail.outbox:
        assert not found(message.message().as_string(), (*EVERYTHING, *WHERE))
    assert found(clear_tables(), (*EVERYTHING, *WHERE)) == []
    assert not found(caplog.text, (*EVERYTHING, *WHERE))


def test_no_search_finds_a_hidden_place_by_what_is_not_shown(planted: Crawl) -> None:
    """Neither by words, nor from its door, nor by the order of the distances."""
    asked = Browser()
    for words in ("plantedstreet", "4417", "9Z9", "R3X plantedstreet"):
        assert asked.get("/api/v1/services/", {"q": words}).json()["count"] == 0, words
    # A postal code alone is a place to look near: its own tells no more of what is hidden than another.
    own, other = (asked.get("/api/v1/services/", {"q": code}).json() for code in ("R3X 9Z9", "R2W 2M2"))
    hidden = [
        [row["distance_km"] for row in body["results"] if row["place"]["policy"] == "withheld"]
        for body in (own, other)
    ]
    assert own["count"] == other["count"]
    assert hidden[0] == hidden[1] == [None] * len(hidden[0])
    door = {"near": f"{LATITUDE},{LONGITUDE}", "page_size": 100}
    near = asked.get("/api/v1/services/", {**door, "ordering": "distance"}).json()["results"]
    withheld = [row for row in near if row["place"]["policy"] == "withheld"]

    assert withheld
    assert near[-len(withheld) :] == withheld
    assert {row["distance_km"] for row in withheld} == {None}
    in_area = {row["distance_km"] for row in near if row["place"]["policy"] == "area_only"}
    assert len(in_area) == 1
    close = asked.get("/api/v1/services/", {**door, "radius_km": "0.2"}).json()["results"]
    assert [row["place"]["policy"] for row in close if row["place"]["policy"] != "public"] == []
