"""A need offered to several partners: what is made, what is sent, who wins, and who is told what."""

from __future__ import annotations

import pytest

from partners.actor import SYSTEM, Side
from partners.errors import Conflict, DomainError, Invalid, ListingNotOpen, NotSeen, Refused
from partners.models import Agreement, AuditEvent, OutboxRow
from referrals import worklist
from referrals.actions import apply_action
from referrals.boxes import box_page
from referrals.consent import disclose
from referrals.consent_acts import withdraw_consent
from referrals.events import timeline
from referrals.models import Need, Referral
from referrals.needs import change_need, create_need, open_need
from referrals.offers import offer_need, send_offers
from tests.referrals.offering import Offering
from tests.referrals.pages import admitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Offering:
    return Offering()


def test_the_first_who_accepts_ends_every_other_offer(world: Offering) -> None:
    sent = world.asked("at_once")
    assert world.states(sent) == ["sent"] * 3
    world.act(sent[2], "waitlist", world.answers[2], expected_date="unknown")

    world.act(sent[1], "accept", world.answers[1])

    assert world.states(sent) == ["withdrawn", "accepted", "withdrawn"]
    for loser, answerer in [(sent[0], world.answers[0]), (sent[2], world.answers[2])]:
        actor = world.actor(answerer)
        loser.refresh_from_db()
        assert loser.end_reason == "accepted_elsewhere"
        assert disclose(loser, actor).stage == "tombstone"
        assert [line.kind for line in timeline(loser, actor)] == ["send", "sharing_ended"]
        with pytest.raises(Conflict) as refused:
            world.act(loser, "accept", answerer)
        assert str(refused.value) == "No longer shared. Contact the sender."
        assert not refused.value.extra["current_status"]
        notices = OutboxRow.objects.filter(organization_id=actor.organization_id)
        assert {row.kind for row in notices} == {"send", "sharing_ended"}
        log = AuditEvent.objects.filter(chain=actor.organization_id, object_id=str(loser.pk))
        assert "accepted" not in str(list(log.values("action", "details")))


@pytest.mark.parametrize("after", ["accepted", "drafted before", "closed"])
def test_what_an_acceptance_leaves_alone(world: Offering, after: str) -> None:
    """Another's waitlisted place that had been accepted, drafts of other needs, what has ended."""
    mine = world.asked("at_once")
    other = world.offered("single", [world.services[0]])[0]
    if after == "accepted":
        Referral.objects.filter(pk=mine[0].pk).update(accepted_at=mine[0].sent_at, status="waitlisted")
    else:
        world.act(mine[0], "decline", world.answers[0], reason="no_capacity")
    left = world.states([mine[0], other])

    world.act(mine[1], "accept", world.answers[1])

    assert world.states([mine[0], other]) == left


def test_nothing_is_sent_without_its_own_consent(world: Offering) -> None:
    world.agree(world.partners[0], world.partners[2])
    drafts = world.offered("at_once")

    report = send_offers(actor=world.actor(world.nadia), need_id=drafts[0].need_id)

    assert [(one.sent, one.code) for one in report] == [(True, ""), (False, "consent_required"), (True, "")]
    assert world.states(drafts) == ["sent", "draft", "sent"]


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        ("decline", True),
        ("deadline", True),
        ("client_choice", True),
        ("safety", False),
        ("withdrawn consent", False),
        ("no consent", False),
        ("no agreement", False),
        ("age not known", False),
        ("lapsed listing", False),
    ],
)
def test_in_turn_the_next_is_asked_where_all_holds(world: Offering, how: str, wanted: bool) -> None:
    first, second, third = world.asked("in_turn")
    assert world.states([first, second, third]) == ["sent", "draft", "draft"]
    if how == "no consent":
        withdraw_consent(actor=world.actor(world.nadia), consent_id=second.consent_id, how="phone")
    elif how == "no agreement":
        Agreement.objects.filter(organization=world.partners[1]).update(ends_on="2020-01-02")
    elif how == "age not known":
        type(world.person).objects.filter(pk=world.person.pk).update(age_band="unknown")
    elif how == "lapsed listing":
        type(second.service).objects.filter(pk=second.service_id).update(accepts_referrals=False)

    if how == "deadline":
        apply_action(referral_id=first.pk, action="expire", actor=SYSTEM, reason="deadline")
    elif how == "withdrawn consent":
        withdraw_consent(actor=world.actor(world.nadia), consent_id=first.consent_id, how="phone")
    elif how in ("client_choice", "safety"):
        world.act(first, "withdraw", world.nadia, reason=how)
    else:
        world.act(first, "decline", reason="no_capacity")

    assert world.states([second, third]) == ["sent" if wanted else "draft", "draft"]
    listed = {section.key: section.items for section in worklist.sections(world.actor(world.nadia))}
    assert [item.code for item in listed.get("next", [])] == ([] if wanted else [second.code])
    if wanted:
        second = world.again([second])[0]
        assert second.answer_due_on
        assert second.events.get(kind="send").side == "system"
        assert OutboxRow.objects.filter(object_id=second.pk, kind="send").count() == 2


