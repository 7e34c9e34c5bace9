"""What a receiver sees: consent ∩ profile of its kind ∩ stage, and nothing before it is recorded."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.models import Area
from partners import audit
from partners.actor import Side
from partners.models import AuditEvent, Organization, User
from referrals import events, handoffs, messages
from referrals.client_view import ClientView
from referrals.clients import enter_phase
from referrals.consent import disclose, stage_of
from referrals.models import Client, Consent, Referral
from tests.referrals.disclosure_rules import ALL, BLOCK, EMPTIED, FIELDS, PLANTED, PROFILES, STAGES
from tests.referrals.pages import SAFE_CONTACT, World, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    made = World()
    values = {k: v for k, v in PLANTED.items() if k not in ("safe_contact", "note")}
    made.person = made.client(**values, age_band="", safe_area="north-end")
    enter_phase(actor=made.actor(made.nadia), client_id=made.person.pk, phase=2, on=timezone.localdate())
    return made


@pytest.fixture
def referral(world: World) -> Referral:
    consent = world.consent(field_groups=list(FIELDS))
    return world.sent(consent_id=consent.pk, note="Note Planted")


def put(referral: Referral, status: str, accepted: bool) -> Referral:
    moment = timezone.now() if accepted else None
    Referral.objects.filter(pk=referral.pk).update(status=status, accepted_at=moment)
    return Referral.objects.get(pk=referral.pk)


def seen(world: World, referral: Referral) -> ClientView:
    """As who answers at the receiver sees it; where that is the police, their liaison does."""
    found = Referral.objects.get(pk=referral.pk)
    if found.receiver.kind == "police_liaison":
        liaison = User.objects.filter(email="mo@pages.example").first()
        return disclose(found, world.actor(liaison or member("Mo", world.northern, "police_liaison")))
    return disclose(found, world.actor(world.tom))


def releases() -> Any:
    return AuditEvent.objects.filter(result="released", action="disclose")


def planted_in(view: ClientView) -> set[str]:
    text = repr(view)
    found = {name for name, value in PLANTED.items() if value in text}
    return found | ({"safe_contact"} if any(word in text for word in BLOCK) else set())


@pytest.mark.parametrize("kind", PROFILES)
@pytest.mark.parametrize(("state", "stage"), STAGES.items(), ids=lambda value: str(value))
def test_stage_kind_and_field_groups(
    world: World, referral: Referral, kind: str, state: tuple[str, bool], stage: str
) -> None:
    Organization.objects.filter(pk=world.northern.pk).update(kind=kind)
    put(referral, *state)
    before = releases().count()

    view = seen(world, referral)

    open_groups = PROFILES[kind] if stage == "disclosed" else set()
    wanted = {name for group in open_groups for name in FIELDS[group]}
    if kind == "police_liaison":
        wanted &= {"chosen_name"}
    assert view.stage == stage
    assert {name for name in ALL if getattr(view, name) is not None} == wanted
    assert planted_in(view) == wanted - {"phase"}
    assert set(view.withheld) == set(ALL) - wanted
    assert world.person.code not in repr(view)
    assert releases().count() - before == (2 if open_groups else 0)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(sorted(PROFILES)),
    groups=st.sets(st.sampled_from(sorted(FIELDS)), min_size=1),
    empty=st.sets(st.sampled_from(EMPTIED)),
    state=st.sampled_from(sorted(STAGES)),
    consent=st.sampled_from(["live", "withdrawn", "expired", "superseded", "refused", "another's"]),
)
def test_nothing_outside_consent_and_profile_and_a_reason_for_each(
    world: World,
    referral: Referral,
    kind: str,
    groups: set[str],
    empty: set[str],
    state: tuple[str, bool],
    consent: str,
) -> None:
    Organization.objects.filter(pk=world.northern.pk).update(kind=kind)
    person = Client.objects.get(pk=world.person.pk)
    for name in EMPTIED:
        setattr(person, name, "" if name in empty else ALL[name])
    person.save()
    Consent.objects.filter(pk=referral.consent_id).update(
        field_groups=sorted(groups), **ending(consent, world)
    )
    put(referral, *state)

    view = seen(world, referral)

    disclosed = STAGES[state] == "disclosed" and consent == "live"
    allowed = groups & PROFILES[kind] if disclosed else set()
    fields = {name for group in allowed for name in FIELDS[group]}
    if kind == "police_liaison":
        fields &= {"chosen_name"}
    held = {name for name in ALL if getattr(view, name) is not None}
    assert held == fields - empty
    assert planted_in(view) <= fields - empty
    assert set(view.withheld) == set(ALL) - held
    assert all(view.withheld[name] == reason(name, view, kind, groups, fields) for name in view.withheld)
    if consent != "live":
        assert view.stage == "tombstone"
    if kind == "police_liaison":
        assert (view.need, view.area, view.language, view.age_band, view.urgency) == (None,) * 5


def ending(consent: str, world: World) -> dict[str, Any]:
    """A consent that is as told; every other way to end it taken back."""
    now, day = timezone.now(), datetime.timedelta(days=1)
    return {
        "withdrawn_at": now if consent == "withdrawn" else None,
        "superseded_at": now if consent == "superseded" else None,
        "refused": consent == "refused",
        "given_at": now - 2 * day,
        "expires_at": now - day if consent == "expired" else now + day,
        "recipient": world.elsewhere if consent == "another's" else world.northern,
    }


def reason(name: str, view: ClientView, kind: str, groups: set[str], fields: set[str]) -> str:
    """Why a field is withheld, by the stage, the kind, the consent and the file, in this order."""
    group = next(group for group, names in FIELDS.items() if name in names)
    if view.stage == "tombstone":
        return "no_longer_shared"
    if kind == "police_liaison" and name != "chosen_name":
        return "not_for_this_partner"
    if view.stage == "preview":
        return "before_acceptance"
    if group not in PROFILES[kind]:
        return "not_for_this_partner"
    return "not_given" if group in groups else "not_consented"


def test_the_preview_says_what_a_decision_needs_and_no_more(world: World, referral: Referral) -> None:
    view = seen(world, referral)

    assert (view.stage, view.code, view.urgency) == ("preview", referral.code, "routine")
    assert view.need == referral.need.category.parent.neutral_en != referral.need.category.name_en
    assert view.need_code is None
    assert view.area == "Winnipeg"
    assert Area.objects.get(code="north-end").name_en not in repr(view)
    assert view.age_band == "35_49"
    assert view.language is None
    assert planted_in(view) == set()
    with translation.override("fr"):
        assert seen(world, referral).need == referral.need.category.parent.neutral_fr


def test_age_is_no_part_of_the_preview_where_the_service_has_no_limits(
    world: World, referral: Referral
) -> None:
    type(world.service).objects.filter(pk=world.service.pk).update(minimum_age=None, maximum_age=None)

    assert seen(world, referral).age_band is None


def test_a_release_is_recorded_in_both_chains_with_its_groups(world: World, referral: Referral) -> None:
    put(referral, "accepted", True)
    seen(world, referral)

    rows = list(releases().filter(details__stage="disclosed"))
    assert {row.chain for row in rows} == {world.lantern.pk, world.northern.pk}
    assert {row.user_id for row in rows} == {world.tom.pk}
    assert {row.object_id for row in rows} == {str(world.person.pk)}
    groups = ["identity", "contact", "situation", "health", "family"]
    assert all(row.details["field_groups"] == groups for row in rows)


@pytest.mark.django_db(transaction=True)
def test_the_release_is_committed_before_the_answer(world: World, referral: Referral) -> None:
    put(referral, "accepted", True)
    view = seen(world, referral)

    assert view.chosen_name == "Wren Planted"
    assert not connection.in_atomic_block
    assert releases().filter(details__stage="disclosed").count() == 2


def test_nothing_is_shown_when_the_release_cannot_be_recorded(
    world: World, referral: Referral, monkeypatch: pytest.MonkeyPatch
) -> None:
    def record(*entries: object) -> None:
        raise DatabaseError("the disk is full")

    put(referral, "accepted", True)
    monkeypatch.setattr(audit, "record", record)

    for user in (world.tom, world.nadia):
        with pytest.raises(DatabaseError):
            disclose(Referral.objects.get(pk=referral.pk), world.actor(user))
    assert not releases().exists()


def test_a_tombstone_says_the_same_whatever_the_cause(world: World, referral: Referral) -> None:
    messages.send_message(referral_id=referral.pk, actor=world.actor(world.nadia), text="Planted message")
    ends = [state for state, stage in STAGES.items() if stage == "tombstone"]
    views = []
    for state in (*ends, ("accepted", True)):
        put(referral, *state)
        views.append(seen(world, referral))
    views.pop()  # still shared
    for consent in ("withdrawn", "expired", "superseded"):
        Consent.objects.filter(pk=referral.consent_id).update(**ending(consent, world))
        views.append(seen(world, referral))
    Referral.objects.filter(pk=referral.pk).update(consent=None)
    views.append(seen(world, referral))

    assert {repr(view) for view in views} == {repr(views[0])}
    assert str(views[0].notice) == "No longer shared. Contact the sender."
    bare = ClientView(views[0].stage, referral.code, withheld=views[0].withheld, notice=views[0].notice)
    assert views[0] == bare
    buried, tom = Referral.objects.get(pk=referral.pk), world.actor(world.tom)
    assert messages.messages_of(buried, tom) == handoffs.handoffs_of(buried, tom) == []
    lines = events.timeline(buried, tom)
    assert [(line.kind, dict(line.details)) for line in lines] == [("send", {}), ("sharing_ended", {})]


def test_the_sender_sees_its_own_file_in_every_state(world: World, referral: Referral) -> None:
    for state in STAGES:
        view = disclose(put(referral, *state), world.actor(world.nadia))
        assert (view.stage, view.withheld) == ("own", {})
        assert planted_in(view) == set(PLANTED)
        assert view.safe_contact == {**SAFE_CONTACT}
        assert stage_of(referral, Side.SENDER) == "own"
