"""A secret address and a person's every field, planted wherever something can be put in.

Then every address is asked by everybody who has no right to them, and nothing planted may be found: in
no answer, header, log, mail or audit row, and in clear in no table.
"""

from __future__ import annotations

import datetime
import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client as Browser
from django.utils import timezone

from directory.category_links import short_id
from directory.editing import save_organization, save_program, save_service
from directory.models import Program, Service
from directory.sealed import seal
from partners.actor import SYSTEM, Actor
from partners.errors import Invalid
from partners.models import User
from partners.notifications.delivery import deliver_due
from referrals.actions import apply_action
from referrals.clients import record_child_protection
from referrals.consent_acts import withdraw_consent
from referrals.models import Client, Referral
from referrals.steps import plan_handoff, send_message
from tests.api.world import World
from tests.architecture.urls import Address, addresses
from tests.factories.listings import AREA_PLACE, PUBLIC_PLACE, WITHHELD_PLACE, make_organization, make_service

pytestmark = pytest.mark.django_db

STREET, CODE = "4417 Plantedstreet Avenue", "R3X 9Z9"
LATITUDE, LONGITUDE = 49.812345, -97.167891
# As they may be written; compared without regard to case.
WHERE = ("plantedstreet", "planted-street", "r3x 9z9", "r3x9z9", "49.8123", "97.1678")
SOURCE = {
    "type": "news",
    "date": None,
    "source_says": True,
    "note_en": None,
    "note_fr": None,
    "other_urls": [f"https://news.example/{STREET.replace(' ', '-')}"],
    "url": f"https://news.example/house-at-{STREET.replace(' ', '-')}?near={LATITUDE},{LONGITUDE}",
}
TEXTS = ("name", "summary", "description", "eligibility", "hours_note")
ATTEMPTS: list[dict[str, Any]] = [
    *({"location": {"policy": p, **bad}} for p in ("withheld", "area_only", "", "unknown") for bad in (
        {"address_1": STREET}, {"postal_code": CODE}, {"postal_area": "R3X"},
        {"latitude": LATITUDE, "longitude": LONGITUDE}, {"area": STREET},
    )),
    *({f"{field}_{language}": f"Ring at {STREET}."} for field in TEXTS for language in ("en", "fr")),
    {"description_en": f"Post to {CODE}."},
    {"description_en": f"We are at {LATITUDE}, {LONGITUDE}."},
    {"aliases": [{"name": f"House at {STREET}", "language": "en", "kind": "other"}]},
    *({"phones": [{"number": "2045550111", "kind": "voice", "extension": None, "label_en": None,
                   "label_fr": None, name: STREET}]} for name in ("extension", "label_en", "label_fr")),
    {"website": f"https://women.example/{STREET.replace(' ', '-')}"},
    {"source": SOURCE},
    {"source": {**SOURCE, "url": "", "other_urls": [], "note_en": f"Seen at {STREET}"}},
]  # fmt: skip

PHONE, MAIL = "204-555-0199", "plantedmail@planted.example"
BIRTH = "1987-03-09"
TEXT_FIELDS = (
    "chosen_name legal_name gender pronouns indigenous_identity situation health family justice housing"
)
PERSON: dict[str, Any] = {
    **{name: f"Planted{name.replace('_', '')}" for name in TEXT_FIELDS.split()},
    "birth_date": BIRTH,
    "age_band": "unknown",
    "safe_contact": {
        "methods": ["call", "text", "email"],
        "phone": PHONE,
        "email": MAIL,
        "hours": "Plantedhours",
        "voicemail": False,
        "text": True,
        "code_word": "Plantedword",
        "do_not_contact": False,
    },
}
BESIDE = {name: f"Planted{name}" for name in ("witness", "report", "note", "message", "place", "companion")}
CONSENTED = {"chosen_name", "legal_name", "gender", "pronouns", "situation"}
PHONES = (PHONE, "204 555-0199", "2045550199", "204) 555-0199")
EVERYTHING = (
    *(PERSON[name] for name in TEXT_FIELDS.split()),
    *BESIDE.values(),
    *PHONES,
    *(BIRTH, "March 9, 1987", "9 mars 1987", MAIL, "Plantedhours", "Plantedword"),
)
NEVER_FOR_THE_RECEIVER = (
    *(PERSON[name] for name in TEXT_FIELDS.split() if name not in CONSENTED),
    BESIDE["witness"],
    BESIDE["report"],
)
# What a session may not do while it is looked through: end itself.
ENDS_THE_SESSION = {"directory:exit", "account_logout"}


