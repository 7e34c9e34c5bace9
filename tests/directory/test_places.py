"""The packaged gazetteer: one text, one place."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import example, given
from hypothesis import strategies as st

from directory import gazetteer
from directory.places import Unknown, find_place, is_city, place_of, postal_area_point
from directory.taxonomies import rows
from partners.errors import Invalid

WINNIPEG = ("canada", "manitoba", "winnipeg")


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("R2W", "R2W", "postal_area"),
        ("r2w 2m2", "R2W", "postal_area"),
        ("R2W2M2", "R2W", "postal_area"),
        ("R2W-2M2", "R2W", "postal_area"),
        ("R2 W  2M2", "R2W", "postal_area"),
        ("R2W 2MO", "R2W", "postal_area"),
        ("roa 1go", "R0A", "postal_area"),
        ("RIA 2A2", "R1A", "postal_area"),
        ("450 Main St, Winnipeg MB R3B 1B6", "R3B", "postal_area"),
        (" winnipeg ", "Winnipeg, MB", "place"),
        ("Brandon, MB", "Brandon, MB", "place"),
        ("Brandon Manitoba", "Brandon, MB", "place"),
        ("Brandon (Man.), Canada", "Brandon, MB", "place"),
        ("Hamilton, Ontario", "Hamilton, ON", "place"),
        ("Victoria, Colombie-Britannique", "Victoria, BC", "place"),
        ("St. John’s, Terre-Neuve-et-Labrador", "St. John's, NL", "place"),
        ("st johns nl", "St. John's, NL", "place"),
        ("MONTREAL", "Montréal, QC", "place"),
        ("Quebec City", "Québec, QC", "place"),
        ("Le Pas", "The Pas, MB", "place"),
        ("North End, Winnipeg", "North End", "neighbourhood"),
        ("North End, Winnipeg, Manitoba", "North End", "neighbourhood"),
        ("North End, Halifax", "", ""),
        ("Kensington, Calgary", "Kensington, Calgary, AB", "neighbourhood"),
        ("saint-boniface", "St. Boniface", "neighbourhood"),
        ("St. Boniface", "St. Boniface", "neighbourhood"),
        ("Quartier de la Bourse", "Exchange District", "neighbourhood"),
        ("maples", "The Maples", "neighbourhood"),
        ("Point Douglas East", "Point Douglas East", "neighbourhood"),
        ("St. Boniface North", "St. Boniface North", "neighbourhood"),
        ("downtown and exchange district", "Downtown and Exchange District", "area"),
        ("Saint-Boniface, QC", "Saint-Boniface, QC", "place"),
    ],
)
def test_found(text: str, name: str, kind: str) -> None:
    if not name:
        with pytest.raises(Unknown):
            find_place(text)
        return
    place = find_place(text)
    assert (place.name, place.kind) == (name, kind)


@pytest.mark.parametrize(
    ("text", "latitude", "longitude"),
    [
        ("49.9, -97.14", 49.9, -97.14),
        ("49.9,-97.14", 49.9, -97.14),
        ("(49.9; -97.14)", 49.9, -97.14),
        ("49.9 -97.14", 49.9, -97.14),
        ("49.9°, −97.14°", 49.9, -97.14),
        ("49.9° N 97.14° W", 49.9, -97.14),
        ("49,9; -97,1", 49.9, -97.1),
        ("49,9 -97,1", 49.9, -97.1),
        ("49,9\N{NO-BREAK SPACE}°N; 97,1\N{NO-BREAK SPACE}°O", 49.9, -97.1),
        ("49, -97", 49.0, -97.0),
        ("49.89512345, -97.13", 49.895123, -97.13),
    ],
)
def test_points_as_people_write_them(text: str, latitude: float, longitude: float) -> None:
    place = find_place(text)

    assert (place.latitude, place.longitude, place.kind) == (latitude, longitude, "point")
    assert (place.province, place.city) == ("MB", "Winnipeg") or text.startswith("49, ")


def test_a_point_is_shown_as_the_reader_writes_it() -> None:
    assert find_place("49.9, -97.14").name == "49.900, -97.140"
    with override("fr"):
        shown = find_place("49.9, -97.14")
    assert shown.name == "49,900; -97,140"
    assert find_place(shown.name).latitude == find_place(shown.query).latitude == 49.9


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "R9Z",
        "Z9Z 9Z9",
        "Nowhereville",
        "Winnipeg\x00",
        "x" * 101,
        "91, 0",
        "0, 181",
        "12,",
        "12 34",
        "49.9 E, 97.1 N",
        "%",
        ", MB",
        "R2W 2M",
    ],
)
def test_refused_under_the_field_near(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        find_place(text)
    assert list(refusal.value.errors) == ["near"]
    assert all(str(message) for message in refusal.value.errors["near"])


def test_the_reason_is_said_in_the_readers_language() -> None:
    with override("fr"), pytest.raises(Invalid) as refusal:
        find_place("Nowhereville")
    assert "pas connu" in str(refusal.value.errors["near"][0])


def test_names_are_shown_in_the_readers_language() -> None:
    with override("fr"):
        assert find_place("St. Boniface").name == "Saint-Boniface"
        assert find_place("St. Boniface").query == "Saint-Boniface, Winnipeg, MB"


@pytest.mark.parametrize(
    ("text", "province", "city", "served_by"),
    [
        ("Winnipeg", "MB", "Winnipeg", WINNIPEG),
        ("R2W 2M2", "MB", "Winnipeg", (*WINNIPEG, "point-douglas", "north-end")),
        ("Osborne Village", "MB", "Winnipeg", (*WINNIPEG, "west-broadway-osborne")),
        ("seven oaks", "MB", "Winnipeg", (*WINNIPEG, "seven-oaks")),
        ("49.878, -97.172", "MB", "Winnipeg", (*WINNIPEG, "west-end")),
        ("Brandon", "MB", "Brandon", ("canada", "manitoba", "brandon")),
        ("R0A", "MB", "", ("canada", "manitoba")),
        ("Kitsilano", "BC", "Vancouver", ("canada", "british-columbia", "vancouver")),
        ("M5V 1A1", "ON", "Toronto", ("canada", "ontario", "toronto")),
        ("Québec", "QC", "Québec", ("canada", "quebec", "quebec-city")),
        ("Kahnawake", "QC", "Kahnawake", ("canada", "quebec", "kahnawake")),
        ("50.6, -97.3", "MB", "", ("canada", "manitoba")),
        ("60, -100", "", "", ("canada",)),
        ("48.85, 2.35", "", "", ()),
        ("0, 0", "", "", ()),
    ],
)
def test_where_it_lies_and_which_service_areas_hold_it(
    text: str, province: str, city: str, served_by: tuple[str, ...]
) -> None:
    place = find_place(text)

    assert (place.province, place.city, place.served_by) == (province, city, served_by)


def test_each_area_of_the_closed_list_is_the_area_of_its_own_name() -> None:
    for row in rows("areas.csv"):
        for name in (row["name_en"], row["name_fr"]):
            assert find_place(name).served_by == (*WINNIPEG, row["code"]), name


def test_each_city_that_the_data_name_is_a_place_and_each_area_is_one() -> None:
    cities = gazetteer.city_keys()
    areas = {row["code"] for row in rows("areas.csv")}
    known = (*gazetteer.postal_areas().values(), *gazetteer.entries())

    assert [entry for entry in known if entry.city and (entry.city, entry.province) not in cities] == []
    assert [entry for entry in known if not set(entry.areas) <= areas] == []
    assert {entry.province for entry in known} == set(gazetteer.PROVINCES)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_place_has_a_query_that_means_it_alone(language: str) -> None:
    with override(language):
        for entry in (*gazetteer.postal_areas().values(), *gazetteer.entries()):
            place = place_of(entry, language)
            assert find_place(place.query) == place, place.query


def test_cities_and_postal_areas_for_those_who_write_listings() -> None:
    assert is_city("winnipeg")
    assert is_city("Saint Boniface")
    assert not is_city("Osborne Village")
    assert not is_city("x" * 200)
    assert postal_area_point("r2w 2m2") == postal_area_point("R2W") != postal_area_point("R3B")
    assert postal_area_point("Z9Z") is None


TYPED = st.one_of(
    st.text(max_size=120),
    st.text(alphabet="RrOoIi0129WwXx -,.;°NSEWO", max_size=14),
    st.builds("{} {}".format, st.sampled_from(["Windsor", "St", "R2W", "49.9"]), st.text(max_size=12)),
    st.characters(categories=["Cs"]),
)


@given(text=TYPED)
@example(text="\ud800")
@example(text="1" * 100)
@example(text="²°, ³")
@example(text="٣,٤")
def test_any_text_is_a_place_or_refused(text: str) -> None:
    try:
        place = find_place(text)
    except Invalid as refusal:
        place, refused = None, list(refusal.errors)
    if place is None:
        assert refused == ["near"]
        return
    again = find_place(place.query)
    assert (again.latitude, again.longitude) == (place.latitude, place.longitude)
    assert again.served_by == place.served_by
