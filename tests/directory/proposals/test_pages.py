"""The pages of listings: the list, the editor and its rows, the difference, the history; and who may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client as Browser

from directory.editing import save_service
from directory.listing_shape import shape_of
from directory.models import ListingProposal, Program, Service
from directory.proposals import deciding, proposing, reports
from partners.actor import SYSTEM
from tests.directory.proposals.world import PHONE, World, browser, url
from tests.factories.listings import PUBLIC_PLACE, WITHHELD_PLACE

INPUT = re.compile(r"<input\b[^>]*>|<textarea\b[^>]*>.*?</textarea>|<select\b.*?</select>", re.S)


def form_of(page: str) -> dict[str, Any]:
    """What a browser would send of the editor, untouched."""
    start = page.index('name="read"')
    found: dict[str, Any] = {}
    for tag in INPUT.findall(page[start - 200 : page.index("</form>", start)]):
        name = re.search(r'\sname="([^"]*)"', tag)
        if name is None or name[1] == "csrfmiddlewaretoken":
            continue
        value = re.search(r'\svalue="([^"]*)"', tag)
        if tag.startswith("<select"):
            chosen = re.search(r'value="([^"]*)"\s+selected', tag) or re.search(r'value="([^"]*)"', tag)
            found[name[1]] = chosen[1] if chosen else ""
        elif tag.startswith("<textarea"):
            found[name[1]] = re.sub(r"<[^>]*>", "", tag).removeprefix("\n").lstrip("\n")
        elif 'type="checkbox"' in tag or 'type="radio"' in tag:
            if " checked" in tag:
                found.setdefault(name[1], []).append(value[1] if value else "on")
        else:
            found[name[1]] = value[1] if value else ""
    return found


def opened(of: Browser, address: str) -> dict[str, Any]:
    answer = of.get(address)
    assert answer.status_code == 200
    return form_of(answer.content.decode())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_editor_brings_back_what_it_shows_and_proposes_what_is_changed(
    world: World, language: str
) -> None:
    service = world.listing(
        aliases=[{"name": "Old house", "language": "en", "kind": "former"}],
        schedules=[
            {"byday": "MO,TU", "opens_at": "09:00", "closes_at": "16:30", "valid_from": "2026-01-01"},
            {"freq": "MONTHLY", "byday": "1MO", "opens_at": "18:00", "closes_at": "20:00"},
        ],
        schedule_exceptions=[{"first_day": "2026-12-24", "last_day": "2026-12-26", "note_en": "Holidays"}],
        languages=["en", "oj"],
        service_areas=["winnipeg"],
        barriers=["transport"],
        minimum_age=18,
        website="https://house.example/",
    )
    ed = browser(world.ed, language)
    address = url("listing_edit", service.pk).replace("/en/", f"/{language}/", 1)
    form = opened(ed, address)
    same = ed.post(address, form)
    assert same.status_code == 400  # nothing differs
    assert not ListingProposal.objects.exists()

    form |= {"phones-0-number": "204-555-0199", "schedules-0-remove": "on", "barriers": ["meals"]}
    answer = ed.post(address, form)
    proposal = ListingProposal.objects.get()
    assert answer["Location"].endswith(f"/listings/proposals/{proposal.pk}/")
    assert proposal.data == {
        "phones": [{**PHONE, "number": "204-555-0199"}],
        "schedules": [
            {"freq": "MONTHLY", "byday": "1MO", "opens_at": "18:00", "closes_at": "20:00"},
        ],
        "barriers": ["meals"],
    }
    page = ed.get(answer["Location"]).content.decode()
    assert ("204-555-0199" if language == "en" else "204\xa0555-0199") in page
    assert "Ed Person" in page


def test_rows_grow_without_a_script_and_errors_stand_at_their_fields(world: World) -> None:
    service = world.listing()
    ed, address = browser(world.ed), url("listing_edit", service.pk)
    form = opened(ed, address)
    longer = ed.post(address, form | {"more": "phones", "name_en": "Typed"})
    assert longer.status_code == 200
    form = form_of(longer.content.decode())
    assert (form["phones-rows"], form["phones-1-number"], form["name_en"]) == ("2", "", "Typed")
    bad = ed.post(address, form | {"phones-1-number": "nobody", "email": "x", "schedules-0-opens_at": ""})
    assert bad.status_code == 400
    text = bad.content.decode()
    assert "<title>Error:" in text
    for anchor in ("id_phones-1-number", "id_email", "id_schedules-0-opens_at"):
        assert f'href="#{anchor}"' in text
        assert f'id="{anchor}"' in text
    for count in ("x", "-1", "9" * 30, "41"):
        assert ed.post(address, form | {"phones-rows": count}).status_code in (302, 400)


def test_what_somebody_else_changed_meanwhile_is_neither_lost_nor_undone(world: World) -> None:
    service = world.listing()
    ed, address = browser(world.ed), url("listing_edit", service.pk)
    form = opened(ed, address)
    eve = world.actor(world.eve)
    made = proposing.propose(actor=eve, service_id=service.pk, wanted={"name_en": "Eve’s name"})
    deciding.approve(actor=eve, proposal_id=made.pk)
    ListingProposal.objects.all().delete()
    late = ed.post(address, form | {"name_en": "Ed’s name"})
    assert late.status_code == 400
    assert "Eve’s name" in late.content.decode()
    ed.post(address, form | {"name_fr": "Nom d’Ed"})
    assert ListingProposal.objects.get().data == {"name_fr": "Nom d’Ed"}


def test_a_new_listing_goes_from_draft_to_everybody(world: World) -> None:
    ed = browser(world.ed)
    form = opened(ed, url("listing_new"))
    assert ed.post(url("listing_new"), form).status_code == 400  # no name
    form |= {"name_fr": "Nouvelle maison", "policy": "withheld", "address_1": "9 Typed Street"}
    where = ed.post(url("listing_new"), form)["Location"]
    draft = Service.objects.get(name_fr="Nouvelle maison")
    assert where == url("listing_edit", draft.pk)
    assert draft.publication == "draft"
    assert "No way to reach it" in ed.get(where).content.decode()
    publish = url("listing_publish", draft.pk)
    assert "be published yet" in ed.post(publish, follow=True).content.decode()
    form = opened(ed, where)
    form |= {"email": "a@house.example", "summary_fr": "Un repas.", "categories": ["food-bank"]}
    ed.post(where, form | {"eligibility_fr": "Tout le monde."})
    assert ed.post(publish)["Location"] == url("listing", draft.pk)
    assert Browser().get(url("listing", draft.pk)).status_code == 200
    found = shape_of(Service.objects.for_listing().get(pk=draft.pk))
    assert found["location"] == {"policy": "withheld", "kind": "physical"}


def test_a_second_person_gives_the_address_on_the_page(world: World) -> None:
    service = world.listing(location=WITHHELD_PLACE)
    ed, eve = browser(world.ed), browser(world.eve)
    address = url("listing_edit", service.pk)
    sent = {"policy": "public", "address_1": "4417 Plantedstreet Avenue", "city": "Winnipeg"}
    where = ed.post(address, opened(ed, address) | sent)["Location"]
    own = ed.get(where).content.decode()
    assert "Plantedstreet" not in own
    assert "Waits for a second person" in own
    proposal = ListingProposal.objects.get()
    assert ed.post(url("proposal_approve", proposal.pk), sent).status_code == 403
    assert 'name="address_1"' in eve.get(where).content.decode()
    assert eve.post(url("proposal_approve", proposal.pk), {"province": "MB"}).status_code == 400
    given = {**sent, "province": "MB", "postal_code": "R2W 2M2"}
    assert eve.post(url("proposal_approve", proposal.pk), given).status_code == 302
    assert "Plantedstreet" in Browser().get(url("listing", service.pk)).content.decode()


def test_a_proposal_is_refused_or_taken_back_on_its_page_and_conflicts_are_shown(world: World) -> None:
    service = world.listing()
    ed, lea = browser(world.ed), browser(world.lea)
    actor = world.actor(world.ed)

    def proposed(name: str) -> ListingProposal:
        return proposing.propose(actor=actor, service_id=service.pk, wanted={"name_en": name})

    first, second, third = proposed("One"), proposed("Two"), proposed("Three")
    assert lea.post(url("proposal_reject", first.pk), {"note": ""}).status_code == 400
    lea.post(url("proposal_reject", first.pk), {"note": "Not so"})
    page = ed.get(url("proposal", first.pk)).content.decode()
    assert "Not so" in page
    assert "Lea Person" not in page  # the network's people are the network to everybody else
    assert "Ed Person" in lea.get(url("proposal", first.pk)).content.decode()
    ed.post(url("proposal_approve", second.pk))
    conflict = ed.get(url("proposal", third.pk)).content.decode()
    assert "The listing has changed since" in conflict
    assert ed.post(url("proposal_approve", third.pk)).status_code == 409
    ed.post(url("proposal_withdraw", third.pk))
    third.refresh_from_db()
    assert third.state == "withdrawn"
    history = ed.get(url("listing_history", service.pk)).content.decode()
    assert "Ed Person" in history
    assert "River house" in history


def test_the_list_says_what_waits_and_asks_no_more_for_more(
    world: World, assert_flat: Callable[..., None]
) -> None:
    service = world.listing()
    world.listing(publish=False, name_en="Draft house")
    foreign = world.listing(organization=world.elsewhere, name_en="Foreign house")
    proposing.propose(actor=world.actor(world.ed), service_id=service.pk, wanted={"name_en": "New"})
    reports.report(service_id=service.pk, kind="phone")
    proposing.propose(actor=world.actor(world.nat), service_id=foreign.pk, wanted={"name_en": "New"})
    ed, lea = browser(world.ed), browser(world.lea)
    page = ed.get(url("listings")).content.decode()
    for words in ("River house", "Draft house", "waits", "The phone number is wrong"):
        assert words in page
    assert "Foreign house" not in page
    for state, count in (
        ("draft", 1),
        ("waiting", 1),
        ("reports", 1),
        ("lapsed", 0),
        ("network", 2),
        ("x", 2),
    ):
        rows = ed.get(url("listings"), {"state": state, "page": "x"}).context["rows"]
        assert len(rows) == count, state
    seen = lea.get(url("listings"), {"state": "network"})
    assert {row.service.pk for row in seen.context["rows"]} == {service.pk, foreign.pk}
    assert not [report for row in seen.context["rows"] for report in row.reports]  # not passed on yet
    assert not lea.get(url("listings"), {"state": ""}).context["rows"]

    def grow() -> None:
        for number in range(3):
            more = world.listing(name_en=f"House {number}")
            reports.report(service_id=more.pk, kind="phone")
            actor = world.actor(world.ed)
            proposing.propose(actor=actor, service_id=more.pk, wanted={"name_en": f"New {number}"})

    assert_flat(lambda: ed.get(url("listings")), grow)


def test_the_history_names_programs_and_asks_no_more_for_more(
    world: World, assert_flat: Callable[..., None]
) -> None:
    service, names = world.listing(), iter("ABCDEFG")

    def move() -> None:
        name = f"Program {next(names)}"
        program = Program.objects.create(organization=world.house, name_en=name)
        now = Service.objects.for_listing().get(pk=service.pk)
        save_service(SYSTEM, {"program": program}, publish=True, service=now)

    move()
    move()
    ed, address = browser(world.ed), url("listing_history", service.pk)
    lines = ed.get(address).context["lines"]
    assert [(line.change.before, line.change.after) for line in lines] == [
        (["Program A"], ["Program B"]),
        ([], ["Program A"]),
    ]
    assert_flat(lambda: ed.get(address), lambda: [move() for _ in range(3)])


def test_strangers_and_other_roles_are_refused_on_every_page(world: World) -> None:
    service = world.listing(location=PUBLIC_PLACE)
    actor = world.actor(world.ed)
    proposal = proposing.propose(actor=actor, service_id=service.pk, wanted={"name_en": "New"})
    report = reports.report(service_id=service.pk, kind="phone")
    pages = [("listings", []), ("listing_new", [])]
    pages += [(name, [service.pk]) for name in ("listing_edit", "listing_history")]
    pages += [("proposal", [proposal.pk]), ("report_handle", [report.pk])]
    acts = [("listing_publish", service.pk), ("report_handle", report.pk)]
    acts += [(f"proposal_{act}", proposal.pk) for act in ("approve", "reject", "withdraw")]
    nat, wes, ed = browser(world.nat), browser(world.wes), browser(world.ed)
    for name, ids in pages:
        assert Browser().get(url(name, *ids)).status_code == 302
        assert wes.get(url(name, *ids)).status_code == 403
        assert nat.get(url(name, *ids)).status_code == (404 if ids else 200)
        if ids:
            assert ed.get(url(name, uuid4())).status_code == 404
    for name, pk in acts:
        sent = {"note": "No", "reason": "right"}
        assert Browser().post(url(name, pk), sent).status_code == 302
        assert wes.post(url(name, pk), sent).status_code == 403
        assert nat.post(url(name, pk), sent).status_code == 404
        assert ed.post(url(name, uuid4()), sent).status_code == 404
    assert browser(world.eve).post(url("proposal_withdraw", proposal.pk)).status_code == 403
    proposal.refresh_from_db()
    report.refresh_from_db()
    assert (proposal.state, report.handled_at) == ("proposed", None)
