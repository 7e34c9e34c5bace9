"""What a place may say: in the database, in the writer, in free text and in every reading."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core import serializers
from django.db import IntegrityError, connection, transaction

from directory.editing import save_service
from directory.models import Address, Location, Metadata, Service
from directory.place_policy import public_place, scan_text, scan_url, source_of
from partners.actor import SYSTEM
from partners.errors import Invalid
from tests.factories.listings import AREA_PLACE, PUBLIC_PLACE, WITHHELD_PLACE, make_service

pytestmark = pytest.mark.django_db

SECRET_STREET = "4417 Planted Secret Avenue"
SECRET_CODE = "R3X 9Z9"


def location_of(service: Service) -> Location:
    return Location.objects.get(services_here__service=service)


def raw(sql: str, *values: Any) -> None:
    """As somebody would who goes around the application."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.parametrize("place", [AREA_PLACE, WITHHELD_PLACE])
@pytest.mark.parametrize(
    "change",
    [
        "latitude = 49.9, longitude = -97.1",
        "position_source = 'address'",
        "policy = 'secret'",
        "latitude = 49.9, longitude = -97.1, position_source = 'address'",
    ],
)
def test_the_database_refuses_a_position(place: dict[str, str], change: str) -> None:
    location = location_of(make_service(location=place))
    with pytest.raises(IntegrityError):
        raw(f"UPDATE directory_location SET {change}")
    location.refresh_from_db()
    assert (location.policy, location.latitude) == (place["policy"], None)


def test_the_database_refuses_an_area_where_nothing_is_shown() -> None:
    make_service(location=WITHHELD_PLACE)
    with pytest.raises(IntegrityError):
        raw("UPDATE directory_location SET area_id = 'north-end'")


@pytest.mark.parametrize("copy", ["public", "area_only", "withheld"])
@pytest.mark.parametrize("place", [AREA_PLACE, WITHHELD_PLACE])
def test_the_database_refuses_an_address(place: dict[str, str], copy: str) -> None:
    location = location_of(make_service(location=place))
    with pytest.raises(IntegrityError), transaction.atomic():
        Address.objects.bulk_create(
            [
                Address(
                    location=location,
                    policy=copy,
                    address_1=SECRET_STREET,
                    city="Winnipeg",
                    state_province="MB",
                )
            ]
        )
    assert not Address.objects.exists()


@pytest.mark.parametrize("policy", ["area_only", "withheld"])
def test_the_database_refuses_to_narrow_a_policy_while_the_address_stands(policy: str) -> None:
    make_service(location=PUBLIC_PLACE)
    with pytest.raises(IntegrityError):
        no_position = "latitude = NULL, longitude = NULL, position_source = ''"
        raw(f"UPDATE directory_location SET {no_position}, policy = %s", policy)
    with pytest.raises(IntegrityError):
        raw("UPDATE directory_address SET policy = %s", policy)
    assert location_of(Service.objects.get()).policy == "public"


def test_the_database_refuses_to_move_an_address_to_a_hidden_place() -> None:
    make_service(location=PUBLIC_PLACE)
    hidden = location_of(make_service(location=WITHHELD_PLACE))
    with pytest.raises(IntegrityError), transaction.atomic():
        Address.objects.update(location=hidden)


@pytest.mark.parametrize("policy", ["area_only", "withheld", "unknown", "", None])
@pytest.mark.parametrize(
    "given",
    [
        {"address_1": SECRET_STREET},
        {"postal_code": SECRET_CODE},
        {"postal_area": "R3X"},
        {"latitude": 49.9, "longitude": -97.1},
    ],
)
def test_the_writer_refuses_what_the_policy_forbids(policy: str | None, given: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        make_service(location={"policy": policy, "city": "Winnipeg", **given})
    assert list(refusal.value.errors) == ["location"]
    assert not Service.objects.exists()


def test_an_unknown_policy_is_withheld_and_a_missing_one_too() -> None:
    assert public_place(make_service(location={"policy": "maybe", "city": "Winnipeg"})).policy == "withheld"
    assert public_place(make_service(location={})).policy == "withheld"
    assert public_place(Service(name_en="No place")).policy == "withheld"


def test_what_each_policy_says() -> None:
    public = public_place(make_service(location=PUBLIC_PLACE))
    assert (public.address, public.postal_code, public.city) == ("12 Teststone Avenue", "R2W 2M2", "Winnipeg")
    assert public.position_is_about
    area = public_place(make_service(location=AREA_PLACE))
    assert area.area is not None
    assert (area.area.code, area.city, area.latitude, area.address) == ("north-end", "", None, "")
    city = public_place(make_service(location={**AREA_PLACE, "area": None}))
    assert (city.area, city.city) == (None, "Winnipeg")
    withheld = public_place(make_service(location={**WITHHELD_PLACE, "city": "Winnipeg"}))
    assert (withheld.area, withheld.city, withheld.province, withheld.latitude) == (None, "", "", None)


TEXTS = [
    "description_en",
    "description_fr",
    "summary_fr",
    "eligibility_en",
    "hours_note_fr",
    "name_fr",
]


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("place", [AREA_PLACE, WITHHELD_PLACE])
def test_a_planted_secret_address_is_refused_in_free_text(place: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        make_service(location=place, **{field: f"Come to {SECRET_STREET}."})
    assert list(refusal.value.errors) == [field]
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aliases", [{"name": "Planted Secret Avenue house", "language": "en", "kind": "other"}]),
        ("phones", [{"number": "204-555-0100", "kind": "voice", "extension": "unit 7"}]),
        ("phones", [{"number": "204-555-0100", "kind": "voice", "label_en": SECRET_STREET}]),
        ("website", "https://x.example/find-us/4417-planted-secret-avenue"),
    ],
)
def test_a_planted_secret_address_is_refused_in_what_hangs_on_a_listing(key: str, value: Any) -> None:
    with pytest.raises(Invalid) as refusal:
        make_service(location=WITHHELD_PLACE, **{key: value})
    assert list(refusal.value.errors) == [key]


