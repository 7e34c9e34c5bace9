"""What the loader refuses: by file, key, field and reason, and then nothing is loaded."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from directory.fixtures_loader import NetworkRefused, load_network
from directory.models import SearchEntry, Service
from directory.search.packing import unpack
from partners.models import Organization
from tests.factories.listings import NETWORK

pytestmark = pytest.mark.django_db
Change = Callable[[dict[str, Any]], Any]


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """The demo's own records alone: one file of each kind."""
    for kind, name in (("organizations", "demo"), ("programs", "lantern"), ("services", "demo")):
        (tmp_path / kind).mkdir()
        shutil.copy(NETWORK / kind / f"{name}.json", tmp_path / kind)
    return tmp_path


def change(network: Path, kind: str, key: str, how: Change) -> None:
    path = next((network / kind).glob("*.json"))
    content = json.loads(path.read_text("utf-8"))
    records = content if isinstance(content, list) else [content]
    how(next(record for record in records if record["key"] == key))
    path.write_text(json.dumps(content), encoding="utf-8")


SHELTER, DAY, DETOX = "prairie-lantern-shelter", "northern-light-day", "northern-light-detox"


@pytest.mark.parametrize(
    ("kind", "key", "how", "words"),
    [
        ("services", DETOX, lambda r: r.update(colour="blue"), "unknown: colour"),
        ("services", DETOX, lambda r: r.pop("phones"), "missing: phones"),
        ("services", DETOX, lambda r: r["location"].update(latitude=1.0), "unknown: latitude"),
        ("services", DETOX, lambda r: r["source"].update(verified=True), "unknown: verified"),
        ("services", DETOX, lambda r: r.update(organization="nobody"), "organization: nobody"),
        ("services", DETOX, lambda r: r.update(categories=["unknown"]), "“unknown”"),
        ("services", DETOX, lambda r: r["location"].update(postal_area="R9Z"), "R9Z"),
        ("services", DETOX, lambda r: r["source"].update(type="news"), "accepts_referrals"),
        ("services", DAY, lambda r: r["location"].update(address_1="9001 Main Street"), "address_1"),
        ("services", DAY, lambda r: r["location"].update(postal_code="R2W 0A0"), "postal_code"),
        ("services", DAY, lambda r: r["location"].update(area="my-street"), "my-street"),
        ("services", SHELTER, lambda r: r["location"].update(area="north-end"), "area"),
        ("services", SHELTER, lambda r: r.update(description_fr="Au 44, rue Secrète."), "rue Secrète"),
        ("services", DAY, lambda r: r.update(hours_note_en="Ring at 44 Hidden Lane"), "44 Hidden Lane"),
        (
            "services",
            DAY,
            lambda r: r.update(website="https://x.example/44-hidden-street"),
            "44 Hidden Street",
        ),
        ("services", DAY, lambda r: r["phones"][0].update(label_en="Suite 12"), "Suite 12"),
        ("organizations", "two-rivers", lambda r: r.update(kind="castle"), "kind"),
        ("programs", "lantern", lambda r: r["cost"].update(value="cheap"), "profile.cost.value"),
        ("programs", "lantern", lambda r: r["contact"].update(address_1="1 Secret Road"), "contact"),
    ],
)
def test_refused(network: Path, kind: str, key: str, how: Change, words: str) -> None:
    change(network, kind, key, how)
    with pytest.raises(NetworkRefused) as refusal:
        load_network(network)
    assert words in str(refusal.value)
    assert ".json" in str(refusal.value)
    assert key in str(refusal.value)
    assert not Organization.objects.exists()


def test_a_key_that_stands_twice_is_refused(network: Path) -> None:
    path = network / "services" / "demo.json"
    shutil.copy(path, network / "services" / "again.json")
    with pytest.raises(NetworkRefused, match="twice"):
        load_network(network)


def test_a_changed_record_is_brought_in_line(network: Path) -> None:
    load_network(network)
    before = Service.objects.get(source_id=f"demo:{DETOX}")
    change(network, "services", DETOX, lambda r: r.update(name_en="River detox", phones=[]))
    load_network(network)
    after = Service.objects.get(source_id=f"demo:{DETOX}")
    assert after.pk == before.pk
    assert after.name_en == "River detox"
    assert unpack(SearchEntry.objects.get(pk=after.pk).document).words["n"] == "river detox"
    assert not after.phones.exists()
    assert {row.field_name for row in after.metadata.all()} == {"name_en", "phones"}
