"""A restricted file is there for its care team alone, everywhere."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.actor import Side
from partners.errors import Invalid
from partners.models import Membership
from referrals import care_team
from referrals.access import access_referral
from referrals.models import (
    Referral,
)
from tests.referrals.hidden_file import EVERYTHING, Hidden, restricted_file, sees
from tests.referrals.pages import NAME, address, browser, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def hidden() -> Hidden:
    return restricted_file()


def test_the_team_finds_everything_and_nobody_else_anything(hidden: Hidden) -> None:
    for user in (hidden.world.nadia, hidden.noor):
        assert sees(hidden, user) == EVERYTHING
    for user in (hidden.other, hidden.max, hidden.priv, hidden.world.paula, hidden.world.pat):
        assert sees(hidden, user) == set(), user

    care_team.set_team(actor=hidden.actor(hidden.noor), client_id=hidden.client_id, restricted=False)
    for user in (hidden.other, hidden.max, hidden.world.paula):
        assert sees(hidden, user) == EVERYTHING


def test_the_receiver_still_sees_what_was_sent_to_it(hidden: Hidden) -> None:
    assert access_referral(hidden.referral.pk, hidden.actor(hidden.world.tom)) == hidden.referral


def test_pages_of_a_restricted_file_do_not_exist_for_others(hidden: Hidden) -> None:
    person, consent = hidden.client_id, hidden.referral.consent_id
    paths = [
        address("client", person),
        address("client_edit", person),
        address("care_team", person),
        address("sharing_new", person),
        address("child_protection", person),
        address("consent_new", person),
        address("consent_withdraw", consent),
        address("detail", hidden.referral.pk),
    ]
    for user, status in ((hidden.other, 404), (hidden.max, 404), (hidden.noor, 200)):
        visitor = browser(user)
        assert {path: visitor.get(path).status_code for path in paths} == dict.fromkeys(paths, status)
    for user in (hidden.other, hidden.max):
        pages = [browser(user).get(address(name)).content.decode() for name in ("home", "clients", "sent")]
        assert not [page for page in pages if NAME in page or hidden.referral.code in page]


def test_whoever_restricts_is_on_the_team_and_the_last_one_stays(hidden: Hidden) -> None:
    world, person = hidden.world, hidden.client_id
    team = care_team.team_of(actor=hidden.actor(hidden.noor), client_id=person)
    assert {user.pk for user in team.members} == {world.nadia.pk, hidden.noor.pk}
    assert (team.restricted, team.may_change, team.until) == (True, True, None)

    care_team.set_team(
        actor=world.actor(world.nadia), client_id=person, restricted=True, members=[hidden.noor.pk]
    )
    assert sees(hidden, world.nadia) == set()
    with pytest.raises(Invalid) as error:
        care_team.set_team(actor=hidden.actor(hidden.noor), client_id=person, restricted=True)
    assert set(error.value.errors) == {"members"}
    assert sees(hidden, hidden.noor) == EVERYTHING


def access_team(hidden: Hidden) -> set[UUID]:
    return set(hidden.world.person.care_team.values_list("user_id", flat=True))


def test_only_those_who_work_with_clients_here_can_be_on_a_team(hidden: Hidden) -> None:
    left = member("Left", hidden.world.lantern, "worker")
    Membership.objects.filter(user=left).update(ended_at=timezone.now())
    for stranger in (hidden.priv, hidden.world.tom, left):
        with pytest.raises(Invalid):
            care_team.set_team(
                actor=hidden.actor(hidden.noor),
                client_id=hidden.client_id,
                restricted=True,
                members=[hidden.noor.pk, stranger.pk],
            )
        assert access_team(hidden) == {hidden.noor.pk, hidden.world.nadia.pk}


def test_leaving_the_team_on_the_page_leads_to_the_list(hidden: Hidden) -> None:
    page = address("care_team", hidden.client_id)
    done = browser(hidden.world.nadia).post(page, {"restricted": "on", "members": [str(hidden.noor.pk)]})
    assert done["Location"] == address("clients")
    assert browser(hidden.noor).post(page, {"restricted": "on"}).status_code == 400


def test_a_restriction_costs_no_query_and_reads_no_other_file(hidden: Hidden) -> None:
    for user in (hidden.other, hidden.max):
        actor = hidden.actor(user)
        rows = Referral.objects.visible_to(actor).box(actor, Side.SENDER)[:20]
        with CaptureQueriesContext(connection) as queries:
            list(rows)
        assert len(queries) == 1
        if connection.vendor == "sqlite":
            assert "USING COVERING INDEX client_restricted_ids" in rows.explain()
