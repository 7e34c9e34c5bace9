"""Nobody gets in who should not, and whoever does not get in learns nothing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from time_machine import travel

from partners.models import AuditEvent, OutboxRow
from partners.one_time import digest_of
from referrals.links import minting
from referrals.links.minting import TRIES
from referrals.links.opening import Door, door_of, enter, find
from referrals.models import AnswerLink, LinkVisit, Referral
from referrals.worklist import sections
from tests.referrals.linked import DOOR, WHO, Linked
from tests.referrals.pages import NAME, SECRETS, address, browser

pytestmark = pytest.mark.django_db

UNKNOWN = f"{DOOR}{'x' * 43}/"
DAYS = datetime.timedelta(days=1)


@pytest.fixture
def linked() -> Linked:
    return Linked()


def body(answer: Any) -> str:
    """Without what differs from request to request by itself."""
    return re.sub(r'href="\?language=\w+"', "", str(answer.content.decode()))


def is_shut(linked: Linked, path: str, code: str) -> bool:
    """To look and to try, it answers like a token that never was."""
    phone = Browser(headers={"accept-language": "en"})
    seen, tried = phone.get(path), linked.enter(path, code, phone)
    never, tried_never = phone.get(UNKNOWN), linked.enter(UNKNOWN, code, phone)
    assert (seen.status_code, tried.status_code) == (404, 404)
    assert body(seen) == body(never) == body(tried) == body(tried_never)
    assert seen.headers == never.headers
    assert not tried.cookies
    return True


ENDS: dict[str, Callable[[Linked, Referral], object]] = {
    "consent withdrawn": lambda linked, referral: linked.world.take_back(referral),
    "withdrawn": lambda linked, referral: linked.world.act(
        referral, "withdraw", linked.world.nadia, reason="client_choice"
    ),
    "entered in error": lambda linked, referral: linked.world.act(
        referral, "void", linked.world.paula, reason="duplicate"
    ),
    "suspended": lambda linked, _referral: (
        type(linked.world.northern)
        .objects.filter(pk=linked.world.northern.pk)
        .update(suspended_at=timezone.now())
    ),
    "agreement ended": lambda linked, _referral: linked.world.northern.agreements.update(
        terminated_at=timezone.now()
    ),
    "police": lambda linked, _referral: (
        type(linked.world.northern).objects.filter(pk=linked.world.northern.pk).update(kind="police_liaison")
    ),
    "only logged": lambda _linked, referral: Referral.objects.filter(pk=referral.pk).update(kind="logged"),
}


@pytest.mark.parametrize("end", ENDS)
def test_what_is_no_longer_shared_answers_like_a_token_that_never_was(linked: Linked, end: str) -> None:
    """The link, the older one that it replaced, and the letter that is still owed."""
    referral = linked.world.sent()
    old = linked.path(referral)
    path, code = linked.path(referral), linked.code(referral)

    ENDS[end](linked, referral)

    assert is_shut(linked, path, code)
    assert is_shut(linked, old, code)
    assert Browser().post(f"{old}again/").status_code == 404
    if end not in ("withdrawn", "consent withdrawn", "entered in error"):
        row = OutboxRow.objects.filter(kind=minting.LETTER, object_id=referral.pk).first()
        assert row is not None
        row.organization.refresh_from_db()
        with pytest.raises(ValueError, match="unpack"):
            linked.letter(referral)
    assert not LinkVisit.objects.exists()


@pytest.mark.parametrize("end", ["suspended", "agreement ended", "police"])
def test_who_is_inside_is_outside_at_the_next_request(linked: Linked, end: str) -> None:
    referral, page = linked.inside()
    assert linked.phone.get(page).status_code == 200

    ENDS[end](linked, referral)

    assert linked.phone.get(page).status_code == 404
    assert linked.phone.post(f"{page}actions/accept/").status_code == 404
    referral.refresh_from_db()
    assert referral.status == "sent"


def test_a_consent_that_ends_in_the_middle_leaves_a_tombstone(linked: Linked) -> None:
    referral, page = linked.inside()
    linked.post(page, "actions/accept")
    assert NAME in linked.phone.get(page).content.decode()

    linked.world.take_back(referral)

    shown = linked.phone.get(page).content.decode()
    assert "No longer shared" in shown
    assert [word for word in SECRETS if word in shown] == []
    assert linked.phone.post(f"{page}messages/", {"text": "hello"}).status_code == 409
    ended = linked.letter(referral, minting.ENDED)
    assert (ended.url, ended.subject) == ("", f"Relais: {referral.code}")


def test_a_visit_lasts_half_an_hour_and_opens_one_referral(linked: Linked) -> None:
    other = linked.world.sent(linked.world.client(chosen_name="Another"))
    referral, page = linked.inside()
    foreign = page.replace(str(referral.pk), str(other.pk))
    assert linked.phone.get(foreign).status_code == 404
    assert linked.phone.post(f"{foreign}actions/accept/").status_code == 404
    assert Browser().get(page).status_code == 404
    forged = Browser()
    forged.cookies["relais_visit"] = LinkVisit.objects.get().digest
    assert forged.get(page).status_code == 404
    for inside in (address("detail", referral.pk), address("inbox"), "/api/v1/referrals/"):
        assert linked.phone.get(inside).status_code in (302, 401)

    with travel(timezone.now() + datetime.timedelta(minutes=29), tick=False):
        assert linked.phone.get(page).status_code == 200
    with travel(timezone.now() + datetime.timedelta(minutes=31), tick=False):
        assert body(linked.phone.get(page)) == body(linked.phone.get(UNKNOWN))
        assert linked.phone.post(f"{page}actions/accept/").status_code == 404


def test_the_sixth_code_fails_even_if_right(linked: Linked) -> None:
    referral = linked.world.sent()
    path, code, wrong = linked.path(referral), linked.code(referral), linked.wrong(referral)
    assert linked.enter(path, "12345").status_code == 400  # no code at all: costs nothing
    assert linked.enter(path, wrong, name="").status_code == 400

    for left in range(TRIES - 1, 0, -1):
        answer = linked.enter(path, wrong)
        assert answer.status_code == 400
        assert ("One try" if left == 1 else f"{left} tries") in answer.content.decode()
    assert linked.enter(path, wrong).status_code == 404

    assert is_shut(linked, path, code)
    assert not LinkVisit.objects.exists()
    assert OutboxRow.objects.filter(kind="link_killed", organization=linked.world.lantern).count() == 1
    rows = AuditEvent.objects.filter(chain=linked.world.lantern.pk, channel="link", result="refused")
    assert [row.action for row in rows.order_by("sequence")] == [
        *["referral.link_wrong_code"] * (TRIES - 1),
        "referral.link_killed",
    ]
    nadia = linked.world.actor(linked.world.nadia)
    (section,) = [one for one in sections(nadia) if one.key == "links"]
    assert [item.code for item in section.items] == [referral.code]
    with pytest.raises(ValueError, match="unpack"):
        linked.letter(referral)  # nothing goes out before the sender has made a new code

    browser(linked.world.nadia).post(address("answer_link_new", referral.pk))

    assert not [one for one in sections(nadia) if one.key == "links"]
    assert linked.code(referral) != code
    _referral, page = linked.inside(referral)
    assert linked.phone.get(page).status_code == 200
    assert linked.phone.get(path).status_code == 404


def test_a_newer_link_takes_over_the_code_and_the_tries(linked: Linked) -> None:
    referral = linked.world.sent()
    old, code = linked.path(referral), linked.code(referral)
    for _ in range(3):
        linked.enter(old, linked.wrong(referral))

    new = linked.path(referral)

    assert linked.code(referral) == code
    assert AnswerLink.objects.get(digest=digest_of(old.split("/")[2])).code == ""
    seen = linked.phone.get(old)
    assert (seen.status_code, seen.templates[0].name) == (410, "referrals/answer_link_old.html")
    assert linked.enter(old, code).status_code == 410
    assert referral.code not in seen.content.decode()
    owed = OutboxRow.objects.filter(kind=minting.LETTER)
    before = owed.count()
    assert [linked.phone.post(f"{old}again/").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert owed.count() == before + 3
    assert linked.phone.get(f"{old}again/").status_code == 405
    linked.enter(new, linked.wrong(referral))
    assert linked.enter(new, linked.wrong(referral)).status_code == 404  # the fifth of all
    assert is_shut(linked, old, code)


def test_a_link_runs_out_after_seven_days(linked: Linked) -> None:
    referral = linked.world.sent()
    path, code = linked.path(referral), linked.code(referral)
    with travel(timezone.now() + 7 * DAYS - datetime.timedelta(minutes=1), tick=False):
        assert linked.enter(path, code).status_code == 303
    with travel(timezone.now() + 7 * DAYS, tick=False):
        assert linked.enter(path, code).status_code == 410
        assert linked.phone.post(f"{path}again/").status_code == 200
        assert linked.enter(linked.path(referral), code).status_code == 303


def test_guessing_is_slow(linked: Linked) -> None:
    for number in range(30):
        assert linked.enter(f"{DOOR}guess{number}/", "123456").status_code == 404
    referral = linked.world.sent()
    assert linked.enter(linked.path(referral), linked.code(referral)).status_code == 429


STEPS = st.lists(st.sampled_from(["letter", "wrong", "right", "new", "wait", "old"]), max_size=14)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_only_the_newest_link_opens_and_only_by_its_code(
    linked: Linked, steps: list[str]
) -> None:
    """Against a model of five numbers; each example begins with a referral of its own."""
    now = timezone.now()
    # An agreement and a consent outlast every example; only links run out in it.
    with travel(now, tick=False) as clock:
        referral = linked.world.sent(linked.world.client(chosen_name="Another"))
        tokens: list[str] = []
        tried, age, visits = 0, 0, 0
        for step in steps:
            killed = tried >= TRIES
            if step == "letter" and not killed:
                tokens.append(linked.path(referral).split("/")[2])
                age = 0
            elif step == "new":
                minting.renew(referral)
                tried, tokens = 0, []
            elif step == "wait" and visits < 2:
                clock.shift(4 * DAYS)
                age, visits = age + 4, visits + 1
            elif step in ("wrong", "right", "old") and tokens:
                token = tokens[0] if step == "old" else tokens[-1]
                code = linked.wrong(referral) if step == "wrong" else linked.code(referral)
                opens = not killed and token == tokens[-1] and age < 7
                assert (door_of(find(token)) is Door.CODE) == opens
                answer = enter(token, code, WHO)
                assert bool(answer.secret) == (opens and step != "wrong")
                tried += opens and step == "wrong"
            standing = AnswerLink.objects.filter(referral=referral, replaced_at__isnull=True)
            assert standing.count() == 1
            assert standing.get().wrong_codes == tried
