"""Files and read marks through the API."""

from __future__ import annotations

import pytest

from partners.models import AuditEvent
from partners.uploads import MAX_BYTES
from referrals.consent_acts import withdraw_consent
from referrals.models import Document, Message
from tests.api.conftest import Ask, Fits, Upload
from tests.api.world import World
from tests.factories.files import TOLD, pdf, photo, picture

pytestmark = pytest.mark.django_db


def test_a_file_goes_over_and_is_downloaded_as_nothing_but_a_file(ask: Ask, fits: Fits, world: World) -> None:
    referral = world.referral("accepted")
    address = f"/referrals/{referral.pk}/documents/"
    upload = Upload(photo(), "Wren Planted.JPEG")

    made = ask("post", address, world.nadia, upload)

    body = fits(made)
    assert made.status_code == 201
    assert (body["name"], body["media_type"]) == ("Wren Planted.jpg", "image/jpeg")
    assert body["file_name"] == f"{referral.code}-1.jpg"
    [seen] = fits(ask("get", address, world.tom))["results"]
    assert (seen["id"], seen["unread"], seen["author"]) == (body["id"], True, "")
    for accept in ("image/jpeg", "*/*", "application/json"):
        got = ask("get", f"{address}{body['id']}/", world.tom, Accept=accept)
        assert (got.status_code, got["Content-Type"]) == (200, "image/jpeg")
    assert got["Content-Disposition"] == f'attachment; filename="{referral.code}-1.jpg"'
    assert got["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert got["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in got["Cache-Control"]
    assert got.content.startswith(b"\xff\xd8\xff")
    assert TOLD not in got.content
    releases = AuditEvent.objects.filter(action="document.open", result="released")
    assert {row.chain for row in releases} == {world.lantern.pk, world.red_river.pk}
    assert {row.object_id for row in releases} == {str(referral.client_id)}
    assert releases.first().details["document"] == body["id"]


def test_the_same_upload_sent_twice_is_one_file(ask: Ask, world: World) -> None:
    address = f"/referrals/{world.referral('accepted').pk}/documents/"

    first = ask("post", address, world.tom, Upload(pdf(), "a.pdf"), key="k1")
    again = ask("post", address, world.tom, Upload(pdf(), "a.pdf"), key="k1")
    other = ask("post", address, world.tom, Upload(picture(), "a.pdf"), key="k1")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert again["Idempotent-Replayed"] == "true"
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("upload", "status", "words"),
    [
        (Upload(b"", "a.png"), 400, "This file is empty."),
        (Upload(b"MZ words", "a.png"), 400, "Only PDF, PNG and JPEG files can be sent."),
        (Upload(picture()[:50], "a.png"), 400, "This file is damaged and cannot be read."),
        (Upload(b"%PDF-" + bytes(MAX_BYTES), "a.pdf"), 400, "This file is larger than 10 MB."),
        (Upload(picture(), "a.png", {"more": "words"}), 400, "There is no such field."),
        (Upload(picture(), "a.png", {"as": "a\0b"}), 400, ""),
    ],
)
def test_what_can_not_be_kept_is_said_and_nothing_is(
    ask: Ask, fits: Fits, world: World, upload: Upload, status: int, words: str
) -> None:
    answer = ask("post", f"/referrals/{world.referral('accepted').pk}/documents/", world.nadia, upload)

    assert answer.status_code == status
    assert words in str(answer.json()["errors"])
    assert not Document.objects.exists()


def test_a_file_is_asked_for_as_a_form(ask: Ask, world: World) -> None:
    address = f"/referrals/{world.referral('accepted').pk}/documents/"

    assert ask("post", address, world.nadia, {"file": "words"}).status_code == 415
    huge = ask("post", address, world.nadia, Upload(bytes(4 * MAX_BYTES + 1)))
    assert (huge.status_code, huge.json()["code"]) == (413, "too_large")


def test_no_file_is_open_to_the_receiver_before_acceptance_or_after_consent(ask: Ask, world: World) -> None:
    sent = world.referral("sent")
    address = f"/referrals/{sent.pk}/documents/"
    made = ask("post", address, world.nadia, Upload(picture())).json()
    one = f"{address}{made['id']}/"

    assert ask("get", address, world.tom).json()["results"] == []
    assert ask("get", one, world.tom).status_code == 404
    assert ask("post", address, world.tom, Upload(picture())).status_code == 403
    ask("post", f"/referrals/{sent.pk}/actions/accept/", world.tom)
    assert ask("get", one, world.tom).status_code == 200
    for stranger in (world.ines, world.pat):
        assert ask("get", one, stranger).status_code == 404

    withdraw_consent(actor=world.nadia, consent_id=sent.consent_id, how="phone")

    assert ask("get", one, world.tom).status_code == 404
    assert ask("get", address, world.tom).json()["results"] == []
    assert ask("post", address, world.tom, Upload(picture())).status_code == 404
    assert ask("post", f"/referrals/{sent.pk}/messages/read/", world.tom).status_code == 404
    assert ask("get", one, world.nadia).status_code == 200
    assert ask("post", address, world.nadia, Upload(picture())).status_code == 422


def test_a_file_of_another_referral_is_not_found_under_this_one(ask: Ask, world: World) -> None:
    first, second = world.referral("accepted"), world.referral("accepted")
    made = ask("post", f"/referrals/{first.pk}/documents/", world.nadia, Upload(picture())).json()

    assert ask("get", f"/referrals/{second.pk}/documents/{made['id']}/", world.nadia).status_code == 404


def test_what_came_is_new_until_it_is_said_to_be_read(ask: Ask, fits: Fits, world: World) -> None:
    referral = world.referral("accepted")
    address = f"/referrals/{referral.pk}/messages/"
    for words in ("One", "Two"):
        ask("post", address, world.nadia, {"text": words})

    def new(actor: object) -> list[bool]:
        return [row["unread"] for row in fits(ask("get", address, actor))["results"]]

    assert (new(world.tom), new(world.nadia)) == ([True, True], [False, False])
    until = Message.objects.order_by("sent_at").first().sent_at
    fits(ask("post", f"{address}read/", world.tom, {"until": until.isoformat()}))
    assert new(world.tom) == [False, True]
    ask("post", f"{address}read/", world.tom, {"until": "2001-01-01T00:00:00Z"})
    assert new(world.tom) == [False, True]
    ask("post", address, world.tom, {"text": "A reply"})
    assert (new(world.tom), new(world.nadia)) == ([False, False, False], [False, False, True])
    assert ask("post", f"{address}read/", world.tom, {"until": "words"}).status_code == 400
    assert ask("post", f"{address}read/", world.pat).status_code == 404
    assert AuditEvent.objects.filter(action="referral.messages_read").exists()