def test_a_draft_may_hold_it_but_is_not_published_with_it() -> None:
    draft = make_service(publish=False, location=WITHHELD_PLACE, description_en=SECRET_STREET)
    with pytest.raises(Invalid):
        save_service(SYSTEM, {}, publish=True, service=draft)
    draft.refresh_from_db()
    assert draft.publication == "draft"


def test_a_policy_that_narrows_takes_address_position_and_history_with_it() -> None:
    service = make_service(
        location={**PUBLIC_PLACE, "address_1": SECRET_STREET, "postal_code": SECRET_CODE},
        description_en=f"At {SECRET_STREET}.",
        source={
            "url": "https://news.example/shelter-opens-on-planted-secret-avenue?x=1",
            "type": "news",
            "date": None,
            "other_urls": ["https://other.example/planted-secret"],
            "source_says": False,
            "note_en": None,
            "note_fr": None,
        },
    )
    save_service(SYSTEM, {"description_en": "A house."}, publish=True, service=service)
    assert Metadata.objects.filter(previous_value__contains=SECRET_STREET).exists()
    with pytest.raises(Invalid):
        save_service(
            SYSTEM,
            {"location": WITHHELD_PLACE, "description_en": f"At {SECRET_STREET}."},
            publish=True,
            service=Service.objects.get(),
        )
    save_service(SYSTEM, {"location": WITHHELD_PLACE}, publish=True, service=Service.objects.get())
    everything = serializers.serialize("json", [*Service.objects.all(), *Location.objects.all()])
    everything += serializers.serialize("json", [*Address.objects.all(), *Metadata.objects.all()])
    for secret in ("planted", "9z9", "49.", "r3x"):
        assert secret not in everything.lower()
    assert json.loads(everything.split("][")[0] + "]")[0]["fields"]["source_url"] == "https://news.example/"


@pytest.mark.parametrize(
    "text",
    [
        "394 Selkirk Ave",
        "We are at 394 Selkirk.",
        "Find us on Selkirk Avenue, north side",
        "12-14 Main St",
        "the house on Main St.",
        "4417 planted secret avenue",
        "9001 Demonstration Way",
        "44, rue de la Cathédrale",
        "sur la rue Marion",
        "au 25, boulevard Provencher",
        "chemin Saint-Anne",
        "Suite 12",
        "app. 4",
        "corner of the park",
        "au coin du parc",
        "R2W 2M2",
        "r2w2m2",
        "49.9204, -97.1357",
    ],
)
def test_the_scanner_finds(text: str) -> None:
    assert scan_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "Open 24 hours a day for women 18 to 29.",
        "Call 204-555-0100 or 1-866-345-9241 on the way.",
        "For women who want to leave the street-based sex industry.",
        "Pour les femmes qui vivent dans la rue ou en route vers autre chose.",
        "A place near St. Boniface and St. Vital.",
        "Since 2017, in Winnipeg. 10 bedrooms, 2 years at most.",
        "Willow Place",
        "Du lundi au vendredi, de 9 h à 16 h 30.",
        "",
    ],
)
def test_the_scanner_leaves_alone(text: str) -> None:
    assert scan_text(text) == []


def test_words_in_addresses_of_the_web() -> None:
    assert scan_url("https://x.example/our-house/44-main-street")
    assert scan_url("https://x.example/programs/healing?id=10185") == []


def test_the_source_of_a_hidden_place_is_its_host_alone() -> None:
    url = "https://www.news.example/a/44-main-street?x=1#y"
    assert source_of(url, "public") == url
    assert source_of(url, "area_only") == source_of(url, "withheld") == "https://www.news.example/"
    assert source_of("not an address", "withheld") == ""
