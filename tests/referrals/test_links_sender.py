"""What the sender sees of a partner's link and does about it; the clock's letters; bodies outside."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from partners.access import actor_for
from partners.errors import Conflict, NotSeen, Refused
from partners.models import AuditEvent, Membership, OutboxRow
from referrals.links import minting
from referrals.links.panel import LinkState, link_state
from referrals.links.renewing import new_link, send_preview
from referrals.models import AnswerLink, LinkVisit, Referral
from tests.referrals.clock import DAY, at, run_all
from tests.referrals.linked import Linked
from tests.referrals.pages import SECRETS, address, browser

pytestmark = pytest.mark.django_db

CODE = re.compile(r"\b\d{6}\b")


@pytest.fixture
def linked() -> Linked:
    return Linked()


def state(linked: Linked, referral: Referral) -> LinkState | None:
    fresh = Referral.objects.get(pk=referral.pk)
    return link_state(fresh, linked.world.actor(linked.world.nadia))


def shown(linked: Linked, referral: Referral) -> str:
    page = browser(linked.world.nadia).get(address("detail", referral.pk)).content.decode()
    found = re.search(r'<section id="link".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def test_the_code_stands_on_the_senders_page_until_it_has_done_its_work(linked: Linked) -> None:
    referral = linked.world.sent()
    code = linked.code(referral)
    assert "on its way" in shown(linked, referral)
    assert CODE.findall(shown(linked, referral)) == [code]
    linked.letter(referral)
    assert "They have a link until" in shown(linked, referral)

    _referral, page = linked.inside(referral)

    assert CODE.findall(shown(linked, referral)) == [code]  # opened, not answered
    assert "Last opened with the code" in shown(linked, referral)
    assert code not in linked.phone.get(page).content.decode()
    linked.post(page, "actions/accept")
    assert CODE.findall(shown(linked, referral)) == []
    linked.letter(referral)  # a reminder: they need the code again
    assert CODE.findall(shown(linked, referral)) == [code]
    with at((timezone.localdate() + 9 * DAY).isoformat()):
        assert "The link has run out" in shown(linked, referral)
    linked.world.take_back(referral)
    assert shown(linked, referral) == ""


def test_a_new_link_has_a_new_code_and_puts_everybody_out(linked: Linked) -> None:
    referral, page = linked.inside()
    old = linked.code(referral)

    sent = browser(linked.world.nadia).post(address("answer_link_new", referral.pk))

    assert sent["Location"].endswith("#link")
    assert linked.code(referral) != old
    assert linked.phone.get(page).status_code == 404
    assert LinkVisit.objects.get().ended_at is not None
    row = AuditEvent.objects.get(action="referral.link_new")
    assert (row.chain, row.user_id) == (linked.world.lantern.pk, linked.world.nadia.pk)


def test_links_are_the_senders_to_make(linked: Linked) -> None:
    referral, page = linked.inside()
    before = OutboxRow.objects.count()
    for user, status in ((linked.world.pat, 404), (linked.world.eva, 404)):
        for name in ("answer_link_new", "preview_link_new"):
            assert browser(user).post(address(name, referral.pk)).status_code == status
    Membership.objects.create(user=linked.world.eva, organization=linked.world.northern, role="worker")
    with pytest.raises(Refused):
        new_link(referral_id=referral.pk, actor=actor_for(linked.world.eva, linked.world.northern.pk))
    with pytest.raises(NotSeen):
        send_preview(referral_id=referral.pk, actor=linked.world.actor(linked.world.pat))
    nadia = browser(linked.world.nadia)
    assert nadia.get(address("answer_link_new", referral.pk)).status_code == 405
    # Somebody there signs in by now.
    assert nadia.post(address("answer_link_new", referral.pk)).status_code == 409
    assert OutboxRow.objects.count() == before
    assert page


def test_nothing_is_sent_for_what_is_not_shared(linked: Linked) -> None:
    world = linked.world
    nadia = world.actor(world.nadia)
    declined = world.sent(world.client(chosen_name="A"))
    linked.post(linked.inside(declined)[1], "actions/decline", reason="no_capacity")
    draft = world.draft(world.client(chosen_name="B"))
    for referral in (declined, draft):
        assert state(linked, referral) is None
        assert browser(world.nadia).post(address("answer_link_new", referral.pk)).status_code in (409, 422)
    with pytest.raises(Conflict):
        send_preview(referral_id=world.sent(world.client(chosen_name="C")).pk, actor=nadia)


def test_without_an_address_the_sender_is_asked_to_phone(linked: Linked) -> None:
    linked.world.northern.referral_email = ""
    linked.world.northern.save()
    referral = linked.world.sent()
    assert not OutboxRow.objects.filter(kind=minting.LETTER).exists()
    found = state(linked, referral)
    assert found is not None
    assert found.state == "no_address"
    assert "phone them" in shown(linked, referral)
    assert browser(linked.world.nadia).post(address("answer_link_new", referral.pk)).status_code == 409


def test_a_partner_who_signs_in_gets_no_link(linked: Linked) -> None:
    Membership.objects.create(user=linked.world.tom, organization=linked.world.northern, role="worker")
    referral = linked.world.sent()
    assert [row.kind for row in OutboxRow.objects.filter(object_id=referral.pk)] == ["send"]
    assert not AnswerLink.objects.exists()
    assert shown(linked, referral) == ""
    with pytest.raises(Conflict):
        new_link(referral_id=referral.pk, actor=linked.world.actor(linked.world.nadia))


def test_the_clock_and_the_sender_write_by_new_links(linked: Linked) -> None:
    """A reminder, a message and a handoff each make a letter of their own; of an end another one tells."""
    world = linked.world
    with at("2026-11-02"):
        referral = world.sent()
        first = linked.path(referral)
    with at("2026-11-06"):
        run_all()
        reminder = linked.path(referral)
        assert linked.phone.get(first).status_code == 410
        assert linked.enter(reminder, linked.code(referral)).status_code == 303
        nadia = browser(world.nadia)
        nadia.post(address("message", referral.pk), {"text": "Will you?"})
        run_all()
    kinds = [row.kind for row in OutboxRow.objects.filter(organization=world.northern)]
    assert kinds == [minting.LETTER] * 3
    with at("2026-11-09"):
        world.act(referral, "withdraw", world.nadia, reason="client_choice")
    assert OutboxRow.objects.filter(organization=world.northern, kind=minting.ENDED).count() == 1
    letter = linked.letter(referral, minting.ENDED)
    assert (letter.url, "No longer shared" in str(letter)) == ("", False)
    assert referral.code in letter.lines[0]


def logged(linked: Linked) -> Referral:
    world = linked.world
    world.service.email = "desk@outside.example"
    world.service.save()
    referral = world.sent()
    Referral.objects.filter(pk=referral.pk).update(kind="logged")
    AnswerLink.objects.all().delete()
    return referral


def test_a_body_outside_the_network_is_asked_to_phone(linked: Linked) -> None:
    referral = logged(linked)
    linked.world.lantern.phones.create(number="2045550100")
    nadia = browser(linked.world.nadia)
    assert "Ask them to phone" in shown(linked, referral)

    assert nadia.post(address("preview_link_new", referral.pk)).status_code == 302
    letter = linked.letter(referral, minting.PREVIEW)
    path = "/r/" + letter.url.rpartition("/r/")[2]

    assert letter.address == "desk@outside.example"
    page = linked.phone.get(path)
    text = page.content.decode()
    assert page.status_code == 200
    assert [word for word in (*SECRETS, "Day program", "Winnipeg") if word in text] == []
    assert referral.code in text
    assert "Lantern (demo)" in text
    assert "204-555-0100" in text
    assert "<form" not in text
    assert AnswerLink.objects.get().code == ""
    assert linked.enter(path, "000000").status_code == 200  # nothing to try
    assert not LinkVisit.objects.exists()
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    with at((timezone.localdate() + 8 * DAY).isoformat()):
        assert linked.phone.get(path).status_code == 404
    linked.world.take_back(referral)
    assert linked.phone.get(path).status_code == 404
    assert shown(linked, referral) == ""
    assert nadia.post(address("answer_link_new", referral.pk)).status_code in (409, 422)


def test_the_page_of_the_sender_makes_no_more_queries_with_more_links(
    linked: Linked, assert_flat: Any
) -> None:
    referral, page = linked.inside()
    nadia = browser(linked.world.nadia)
    where = address("detail", referral.pk)

    def grow() -> None:
        linked.inside(referral)
        linked.post(page, "messages", text="More")

    linked.post(page, "messages", text="One")
    assert_flat(lambda: nadia.get(where), grow)
    assert_flat(lambda: linked.phone.get(page), grow)
