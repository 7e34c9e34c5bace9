"""The database as it lies on the disk holds nothing of what is encrypted, in any table, in no form."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from django.db import connection

from tests.factories import at_rest
from tests.referrals.pages import World, address, browser
from tests.referrals.test_no_names import PLANTED, tell

NUMBERS = {"204-555-0188", "2045550188", "204-555-0177", "1991-03-17"}


def on_disk() -> bytes:
    """SQLite: the file and what lies beside it. PostgreSQL: every column of every row, as text."""
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        return b"".join(path.read_bytes() for path in sorted(name.parent.glob(f"{name.name}*")))
    rows = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT t::text FROM {connection.ops.quote_name(table)} t")
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows).encode()


def forms(word: str) -> list[bytes]:
    """As text in two encodings, as hex, and as base64 wherever it may begin."""
    plain = word.casefold().encode()
    cut = [base64.b64encode(b" " * shift + word.encode())[shift + 1 :][:-4] for shift in range(3)]
    return [plain, plain.hex().encode(), word.casefold().encode("utf-16-le"), *cut]


@pytest.mark.django_db(transaction=True)
def test_nothing_planted_lies_in_the_files_of_the_database(transactional_db: None) -> None:
    world = World()
    person, _referral = tell(world)
    at_rest.beside_the_loop(world, person)
    nadia = browser(world.nadia)
    nadia.get(address("clients"), {"q": "Wren Planted"})
    nadia.get(address("client", person.pk))
    nadia.get(address("home"))
    assert at_rest.plant_what_is_left() == [], "the story has no row of these: add the act that makes one"

    words = at_rest.planted_words()
    held = on_disk()

    assert [field for field, planted in words.items() if not planted] == []
    assert any(at_rest.FILE_WORDS.decode() in word for word in words["referrals.Document.content"])
    lowered = held.lower()
    everything = set().union(*words.values()) | PLANTED | NUMBERS
    short = {word for word in everything if len(word) < 200} | {"planted", at_rest.FILE_WORDS.decode()}
    found = [word for word in short for form in forms(word) if form in lowered or form in held]
    assert found == []
    # Else the above would hold for a file that was never written.
    assert all(form in lowered for form in (b"lantern (demo)", b"referral.send"))
    assert str(person.pk).replace("-", "").encode() in lowered.replace(b"-", b"")
