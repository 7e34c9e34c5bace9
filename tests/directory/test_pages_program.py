"""The page of the model program: the whole profile, in both languages, and every value said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.html import escape

from directory.editing import save_program
from directory.models import Program
from directory.profiles import SHAPE
from partners.actor import SYSTEM
from tests.factories.listings import NETWORK, make_organization, make_service

pytestmark = pytest.mark.django_db

RECORD = json.loads((NETWORK / "programs" / "wsrp.json").read_text(encoding="utf-8"))


@pytest.fixture
def program() -> Program:
    """The record as the loader hands it on: the profile's parts under one key, the rest as it stands."""
    record = {key: value for key, value in RECORD.items() if key not in {"key", "source", *SHAPE}}
    record["profile"] = {key: RECORD[key] for key in SHAPE}
    return save_program(SYSTEM, {**record, "organization": make_organization(name_en="North End Centre")})


def texts(part: Any, language: str) -> Iterator[str]:
    """Every text of the profile in that language, however deep."""
    if isinstance(part, dict):
        for key, value in part.items():
            if isinstance(value, str) and key.endswith(f"_{language}"):
                yield value
            else:
                yield from texts(value, language)
    elif isinstance(part, list):
        for value in part:
            yield from texts(value, language)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_text_of_the_profile_is_shown(client: Client, program: Program, language: str) -> None:
    answer = client.get(f"/{language}/programs/{program.pk}/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert answer.cookies == {}
    for text in texts(RECORD, language):
        assert escape(text) in html
    for register in RECORD["recognitions"]:
        assert escape(register["register"]) in html
    assert f"<title>{'Program' if language == 'en' else 'Programme'} · Relais</title>" in html


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("Limited information", "Not applicable", "Under way", "None yet", "18 to 24 years old")),
        ("fr", ("Renseignements limités", "Sans objet", "En cours", "De 25 à 64 ans")),
    ],
)
def test_values_are_said_in_words(
    client: Client, program: Program, language: str, said: tuple[str, ...]
) -> None:
    html = client.get(f"/{language}/programs/{program.pk}/").content.decode()
    for words in said:
        assert words in html
    assert html.count(said[1]) == len(RECORD["recognitions"])
    assert "2017–2022" in html
    assert 'href="tel:+12045897347"' in html
    assert not re.search(r"limited_information|not_applicable|under_way|none_yet", html)


def test_a_program_lists_its_services(client: Client, program: Program) -> None:
    service = make_service(name_en="Drop-in of the program", program=program)
    make_service(name_en="Draft of the program", program=program, publish=False)
    html = client.get(f"/en/programs/{program.pk}/").content.decode()
    assert f'href="/en/services/{service.pk}/"' in html
    assert "Draft of the program" not in html
    assert f'href="/en/programs/{program.pk}/"' in client.get(f"/en/services/{service.pk}/").content.decode()


def test_a_program_without_a_profile_still_has_a_page(client: Client) -> None:
    bare = Program.objects.create(organization=make_organization(), name_fr="Nouveau départ")
    html = client.get(f"/en/programs/{bare.pk}/").content.decode()
    assert '<span lang="fr">Nouveau départ</span>' in html
    assert client.get(f"/en/programs/{uuid4()}/").status_code == 404
