"""A secret address, put in everywhere a change of a listing takes something: it is kept and shown nowhere."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.cache import cache

from directory.listing_shape import EDITED_KEYS
from directory.models import ListingProposal
from directory.proposals import deciding, proposing
from partners.errors import DomainError, Invalid
from partners.models import OutboxRow
from partners.notifications.kinds import notice_of
from tests.directory.proposals.test_pages import opened
from tests.directory.proposals.world import World, browser, url
from tests.factories.listings import AREA_PLACE, WITHHELD_PLACE
from tests.factories.planted import ATTEMPTS, STREET, WHERE, plant_changes


def told(text: str) -> list[str]:
    plain = html.unescape(text).lower()
    return [word for word in WHERE if word in plain]


def everything_kept() -> str:
    rows = [row for model in apps.get_models() for row in model._base_manager.order_by("pk")]
    return serializers.serialize("json", rows, ensure_ascii=False)


OPENING = {"location": {"policy": "public", "address_1": STREET, "city": "Winnipeg", "province": "MB"}}


@pytest.mark.parametrize(("place", "start"), [(WITHHELD_PLACE, 0), (AREA_PLACE, 3)], ids=["withheld", "area"])
def test_no_attempt_leaves_anything_behind(world: World, place: dict[str, Any], start: int) -> None:
    """Alone, and beside a change that would show the address to everybody."""
    service = world.listing(location=place)
    ed = world.actor(world.ed)
    attempts = [*ATTEMPTS[start::6], *({**attempt, **OPENING} for attempt in ATTEMPTS[start + 1 :: 6])]
    for attempt in attempts:
        wanted = {"email": "new@house.example", **attempt}
        if not set(wanted) <= set(EDITED_KEYS):
            continue
        try:
            made = proposing.propose(actor=ed, service_id=service.pk, wanted=wanted)
            deciding.approve(actor=ed, proposal_id=made.pk)
        except DomainError:
            continue
    proposing.propose(actor=ed, service_id=service.pk, wanted=OPENING)
    assert told(everything_kept()) == []


def test_what_was_told_while_it_was_shown_is_on_no_page_after_it_is_hidden(world: World) -> None:
    cache.clear()
    service = world.listing(
        location={"policy": "public", "address_1": STREET, "city": "Winnipeg", "province": "MB"}
    )
    plant_changes(service)
    ed, address = browser(world.ed), url("listing_edit", service.pk)
    hide = opened(ed, address) | {"policy": "withheld"}
    where = ed.post(address, hide)["Location"]
    assert told(ed.get(where).content.decode()) == []  # less is shown: nobody has to read it again
    ed.post(f"{where}approve/")
    assert ListingProposal.objects.filter(state="published").count() == 1
    pages = [url("listings"), address, url("listing_history", service.pk)]
    pages += [url("proposal", row.pk) for row in ListingProposal.objects.order_by("pk")]
    pages += [url("report_handle", row.pk) for row in service.reports.all()]
    for page in pages:
        assert told(ed.get(page).content.decode()) == [], page
    assert told(everything_kept()) == []
    sent = {"policy": "area_only", "area": "north-end", "address_1": STREET}
    again = ed.post(address, opened(ed, address) | sent)
    assert told(ed.get(again["Location"]).content.decode()) == []


def test_a_notice_has_a_number_and_nothing_of_the_listing(world: World) -> None:
    service = world.listing(name_en="Secretly named house")
    made = proposing.propose(actor=world.actor(world.ed), service_id=service.pk, wanted={"name_en": "New"})
    deciding.reject(actor=world.actor(world.lea), proposal_id=made.pk, note="No")
    row = OutboxRow.objects.get()
    words = f"{notice_of(row).subject} {notice_of(row).line} {row.code}"
    assert row.code == str(service.pk)[:8]
    for secret in ("named", "house", "Ed", "Lea", "No"):
        assert secret not in words.split()
    with pytest.raises(Invalid):
        proposing.check_note("x" * 501, {"location": {"policy": "public"}})
