"""What hangs on a member by name finds somebody else, or says that it does not."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from partners import audit
from partners.access import actor_for
from partners.actor import Actor
from partners.errors import Invalid
from partners.models import AuditEvent, OutboxRow, User
from partners.people.leaving import end_membership, leave
from partners.people.members import set_roles
from referrals import care_team
from referrals.calls import open_call
from referrals.clients import record_child_protection
from referrals.models import CareTeamMember, Client, GlassBreak
from referrals.worklist import sections
from tests.api.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = World()
    world.member("noor", world.lantern, "worker")
    return world


def restricted(world: World, *others: Actor) -> Client:
    """A file of Nadia's, with these beside her on its team."""
    person = world.client()
    team = [world.nadia.user_id, *(other.user_id for other in others)]
    care_team.set_team(actor=world.nadia, client_id=person.pk, restricted=True, members=team)
    return person


def team(person: Client) -> set[object]:
    return set(CareTeamMember.objects.filter(client=person).values_list("user_id", flat=True))


def test_a_file_left_with_nobody_asks_for_a_successor_and_says_how_many(world: World) -> None:
    alone, second, shared = restricted(world), restricted(world), restricted(world, world.noor)
    nadia, noor = world.nadia.user_id, world.noor.user_id
    for successor in (None, nadia, world.tom.user_id, world.lea.user_id):
        with pytest.raises(Invalid) as refused:
            end_membership(actor=world.paula, user_id=nadia, successor_id=successor)
        assert list(refused.value.errors) == ["successor"]
        if successor is None:
            assert str(refused.value).startswith("2 restricted files ")
    with pytest.raises(Invalid):
        set_roles(actor=world.paula, user_id=nadia, roles=["listing_editor"])
    with pytest.raises(Invalid):
        leave(actor=world.nadia)
    assert team(alone) == {nadia}
    assert not OutboxRow.objects.filter(kind__in=["member_left", "member_roles"]).exists()

    end_membership(actor=world.paula, user_id=nadia, successor_id=world.paula.user_id)

    assert team(alone) == team(second) == {world.paula.user_id}
    assert team(shared) == {noor}
    assert Client.objects.visible_to(world.paula).filter(pk=alone.pk).exists()
    assert not Client.objects.visible_to(world.paula).filter(pk=shared.pk).exists()
    rows = AuditEvent.objects.filter(action="client.hand_over", chain=world.lantern.pk)
    assert {row.object_id for row in rows} == {str(one.pk) for one in (alone, second, shared)}
    assert OutboxRow.objects.get(kind="work_handed_over").object_id == world.paula.user_id
    assert audit.verify()[1] is None


def test_who_still_works_with_clients_keeps_the_place(world: World) -> None:
    person = restricted(world)
    set_roles(actor=world.paula, user_id=world.nadia.user_id, roles=["manager"])
    assert team(person) == {world.nadia.user_id}


def test_the_last_who_works_with_clients_is_not_held_back(world: World) -> None:
    person = restricted(world)
    ada = world.member("ada", world.lantern, "organization_admin")
    for actor in (world.noor, world.paula):
        end_membership(actor=ada, user_id=actor.user_id)

    end_membership(actor=ada, user_id=world.nadia.user_id)

    assert team(person) == set()
    boss = world.member("boss", world.lantern, "manager")
    assert not Client.objects.visible_to(boss).filter(pk=person.pk).exists()
    care_team.break_glass(actor=boss, reason="Nobody is left", code=person.code)
    assert Client.objects.visible_to(boss).filter(pk=person.pk).exists()


def test_a_broken_glass_is_closed(world: World) -> None:
    broken = world.glass_break
    end_membership(actor=world.paula, user_id=broken.user_id)
    assert GlassBreak.objects.get().until <= timezone.now()


def test_police_are_told_to_call_somebody_who_is_there(world: World) -> None:
    call = world.call()

    def whom() -> str:
        worker = open_call(actor=world.mo, referral_id=call.pk).worker
        assert worker is not None
        return worker.first_name

    assert whom() == "Nadia"
    end_membership(actor=world.paula, user_id=world.nadia.user_id, successor_id=world.noor.user_id)
    assert whom() == "Noor"
    end_membership(actor=world.paula, user_id=world.noor.user_id)
    assert whom() == "Paula"
    User.objects.filter(pk=world.paula.user_id).update(is_active=False)
    assert whom() == ""


def test_a_report_under_way_is_everybodys_once_its_worker_has_left(world: World) -> None:
    person = world.client(age_band="under_18")
    record_child_protection(
        actor=world.nadia,
        client_id=person.pk,
        state="being_reported",
        reported_to="CFS",
        at=timezone.now() - datetime.timedelta(minutes=5),
    )

    def follows_up(actor: Actor) -> bool:
        return any(section.key == "protection" for section in sections(actor))

    assert (follows_up(world.nadia), follows_up(world.noor)) == (True, False)
    end_membership(actor=world.paula, user_id=world.nadia.user_id)
    assert follows_up(world.noor)
    gone = actor_for(User.objects.get(pk=world.nadia.user_id), world.lantern.pk)
    assert not follows_up(gone)