def found(text: str, planted: tuple[str, ...]) -> list[str]:
    plain = html.unescape(text).lower()
    return [one for one in planted if one.lower() in plain]


def plant_person(world: World, status: str) -> Referral:
    """A person of her own for each referral: a new consent would carry the other referrals along."""
    person: Client = world.client(**PERSON)
    now = timezone.now()
    record_child_protection(
        actor=world.nadia, client_id=person.pk, state="reported", at=now, reported_to=BESIDE["report"]
    )
    row = world.referral("sent", person, note=BESIDE["note"])
    world.consent(person, how="spoken", witness=BESIDE["witness"])
    if status == "sent":
        return row
    apply_action(referral_id=row.pk, action="accept", actor=world.tom)
    soon = now + datetime.timedelta(hours=1)
    where = {"place": BESIDE["place"], "companion": BESIDE["companion"]}
    plan_handoff(referral_id=row.pk, actor=world.nadia, kind="accompanied", when=soon, **where)
    send_message(referral_id=row.pk, actor=world.nadia, text=BESIDE["message"])
    row.refresh_from_db()
    if status == "ended":
        withdraw_consent(actor=world.nadia, consent_id=row.consent_id, how="phone")
    elif status == "withdrawn":
        apply_action(referral_id=row.pk, action="withdraw", actor=world.nadia, reason="safety")
    return row


def plant_places(owner: Any) -> list[Service]:
    """Each way in, once refused or once without what it may not keep; and one that was public before."""
    hidden = []
    for place in (WITHHELD_PLACE, AREA_PLACE):
        listing = make_service(organization=owner, location=place, accepts_referrals=True)
        for attempt in ATTEMPTS:
            for target in (listing, None):
                try:
                    data = {"organization": owner, "name_en": "House", "location": place, **attempt}
                    hidden.append(save_service(SYSTEM, data, publish=True, service=target))
                except Invalid:
                    continue
        door = {**PUBLIC_PLACE, "address_1": STREET, "postal_code": CODE, "postal_area": None}
        door |= {"latitude": LATITUDE, "longitude": LONGITUDE}
        was_public = make_service(
            organization=owner, location=door, hours_note_en=f"Ring at {STREET}", source=SOURCE
        )
        save_service(SYSTEM, {"hours_note_en": "Ring twice"}, publish=True, service=was_public)
        hidden.append(save_service(SYSTEM, {"location": place}, publish=True, service=was_public))
    program = Program.objects.create(organization=owner, name_en="House program")
    make_service(organization=owner, program=program, location=WITHHELD_PLACE)
    telling = {"description_en": f"Ring at {STREET}"}
    for save in (
        lambda: save_organization(SYSTEM, telling, owner),
        lambda: save_program(SYSTEM, telling, program),
    ):
        with pytest.raises(Invalid):
            save()
    return hidden


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
                    yield path, f"{answer.headers} {answer.cookies} {answer.content.decode()}"


@pytest.fixture
def planted(world: World) -> Crawl:
    """Lantern's clients, Red River's referrals, and hidden listings of an owner nobody signs in for."""
    owner = make_organization(name_en="House of nobody (demo)")
    hidden = plant_places(owner)
    rows = [plant_person(world, status) for status in ("sent", "accepted", "ended", "withdrawn")]
    world.member("olive", world.lantern, "privacy_officer")
    world.member("ed", world.lantern, "listing_editor")
    world.member("mona", world.police, "police_liaison")
    handoffs = [str(one.pk) for row in rows for one in row.handoffs.all()]
    return Crawl(
        {
            "service_id": [str(one.pk) for one in dict.fromkeys(hidden)],
            "organization_id": [str(owner.pk)],
            "program_id": [str(one.pk) for one in Program.objects.order_by("pk")],
            "client_id": [str(row.client_id) for row in rows[:2]],
            "consent_id": [str(row.consent_id) for row in rows[:2]],
            "need_id": [str(row.need_id) for row in rows[:2]],
            "referral_id": [str(row.pk) for row in rows],
            "handoff_id": handoffs[:1],
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


STRANGERS = ("nobody", "ines", "pat", "lea", "mo", "eva", "olive", "ed", "mona")


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
    assert {PERSON["chosen_name"], PERSON["situation"], BESIDE["message"], BESIDE["place"]} <= seen
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
    for words in ("plantedstreet", "4417", "R3X", "9Z9"):
        assert asked.get("/api/v1/services/", {"q": words}).json()["count"] == 0, words
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
