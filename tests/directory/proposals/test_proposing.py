"""A change of a published listing waits for approval; who may decide; what two people at once get."""

from __future__ import annotations

import pytest

from directory.listing_shape import shape_of
from directory.models import ListingProposal, Metadata, Service
from directory.proposals import deciding, proposing
from directory.proposals.access import access_listing
from directory.proposals.blockers import NotPublishable
from partners.actor import ANONYMOUS
from partners.errors import Conflict, Invalid, NotSeen, NotSignedIn, Refused
from partners.models import AuditEvent, OutboxRow
from tests.directory.proposals.world import PHONE, World
from tests.factories.listings import AREA_PLACE, PUBLIC_PLACE, WITHHELD_PLACE

SECRET = "4417 Plantedstreet Avenue"


def stored(service: Service) -> dict:
    return shape_of(Service.objects.for_listing().get(pk=service.pk))


def propose(world: World, service: Service, **wanted: object) -> ListingProposal:
    return proposing.propose(actor=world.actor(world.ed), service_id=service.pk, wanted=wanted)


def test_a_proposal_holds_only_what_differs_and_changes_nothing_until_it_is_approved(world: World) -> None:
    service = world.listing()
    before = stored(service)
    new = {**PHONE, "number": "204-555-0199"}
    found = propose(world, service, name_en="New name", name_fr=before["name_fr"], phones=[new])
    assert found.data == {"name_en": "New name", "phones": [new]}
    assert found.before == {"name_en": "River house", "phones": [PHONE]}
    assert stored(service) == before
    assert not Metadata.objects.exists()

    decided = deciding.approve(actor=world.actor(world.ed), proposal_id=found.pk)  # who has seen it, may
    assert (decided.state, decided.decided_by_id) == ("published", world.ed.pk)
    assert stored(service) == before | found.data
    history = {row.field_name: row for row in Metadata.objects.all()}
    assert set(history) == {"name_en", "phones"}
    assert history["name_en"].updated_by == world.ed.pk
    acts = AuditEvent.objects.filter(object_id=str(found.pk)).order_by("sequence")
    assert list(acts.values_list("action", flat=True)) == ["propose_listing", "approve_listing_change"]


def test_what_could_not_be_published_is_not_proposed_and_nothing_differing_is_no_proposal(
    world: World,
) -> None:
    service = world.listing(location=WITHHELD_PLACE)
    for wanted, key in (
        ({"name_en": "", "name_fr": ""}, "name_en"),
        ({"minimum_age": 30, "maximum_age": 20}, "maximum_age"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"topics": ["unknown"]}, "topics"),
        ({"schedules": [{"opens_at": "09:00", "closes_at": "x"}]}, "schedules"),
        ({"program": str(service.pk)}, "program"),
        ({"source_url": "https://x.example"}, "source_url"),
        ({"description_en": f"Ring at {SECRET}."}, "description_en"),
        ({"location": {"policy": "withheld", "address_1": SECRET}}, "location"),
        ({"name_en": "River house"}, "changes"),
    ):
        with pytest.raises(Invalid) as refusal:
            propose(world, service, **wanted)
        assert list(refusal.value.errors) == [key]
    with pytest.raises(Invalid) as refusal:
        proposing.propose(
            actor=world.actor(world.ed), service_id=service.pk, wanted={"name_en": "X"}, note=f"At {SECRET}"
        )
    assert list(refusal.value.errors) == ["note"]
    assert not ListingProposal.objects.exists()
    assert AuditEvent.objects.filter(object_id=str(service.pk)).count() == 1  # it was made


def test_strangers_neither_propose_nor_decide(world: World) -> None:
    service = world.listing()
    found = propose(world, service, name_en="New name")
    for user, error in ((world.nat, NotSeen), (world.wes, Refused)):
        actor = world.actor(user)
        with pytest.raises(error):
            proposing.propose(actor=actor, service_id=service.pk, wanted={"name_en": "X"})
        with pytest.raises(error):
            deciding.approve(actor=actor, proposal_id=found.pk)
        with pytest.raises(error):
            deciding.reject(actor=actor, proposal_id=found.pk, note="No")
        with pytest.raises(error):
            deciding.withdraw(actor=actor, proposal_id=found.pk)
    with pytest.raises(NotSignedIn):
        proposing.propose(actor=ANONYMOUS, service_id=service.pk, wanted={"name_en": "X"})
    with pytest.raises(Refused):
        deciding.withdraw(actor=world.actor(world.eve), proposal_id=found.pk)  # not hers
    found.refresh_from_db()
    assert found.state == "proposed"


