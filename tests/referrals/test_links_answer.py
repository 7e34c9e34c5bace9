"""A partner without an account answers from a mail: what the letter holds, and each step behind it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.utils import timezone

from partners import audit
from partners.models import AuditEvent, OutboxRow
from referrals.events import timeline
from referrals.links.minting import LETTER
from referrals.models import AnswerLink, LinkVisit, Message, Referral, TimelineEvent
from tests.referrals.linked import WHO, Linked
from tests.referrals.pages import NAME, SECRETS, address, browser

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate().isoformat()


@pytest.fixture
def linked() -> Linked:
    return Linked()


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_letter_holds_a_code_and_a_link_and_is_written_when_it_is_sent(linked: Linked) -> None:
    referral = linked.world.sent()
    rows = OutboxRow.objects.filter(object_id=referral.pk, organization=linked.world.northern)
    assert [(row.kind, row.code) for row in rows] == [(LETTER, referral.code)]
    assert AnswerLink.objects.get().digest is None  # nothing is minted before

    letter = linked.letter(referral)

    assert (letter.address, letter.recipient) == ("intake@northern.example", linked.world.northern.pk)
    assert letter.subject == f"Relais: {referral.code}"
    assert letter.url.startswith(f"{settings.BASE_URL}/r/")
    token = letter.url.rstrip("/").rpartition("/")[2]
    whole = "\n".join([letter.subject, *letter.lines, letter.url_label, *letter.closing])
    assert referral.code in letter.lines[0]
    assert linked.code(referral) not in whole
    named = (*SECRETS, "Lantern", "Northern", "Day program", "Programme de jour", token)
    assert [word for word in named if word in whole] == []
    assert linked.letter(referral).url != letter.url  # a retry mints anew
    assert AnswerLink.objects.filter(replaced_at__isnull=True).count() == 1


def test_reading_the_link_changes_nothing_and_tells_nothing(linked: Linked) -> None:
    """As a mail scanner does, which fetches every link and may follow what it finds."""
    referral = linked.world.sent()
    path = linked.path(referral)
    before = (AuditEvent.objects.count(), TimelineEvent.objects.count())

    for method in ("get", "head", "get"):
        answer = getattr(linked.phone, method)(path)
        assert answer.status_code == 200
        assert not answer.cookies
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"

    shown = text_of(linked.phone.get(path))
    told = (referral.code, linked.code(referral), "Lantern", "Northern", "Day program", *SECRETS)
    assert [word for word in told if word in shown] == []
    assert "data-exit" in shown  # the way out
    assert path not in shown  # nor does the page repeat its address
    referral.refresh_from_db()
    assert referral.opened_at is None
    assert (AuditEvent.objects.count(), TimelineEvent.objects.count()) == before
    assert linked.phone.post(path + "again/").status_code == 404


def test_the_code_opens_half_an_hour_that_is_marked_and_named(linked: Linked) -> None:
    referral = linked.world.sent()

    answer = linked.enter(linked.path(referral), linked.code(referral))

    cookie = answer.cookies["relais_visit"]
    assert (cookie["path"], cookie["samesite"], cookie["max-age"]) == ("/r/", "Strict", "")
    assert cookie["httponly"] is True
    assert bool(cookie["secure"]) == settings.SESSION_COOKIE_SECURE
    visit = LinkVisit.objects.get()
    assert visit.name == WHO
    assert visit.expires_at - visit.started_at < datetime.timedelta(minutes=31)
    row = AuditEvent.objects.filter(action="referral.link_visit", chain=linked.world.lantern.pk).get()
    assert (row.channel, row.user_id, row.organization_id) == ("link", None, linked.world.northern.pk)
    assert row.details == {"visit": str(visit.pk)}
    assert audit.verify()[1] is None

    page = linked.phone.get(answer["Location"])

    assert page.status_code == 200
    assert not page.cookies
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    shown = text_of(page)
    assert referral.code in shown
    assert "csrfmiddlewaretoken" not in shown
    assert "/sent/" not in shown
    assert "/inbox/" not in shown
    assert [word for word in SECRETS if word in shown] == []
    referral.refresh_from_db()
    assert referral.opened_at is not None


def test_a_whole_answer_by_the_actions_of_the_inbox(linked: Linked) -> None:
    referral, page = linked.inside()
    tomorrow = timezone.localtime() + datetime.timedelta(days=1)

    linked.phone.get(page)
    accepted = linked.post(page, "actions/accept")
    assert accepted.redirect_chain == [(page, 302)]
    assert NAME in text_of(accepted)
    release = AuditEvent.objects.filter(action="disclose", chain=linked.world.lantern.pk).last()
    assert release is not None
    assert (release.channel, release.details["visit"]) == ("link", str(LinkVisit.objects.get().pk))

    plan = {"kind": "self", "when": tomorrow.strftime("%Y-%m-%dT%H:%M"), "place": "The side door"}
    assert "The side door" in text_of(linked.post(page, "handoffs/new", **plan))
    handoff = referral.handoffs.get()
    assert "Took place" in text_of(linked.post(page, f"handoffs/{handoff.pk}/result", result="kept"))
    linked.post(page, "attempts", method="text", result="reached")
    assert "We are open" in text_of(linked.post(page, "messages", text="We are open"))
    assert Message.objects.get().author_id is None
    linked.post(page, "actions/start-service", date=TODAY)
    closed = linked.post(page, "actions/close", outcome="got_some_help", date=TODAY)
    assert f"{page}outcome/" in text_of(closed)
    linked.post(page, "outcome", outcome="got_help", date=TODAY, reason="wrong_outcome")

    referral.refresh_from_db()
    assert (referral.status, referral.end_reason) == ("closed", "got_help")
    assert referral.attempts.get().by is None
    lines = timeline(Referral.objects.get(pk=referral.pk), linked.world.actor(linked.world.nadia))
    by_link = [line.kind for line in lines if line.link_name == WHO]
    assert by_link[:4] == ["link_visit", "opened", "accept", "handoff_planned"]
    assert {"message", "start_service", "close"} <= set(by_link)
    assert not any("visit" in line.details for line in lines)
    both = f"Northern (demo), by link: {WHO}"
    assert both in text_of(linked.phone.get(page))
    assert both in text_of(browser(linked.world.nadia).get(address("detail", referral.pk)))
    rows = AuditEvent.objects.filter(channel="link")
    assert rows.count() > 10
    assert not any(WHO in str(row.details) for row in rows)


@pytest.mark.parametrize("step", ["waitlist", "decline"])
def test_the_other_answers(linked: Linked, step: str) -> None:
    referral, page = linked.inside()
    given = {"waitlist": {"unknown": "on"}, "decline": {"reason": "no_capacity"}}[step]

    answer = linked.post(page, f"actions/{step}", **given)

    referral.refresh_from_db()
    assert referral.status == {"waitlist": "waitlisted", "decline": "declined"}[step]
    assert answer.status_code == 200
    assert [word for word in SECRETS if word in text_of(answer)] == []
    if step == "decline":
        assert "No longer shared" in text_of(answer)
        asked = linked.post(page, "continuation")
        assert asked.redirect_chain == [(page, 302)]


def test_what_is_wrong_or_came_too_late_is_said_on_the_same_side(linked: Linked) -> None:
    referral, page = linked.inside()
    refused = linked.phone.post(f"{page}actions/decline/", {})
    assert (refused.status_code, refused.templates[0].name) == (400, "referrals/detail.html")
    assert not refused.cookies
    assert linked.phone.post(f"{page}actions/send/").status_code == 403
    assert linked.phone.post(f"{page}actions/withdraw/", {"reason": "client_choice"}).status_code == 403
    assert linked.phone.post(f"{page}actions/accept/", {"as": "sender"}).status_code == 403
    linked.world.act(referral, "withdraw", linked.world.nadia, reason="client_choice")

    late = linked.phone.post(f"{page}actions/accept/")

    assert late.status_code == 409
    assert f'href="{page}"' in text_of(late)
    assert "client_choice" not in text_of(late)
    assert linked.phone.post(f"{page}documents/").status_code == 404  # files go the other way alone


def test_both_languages_with_the_token_in_no_address(linked: Linked) -> None:
    referral = linked.world.sent()
    path = linked.path(referral)
    french = Browser(headers={"accept-language": "fr-CA"})
    assert 'lang="fr-CA"' in text_of(french.get(path))

    chosen = french.get(path, {"language": "en"})

    assert 'lang="en-CA"' in text_of(chosen)
    assert 'href="?language=fr"' in text_of(chosen)
    kept = chosen.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (kept["path"], kept["samesite"]) == ("/r/", "Strict")
    page = linked.enter(path, linked.code(referral), french)["Location"]
    inside = text_of(french.get(page))
    assert 'lang="en-CA"' in inside
    assert f'href="{page}?language=fr"' in inside
    assert 'lang="fr-CA"' in text_of(french.get(page, {"language": "fr"}))
    assert path.split("/")[2] not in inside


def test_leaving_ends_it_at_once(linked: Linked) -> None:
    _referral, page = linked.inside()

    left = linked.phone.post(f"{page}leave/")

    assert left.status_code == 200
    assert left.cookies["relais_visit"].value == ""
    assert linked.phone.get(page).status_code == 404
    assert LinkVisit.objects.get().ended_at is not None
