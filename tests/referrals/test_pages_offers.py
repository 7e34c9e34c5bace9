"""The pages of needs, offers, the plan, outreach and what is logged, in both languages."""

from __future__ import annotations

import pytest
from django.utils import timezone

from partners.models import Agreement
from referrals.models import Need, OutreachContact, Referral, SupportEntry
from tests.referrals.offering import Offering
from tests.referrals.pages import address, browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Offering:
    return Offering()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_from_the_need_to_the_partner_who_accepts_first(world: Offering, language: str) -> None:
    nadia = browser(world.nadia, language)

    def at(name: str, *args: object) -> str:
        return address(name, *args, language=language)

    world.agree(world.partners[0], world.partners[1])
    wrong = nadia.post(at("need_new", world.person.pk), {"category": "nothing", "urgency": "soon"})
    assert (wrong.status_code, Need.objects.count()) == (400, 0)
    words = {
        "category": "treatment-day",
        "urgency": "soon",
        "matters": "Planted words",
        "barriers": ["transport"],
    }
    made = nadia.post(at("need_new", world.person.pk), words, follow=True)
    need = Need.objects.get()
    assert "Planted words" in made.content.decode()
    changed = nadia.post(at("need_edit", need.pk), {**words, "urgency": "urgent", "phase": "2"}, follow=True)
    assert changed.redirect_chain[-1][0] == at("need", need.pk)
    need.refresh_from_db()
    assert (need.urgency, need.phase) == ("urgent", 2)
    assert at("need", need.pk) in nadia.get(at("client", world.person.pk)).content.decode()

    first, second, third = (str(service.pk) for service in world.services)
    page = nadia.post(at("offers_new", need.pk), {"chosen": [first, second], "add": third})
    assert [str(service.pk) for service in page.context["chosen"]] == [first, second, third]
    page = nadia.post(at("offers_new", need.pk), {"chosen": [first, second, third], "up": third})
    assert [str(service.pk) for service in page.context["chosen"]] == [first, third, second]
    page = nadia.post(at("offers_new", need.pk), {"chosen": [first, second], "remove": first, "q": "program"})
    assert [str(service.pk) for service in page.context["chosen"]] == [second]
    empty = nadia.post(at("offers_new", need.pk), {"do": "offer"})
    assert (empty.status_code, Referral.objects.count()) == (400, 0)
    assert nadia.post(at("offers_new", need.pk), {"chosen": "nonsense"}).status_code == 404

    chosen = {"chosen": [first, second, third], "mode": "at_once", "do": "send"}
    sent = nadia.post(at("offers_new", need.pk), chosen, follow=True)
    referrals = list(Referral.objects.order_by("created_at"))
    assert [referral.status for referral in referrals] == ["sent", "sent", "draft"]
    assert referrals[2].code in sent.content.decode()
    again = nadia.post(at("offers_send", need.pk), follow=True)
    assert again.status_code == 200
    assert nadia.post(at("need_close", need.pk), {"closed": "yes"}).status_code == 409

    accepted = browser(world.answers[1], language).post(at("action", referrals[1].pk, "accept"))
    assert accepted.status_code == 302
    assert world.states(referrals) == ["withdrawn", "accepted", "withdrawn"]
    lost = browser(world.tom, language).post(at("action", referrals[0].pk, "accept"))
    assert lost.status_code == 409
    told = lost.content.decode()
    assert not [word for word in (referrals[1].code, "Partner 2", "Withdrawn", "Retiré") if word in told]


def test_what_a_partner_declines_is_asked_elsewhere_with_one_tap(world: Offering) -> None:
    declined = world.act(world.sent(), "decline", reason="no_capacity")
    nadia = browser(world.nadia)

    page = nadia.get(address("detail", declined.pk))
    assert [service.pk for service in page.context["alternatives"]] == [s.pk for s in world.services[1:]]
    tapped = nadia.post(address("offer_one", declined.need_id, world.services[1].pk))

    draft = Referral.objects.get(service=world.services[1])
    assert tapped["Location"] == f"{address('send')}?draft={draft.pk}"
    assert (draft.need_id, draft.consent_id) == (declined.need_id, None)
    assert nadia.get(tapped["Location"]).status_code == 200
    # Once asked it is no alternative any more, and a second tap says so.
    page = nadia.get(address("detail", declined.pk))
    assert [service.pk for service in page.context["alternatives"]] == [world.services[2].pk]
    nadia.post(address("offer_one", declined.need_id, world.services[1].pk))
    assert Referral.objects.count() == 2
    assert browser(world.tom).get(address("detail", declined.pk)).context["alternatives"] == []