def test_the_network_decides_too_and_the_owner_is_told(world: World) -> None:
    service = world.listing()
    found = propose(world, service, name_en="New name")
    with pytest.raises(Invalid):
        deciding.reject(actor=world.actor(world.lea), proposal_id=found.pk, note=" ")
    deciding.reject(actor=world.actor(world.lea), proposal_id=found.pk, note="Too long")
    row = OutboxRow.objects.get(kind="listing_decided")
    assert (row.organization_id, row.object_id) == (world.house.pk, found.pk)
    for act in (deciding.approve, deciding.withdraw):
        with pytest.raises(Conflict):
            act(actor=world.actor(world.ed), proposal_id=found.pk)
    again = propose(world, service, name_en="New name")
    deciding.withdraw(actor=world.actor(world.ed), proposal_id=again.pk)
    assert stored(service)["name_en"] == "River house"


def test_of_two_changes_of_one_field_the_second_is_a_conflict_and_nothing_is_overwritten(
    world: World,
) -> None:
    service = world.listing()
    first = propose(world, service, name_en="First", email="first@house.example")
    second = propose(world, service, name_en="Second")
    beside = propose(world, service, website="https://house.example/")
    deciding.approve(actor=world.actor(world.eve), proposal_id=first.pk)
    with pytest.raises(Conflict) as refusal:
        deciding.approve(actor=world.actor(world.ed), proposal_id=second.pk)
    assert refusal.value.extra["fields"] == ["name_en"]
    deciding.approve(actor=world.actor(world.ed), proposal_id=beside.pk)
    assert (stored(service)["name_en"], stored(service)["website"]) == ("First", "https://house.example/")


def test_showing_more_of_a_place_needs_a_second_person_and_no_proposal_holds_it(world: World) -> None:
    service = world.listing(location=WITHHELD_PLACE)
    found = propose(world, service, location={**PUBLIC_PLACE, "address_1": SECRET})
    assert found.data == {"location": {"policy": "public", "kind": "physical"}}
    assert OutboxRow.objects.get(kind="listing_proposal").organization_id == world.house.pk
    place = {"address_1": SECRET, "city": "Winnipeg", "province": "MB", "postal_code": "R2W 2M2"}
    with pytest.raises(Refused):
        deciding.approve(actor=world.actor(world.ed), proposal_id=found.pk, place=place)
    with pytest.raises(Invalid):
        deciding.approve(actor=world.actor(world.eve), proposal_id=found.pk)
    deciding.approve(actor=world.actor(world.eve), proposal_id=found.pk, place=place)
    assert stored(service)["location"]["address_1"] == SECRET
    assert not Metadata.objects.exists()
    hidden = propose(world, service, location=AREA_PLACE)  # less is shown: nobody else is needed
    deciding.approve(actor=world.actor(world.ed), proposal_id=hidden.pk)
    assert stored(service)["location"]["area"] == "north-end"
    rows = f"{list(ListingProposal.objects.values())} {list(Metadata.objects.values())}"
    assert "Plantedstreet" not in rows


def test_what_was_to_show_a_place_gives_way_to_who_has_hidden_it_since(world: World) -> None:
    service = world.listing(location=AREA_PLACE)
    showing = propose(world, service, location={**PUBLIC_PLACE, "address_1": SECRET})
    hiding = propose(world, service, location=WITHHELD_PLACE)
    deciding.approve(actor=world.actor(world.ed), proposal_id=hiding.pk)
    place = {"address_1": SECRET, "city": "Winnipeg", "province": "MB"}
    with pytest.raises(Conflict):
        deciding.approve(actor=world.actor(world.eve), proposal_id=showing.pk, place=place)
    assert stored(service)["location"] == {"policy": "withheld", "kind": "physical"}