def test_the_system_sends_nothing_but_the_next_of_a_list(world: Offering) -> None:
    def send(referral: Referral) -> str:
        try:
            return apply_action(referral_id=referral.pk, action="send", actor=SYSTEM).status
        except DomainError as error:
            return error.code

    world.agree(*world.partners)
    alone = world.offered("single", [world.services[0]])[0]
    at_once = world.offered("at_once")
    in_turn = world.offered("in_turn")
    assert [send(draft) for draft in (alone, *at_once, *in_turn)] == ["refused"] * 7
    send_offers(actor=world.actor(world.nadia), need_id=in_turn[0].need_id)
    assert [send(draft) for draft in in_turn[1:]] == ["refused"] * 2
    # The list goes on only once a worker has had a look at what she withdrew.
    world.act(in_turn[0], "withdraw", world.nadia, reason="safety")
    assert send(in_turn[2]) == "refused"
    assert send(in_turn[1]) == "sent"


def test_a_draft_that_is_taken_out_moves_nothing_and_one_more_beside_stops_no_list(world: Offering) -> None:
    first, second, third = world.asked("in_turn")
    world.act(second, "withdraw", world.nadia, reason="client_choice")
    assert world.states([first, second, third]) == ["sent", "withdrawn", "draft"]
    more = world.service_of(world.partners[1])
    world.agree(world.partners[1])
    nadia = world.actor(world.nadia)
    (beside,) = offer_need(actor=nadia, need_id=first.need_id, services=[more.pk], mode="single")
    world.act(first, "decline", reason="no_capacity")
    assert world.states([third, beside]) == ["sent", "draft"]


def test_a_list_ends_with_an_acceptance_and_waits_while_somebody_is_asked(world: Offering) -> None:
    first, second, third = world.asked("in_turn")
    assert send_offers(actor=world.actor(world.nadia), need_id=first.need_id) == []
    world.act(first, "waitlist", expected_date="unknown")
    assert world.states([second, third]) == ["draft", "draft"]
    world.act(first, "accept")
    assert world.states([first, second, third]) == ["accepted", "withdrawn", "withdrawn"]
    world.act(first, "withdraw", world.nadia, reason="client_choice")
    assert world.states([first, second, third]) == ["withdrawn"] * 3


def test_police_are_never_one_of_several(world: Offering) -> None:
    police = world.service_of(admitted("Police", "police_liaison"))
    police.organization.__class__.objects.filter(pk=world.lantern.pk).update(uses_police_channel=True)
    nadia = world.actor(world.nadia)
    for mode in ("at_once", "in_turn"):
        for services in ([police, world.services[0]], [world.services[0], police]):
            with pytest.raises(Invalid) as refused:
                world.offered(mode, services)
            assert list(refused.value.errors) == ["service"]
    assert not Referral.objects.exists()
    alone = world.offered("single", [police])[0]
    with pytest.raises(Invalid):
        offer_need(actor=nadia, need_id=alone.need_id, services=[world.services[0].pk], mode="single")
    other = world.offered("single", [world.services[0]])[0]
    with pytest.raises(Invalid):
        offer_need(actor=nadia, need_id=other.need_id, services=[police.pk], mode="single")
    assert Referral.objects.count() == 2