def test_either_side_takes_up_again_what_has_ended(world: Offering) -> None:
    declined = world.act(world.sent(), "decline", reason="no_capacity")
    asked = browser(world.tom).post(address("continuation", declined.pk))
    assert asked["Location"] == address("detail", declined.pk)
    assert browser(world.tom).post(address("continuation", declined.pk)).status_code == 409
    nadia = browser(world.nadia)
    assert declined.code in nadia.get(address("home")).content.decode()
    made = nadia.post(address("continuation", declined.pk))
    draft = Referral.objects.get(continues=declined)
    assert made["Location"] == f"{address('send')}?draft={draft.pk}"
    assert declined.code in nadia.get(address("detail", draft.pk)).content.decode()
    assert nadia.post(address("continuation", declined.pk)).status_code == 409
    assert browser(world.pat).post(address("continuation", declined.pk)).status_code == 404


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_goes_outside_the_network_is_logged_step_by_step(world: Offering, language: str) -> None:
    Agreement.objects.filter(organization=world.northern).delete()
    world.service.__class__.objects.filter(pk=world.service.pk).update(accepts_referrals=False)
    nadia, tom = browser(world.nadia, language), browser(world.tom, language)
    consent = world.consent()
    screen = address("send", language=language)
    where = {"service": str(world.service.pk), "client": str(world.person.pk)}
    page = nadia.get(screen, where)
    assert page.context["logged"]
    form = {
        "category": "treatment-day",
        "urgency": "soon",
        "consent_state": "standing",
        "consent_language": "en",
    }

    sent = nadia.post(screen, {**where, **form, "field_groups": consent.field_groups, "do": "send"})

    referral = Referral.objects.get()
    assert (sent.status_code, referral.kind, referral.status) == (302, "logged", "sent")
    steps = [
        ("waitlist", {"unknown": "on"}, "waitlisted"),
        ("accept", {}, "accepted"),
        ("start-service", {"date": timezone.localdate().isoformat()}, "in_service"),
        ("close", {"outcome": "referred_on", "date": timezone.localdate().isoformat()}, "closed"),
    ]
    for slug, details, status in steps:
        page = nadia.get(address("detail", referral.pk, language=language))
        assert page.context["seen"] is None
        nadia.post(address("action", referral.pk, slug, language=language), details)
        assert world.states([referral]) == [status]
        assert tom.get(address("detail", referral.pk, language=language)).status_code == 404
    assert referral.code not in tom.get(address("inbox", language=language)).content.decode()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_plan_holds_support_and_its_end(world: Offering, language: str) -> None:
    nadia = browser(world.nadia, language)
    plan = address("plan", world.person.pk, language=language)
    today = timezone.localdate().isoformat()
    assert nadia.post(plan, {"kind": "ride", "on": "2999-01-01"}).status_code == 400
    nadia.post(plan, {"kind": "ride", "on": today, "note": "Planted note"})
    nadia.post(plan, {"kind": "transitional_housing", "on": today})
    stay = SupportEntry.objects.get(kind="transitional_housing")
    page = nadia.get(plan).content.decode()
    assert "Planted note" in page
    assert "729" in page
    end = address("plan_end", world.person.pk, stay.pk, language=language)
    assert nadia.post(end, {"until": "1999-01-01"}).status_code == 400
    assert nadia.post(end, {"until": today}).status_code == 302
    assert nadia.post(end, {"until": today}).status_code == 409
    outreach = address("outreach", language=language)
    assert nadia.post(outreach, {"people": "0", "on": today}).status_code == 400
    counted = nadia.post(outreach, {"people": "7", "on": today, "area": "north-end"}, follow=True)
    assert counted.status_code == 200
    assert OutreachContact.objects.get().people == 7


def test_every_action_has_a_page_with_its_details(world: Offering) -> None:
    """Waitlist with a date or without, withdraw and void with their reasons, void for managers alone."""
    sent = world.sent()
    answer = browser(world.tom).post(address("action", sent.pk, "waitlist"), {})
    assert (answer.status_code, world.states([sent])) == (400, ["sent"])
    answer = browser(world.tom).post(address("action", sent.pk, "waitlist"), {"expected_date": "2999-01-01"})
    assert (answer.status_code, world.states([sent])) == (400, ["sent"])
    browser(world.tom).post(address("action", sent.pk, "waitlist"), {"unknown": "on"})
    assert world.states([sent]) == ["waitlisted"]
    page = browser(world.nadia).get(address("detail", sent.pk))
    assert {button.action.name for button in page.context["buttons"]} == {"withdraw"}
    assert (
        browser(world.nadia).post(address("action", sent.pk, "void"), {"reason": "duplicate"}).status_code
        == 403
    )
    assert browser(world.nadia).post(address("action", sent.pk, "expire"), {}).status_code == 403
    paula = browser(world.paula)
    names = {button.action.name for button in paula.get(address("detail", sent.pk)).context["buttons"]}
    assert names == {"withdraw", "void"}
    assert paula.post(address("action", sent.pk, "void"), {}).status_code == 400
    paula.post(address("action", sent.pk, "void"), {"reason": "duplicate"})
    assert world.states([sent]) == ["entered_in_error"]