def test_with_one_editor_alone_the_network_is_asked(world: World) -> None:
    service = world.listing(organization=world.elsewhere, location=WITHHELD_PLACE)
    actor = world.actor(world.nat)
    found = proposing.propose(actor=actor, service_id=service.pk, wanted={"location": AREA_PLACE})
    assert OutboxRow.objects.get(kind="listing_proposal_network").organization_id == world.network.pk
    area = {"area": "north-end"}
    deciding.approve(actor=world.actor(world.lea), proposal_id=found.pk, place=area)
    assert stored(service)["location"]["area"] == "north-end"


def test_hiding_a_place_takes_it_out_of_every_proposal_and_report(world: World) -> None:
    service = world.listing(location=PUBLIC_PLACE)
    moved = propose(world, service, location={**PUBLIC_PLACE, "address_1": SECRET})
    told = propose(world, service, description_en=f"Ring at {SECRET}.", name_en="New name")
    hiding = propose(world, service, location=WITHHELD_PLACE)
    deciding.approve(actor=world.actor(world.ed), proposal_id=hiding.pk)
    for row in (moved, told):
        row.refresh_from_db()
    assert (moved.data, moved.state) == ({}, "withdrawn")
    assert (told.data, told.state) == ({"name_en": "New name"}, "proposed")
    rows = str(list(ListingProposal.objects.values())).lower()
    assert "plantedstreet" not in rows
    assert "teststone" not in rows


def test_a_change_may_bring_no_new_blocker_and_puts_right_what_it_can(world: World) -> None:
    poor = world.listing(eligibility_en="", eligibility_fr="", categories=[])
    better = propose(world, poor, phones=[{**PHONE, "number": "204-555-0177"}])
    deciding.approve(actor=world.actor(world.ed), proposal_id=better.pk)
    worse = propose(world, poor, phones=[], email="", website="")
    with pytest.raises(NotPublishable) as refusal:
        deciding.approve(actor=world.actor(world.ed), proposal_id=worse.pk)
    assert refusal.value.extra["blockers"] == ["no_way_to_reach"]


def test_a_listing_that_was_archived_meanwhile_is_not_published_again(world: World) -> None:
    service = world.listing()
    found = propose(world, service, name_en="New name")
    Service.objects.filter(pk=service.pk).update(publication="archived")
    with pytest.raises(Conflict):
        deciding.approve(actor=world.actor(world.ed), proposal_id=found.pk)
    kept = Service.objects.get(pk=service.pk)
    assert (kept.publication, kept.name_en) == ("archived", "River house")
    deciding.withdraw(actor=world.actor(world.ed), proposal_id=found.pk)


def test_a_draft_is_changed_at_once_and_published_when_nothing_is_in_the_way(world: World) -> None:
    ed = world.actor(world.ed)
    draft = proposing.create_draft(actor=ed, wanted={"name_en": "New house"})
    assert draft.organization_id == world.house.pk
    with pytest.raises(Conflict):
        proposing.propose(actor=ed, service_id=draft.pk, wanted={"name_en": "X"})
    with pytest.raises(NotPublishable) as refusal:
        proposing.publish(actor=ed, service_id=draft.pk)
    assert refusal.value.extra["blockers"] == [
        *("no_way_to_reach", "no_summary", "no_category", "no_eligibility"),
    ]
    wanted = {"summary_fr": "Un repas.", "categories": ["food-bank"], "minimum_age": 18}
    proposing.change_draft(actor=ed, service_id=draft.pk, wanted={**wanted, "email": "a@house.example"})
    for user, error in ((world.nat, NotSeen), (world.wes, Refused)):
        for act in (proposing.publish, access_listing):
            with pytest.raises(error):
                act(actor=world.actor(user), service_id=draft.pk)
    proposing.publish(actor=ed, service_id=draft.pk)
    assert Service.objects.get(pk=draft.pk).publication == "published"
    with pytest.raises(Conflict):
        proposing.change_draft(actor=ed, service_id=draft.pk, wanted={"name_en": "X"})
    with pytest.raises(Conflict):
        proposing.publish(actor=ed, service_id=draft.pk)