def test_all_drafts_are_made_or_none(world: Offering) -> None:
    need, nadia = world.need(), world.actor(world.nadia)
    shut = world.service_of(world.partners[1], accepts_referrals=False)
    ids = [service.pk for service in world.services]

    def offer(services: list[object], mode: str) -> str:
        with pytest.raises(DomainError) as refused:
            offer_need(actor=nadia, need_id=need.pk, services=services, mode=mode)
        return ",".join(getattr(refused.value, "errors", {refused.value.code: ""}))

    assert offer([ids[0], shut.pk], "at_once") == ListingNotOpen.code
    assert offer([ids[0], need.pk], "at_once") == NotSeen.code
    assert offer([], "at_once") == "services"
    assert offer([ids[0], ids[0]], "at_once") == "services"
    assert offer(ids, "single") == "mode"
    assert offer(ids, "by lot") == "mode"
    outside = world.service_of(admitted("Outside", "other"))
    Agreement.objects.filter(organization=outside.organization).delete()
    assert offer([ids[0], outside.pk], "in_turn") == "services"
    assert not Referral.objects.exists()
    offer_need(actor=nadia, need_id=need.pk, services=ids[:1], mode="single")
    assert offer(ids, "at_once") == "service"
    Referral.objects.update(status="accepted")
    assert offer(ids[1:], "at_once") == Conflict.code


def test_a_need_is_the_own_workers_alone(world: Offering) -> None:
    need = world.need()
    for user, refusal in ((world.tom, NotSeen), (world.pat, NotSeen), (world.eva, Refused)):
        actor = world.actor(user)
        for act in (
            lambda actor=actor: open_need(actor=actor, need_id=need.pk),
            lambda actor=actor: change_need(actor=actor, need_id=need.pk, urgency="soon"),
            lambda actor=actor: send_offers(actor=actor, need_id=need.pk),
            lambda actor=actor: offer_need(
                actor=actor, need_id=need.pk, services=[world.services[0].pk], mode="single"
            ),
        ):
            with pytest.raises(refusal):
                act()


def test_a_need_is_written_down_changed_and_closed(world: Offering) -> None:
    nadia = world.actor(world.nadia)
    with pytest.raises(Invalid) as refused:
        create_need(
            actor=nadia,
            client_id=world.person.pk,
            category="nothing",
            urgency="now",
            phase=9,
            barriers=["wings"],
        )
    assert set(refused.value.errors) == {"category", "urgency", "phase", "barriers"}
    assert not Need.objects.exists()
    need = create_need(
        actor=nadia,
        client_id=world.person.pk,
        category="treatment-day",
        matters="Planted words",
        barriers=["transport"],
    )
    changed = change_need(actor=nadia, need_id=need.pk, urgency="urgent", phase=2)
    assert (changed.urgency, changed.phase, changed.barriers) == ("urgent", 2, ["transport"])
    assert open_need(actor=nadia, need_id=need.pk).matters == "Planted words"
    offer_need(actor=nadia, need_id=need.pk, services=[world.services[0].pk], mode="single")
    with pytest.raises(Conflict):
        change_need(actor=nadia, need_id=need.pk, closed=True)
    world.act(Referral.objects.get(), "withdraw", world.nadia, reason="client_choice")
    change_need(actor=nadia, need_id=need.pk, closed=True)
    with pytest.raises(Conflict):
        offer_need(actor=nadia, need_id=need.pk, services=[world.services[1].pk], mode="single")
    change_need(actor=nadia, need_id=need.pk, closed=False)
    rows = AuditEvent.objects.filter(object_type="need")
    assert set(rows.values_list("action", flat=True)) >= {"need.create", "need.change", "need.open"}
    assert "Planted" not in str(list(rows.values_list("details", flat=True)))


def test_the_box_of_a_loser_holds_a_code_and_a_date(world: Offering) -> None:

    sent = world.asked("at_once")
    world.act(sent[1], "accept", world.answers[1])

    (row,) = box_page(world.actor(world.answers[0]), Side.RECEIVER).object_list

    assert (row.status, row.need, row.service, row.urgency) == ("", "", None, "")
