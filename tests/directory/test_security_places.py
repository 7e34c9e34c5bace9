"""Ways around the location policy: what stands beside a listing must not tell where it is either."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from directory.editing import save_organization, save_program, save_service
from directory.models import Program, Service
from partners.actor import SYSTEM
from partners.errors import Invalid
from tests.factories.listings import AREA_PLACE, PUBLIC_PLACE, WITHHELD_PLACE, make_organization, make_service

pytestmark = pytest.mark.django_db

HIDDEN = pytest.mark.parametrize("place", [AREA_PLACE, WITHHELD_PLACE])
TELLING = "Ring at 4417 Planted Secret Avenue"
IN_ORGANIZATION = [
    {"description_en": TELLING},
    {"description_fr": "Sonnez au 4417, rue Secrète"},
    {"website": "https://women.example/4417-planted-secret-avenue"},
    {"aliases": [{"name": "House at 4417 Planted Street", "language": "en", "kind": "other"}]},
]


@HIDDEN
@pytest.mark.parametrize("telling", IN_ORGANIZATION)
def test_the_organization_beside_a_hidden_listing_tells_no_address(
    place: dict[str, str], telling: dict[str, Any]
) -> None:
    owner = make_organization(**telling)
    with pytest.raises(Invalid):
        make_service(organization=owner, location=place)
    assert not Service.objects.exists()

    quiet = make_organization()
    make_service(organization=quiet, location=place)
    with pytest.raises(Invalid):
        save_organization(SYSTEM, telling, quiet)


@pytest.mark.parametrize("telling", IN_ORGANIZATION)
def test_an_organization_with_open_doors_may_say_where_they_are(telling: dict[str, Any]) -> None:
    owner = make_organization(**telling)
    make_service(organization=owner, location=PUBLIC_PLACE)
    assert save_organization(SYSTEM, {"email": "office@women.example"}, owner)


@HIDDEN
def test_the_program_of_a_hidden_listing_tells_no_address(place: dict[str, str]) -> None:
    owner = make_organization()
    program = Program.objects.create(organization=owner, name_en="Program")
    make_service(organization=owner, program=program, location=place)
    with pytest.raises(Invalid):
        save_program(SYSTEM, {"description_en": TELLING}, program)


@HIDDEN
def test_a_page_of_its_own_is_not_linked_anywhere(client: Client, place: dict[str, str]) -> None:
    """A deeper page may show the door, so pages and API link a home page at most."""
    deep = make_service(location=place, website="https://women.example/our-house")
    shown = f"/api/v1/services/{deep.pk}/"

    assert client.get(shown).json()["website"] == ""
    save_service(SYSTEM, {"website": "https://women.example/"}, publish=True, service=deep)
    assert client.get(shown).json()["website"] == "https://women.example/"
    save_service(
        SYSTEM, {"location": PUBLIC_PLACE, "website": "https://women.example/x"}, publish=True, service=deep
    )
    assert client.get(shown).json()["website"] == "https://women.example/x"
