"""``Idempotency-Key``, ``ETag`` and ``If-Match``."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from api.idempotency import LONGEST_REQUEST
from api.models import IdempotencyKey
from partners import audit
from partners.models import AuditEvent
from referrals.models import Client, Referral, TimelineEvent
from tests.api.conftest import Ask, Fits
from tests.api.world import NAME, World

pytestmark = pytest.mark.django_db


def test_the_same_request_with_its_key_acts_once(ask: Ask, fits: Fits, world: World) -> None:
    first = ask("post", "/clients/", world.nadia, {"chosen_name": NAME}, key="once")
    second = ask("post", "/clients/", world.nadia, {"chosen_name": NAME}, key="once")
    other = ask("post", "/clients/", world.nadia, {"chosen_name": NAME}, key="twice")

    assert (first.status_code, second.status_code) == (201, 201)
    assert fits(first)["id"] == fits(second)["id"] != fits(other)["id"]
    assert (second["Idempotent-Replayed"], "Idempotent-Replayed" in first) == ("true", False)
    assert Client.objects.count() == 2


def test_an_action_repeated_with_its_key_answers_how_it_stands(ask: Ask, world: World) -> None:
    path = f"/referrals/{world.referral('sent').pk}/actions/accept/"

    answers = [ask("post", path, world.tom, key="accept") for _attempt in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert ask("post", path, world.tom).status_code == 409
    assert ask("post", path, world.tom, key="new").status_code == 409
    assert TimelineEvent.objects.filter(kind="accept").count() == 1


def test_a_key_belongs_to_one_request(ask: Ask, world: World) -> None:
    ask("post", "/clients/", world.nadia, {"chosen_name": "A"}, key="k")

    reused = ask("post", "/clients/", world.nadia, {"chosen_name": "B"}, key="k", language="fr")

    assert (reused.status_code, reused.json()["code"]) == (409, "idempotency_key_reused")
    assert "Idempotency-Key" in reused.json()["detail"]
    assert Client.objects.count() == 1


def test_a_key_belongs_to_one_person_in_one_organization(ask: Ask, world: World) -> None:
    for actor in (world.nadia, world.paula, world.tom):
        assert ask("post", "/clients/", actor, {"chosen_name": "A"}, key="k").status_code == 201
    assert Client.objects.count() == 3


def test_a_replay_shows_only_what_may_still_be_seen(ask: Ask, world: World) -> None:
    referral = world.referral("sent")
    path = f"/referrals/{referral.pk}/actions/accept/"
    assert NAME in ask("post", path, world.tom, key="k").content.decode()

    ask("post", f"/consents/{referral.consent_id}/withdraw/", world.nadia, {"how": "phone"})

    assert NAME not in ask("post", path, world.tom, key="k").content.decode()


def test_a_request_that_still_runs_is_not_run_again(ask: Ask, world: World) -> None:
    ask("post", "/clients/", world.nadia, {"chosen_name": "A"}, key="k")
    IdempotencyKey.objects.update(object_id=None)

    again = ask("post", "/clients/", world.nadia, {"chosen_name": "A"}, key="k")

    assert (again.status_code, again.json()["code"]) == (409, "still_running")


def test_an_act_stands_with_its_key_or_not_at_all(
    ask: Ask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server dies between the act and the note that it is done, and can tidy nothing up."""

    def dies(row: IdempotencyKey, **given: Any) -> None:
        if "update_fields" in given:
            raise SystemExit
        save(row, **given)

    save = IdempotencyKey.save
    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(IdempotencyKey, "save", dies)
        patch.setattr(IdempotencyKey, "delete", lambda row: None)
        ask("post", "/clients/", world.nadia, {"chosen_name": "A"}, key="k")
    assert not Client.objects.exists()
    IdempotencyKey.objects.update(created_at=timezone.now() - LONGEST_REQUEST)

    again = ask("post", "/clients/", world.nadia, {"chosen_name": "A"}, key="k")

    assert again.status_code == 201
    assert Client.objects.count() == 1


def test_a_refusal_is_recorded_though_what_was_tried_is_not_kept(ask: Ask, world: World) -> None:
    path = f"/referrals/{world.referral('closed').pk}/actions/accept/"

    assert [ask("post", path, world.tom, key="k").status_code for _ in range(2)] == [409, 409]

    refused = AuditEvent.objects.filter(action="referral.accept", result="refused")
    assert refused.count() == 2
    assert audit.verify()[1] is None


@pytest.mark.parametrize("key", ["", "x" * 256, "clé"])
def test_a_key_is_short_and_plain(ask: Ask, world: World, key: str) -> None:
    answer = ask("post", "/clients/", world.nadia, {"chosen_name": "A"}, key=key)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])


def test_nothing_of_what_was_sent_is_kept(ask: Ask, world: World) -> None:
    ask("post", "/clients/", world.nadia, {"chosen_name": NAME}, key="key-in-clear")

    row = IdempotencyKey.objects.values().get()
    assert not {"key-in-clear", NAME} & set(map(str, row.values()))
    assert row["path"] == "/api/v1/clients/"


def test_keys_are_forgotten_after_a_day(ask: Ask, world: World) -> None:
    ask("post", "/clients/", world.nadia, {"chosen_name": "A"}, key="old")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))

    ask("post", "/clients/", world.nadia, {"chosen_name": "A"}, key="old")

    assert Client.objects.count() == 2
    assert IdempotencyKey.objects.count() == 1


def test_nobody_overwrites_a_file_they_have_not_read(ask: Ask, world: World) -> None:
    path = f"/clients/{world.person.pk}/"
    read = ask("get", path, world.nadia)["ETag"]

    changed = ask("patch", path, world.paula, {"pronouns": "they"}, If_Match=read)
    late = ask("patch", path, world.nadia, {"pronouns": "she"}, If_Match=read, language="fr")

    assert (changed.status_code, changed.json()["pronouns"]) == (200, "they")
    assert changed["ETag"] != read
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    assert ask("get", path, world.nadia).json()["pronouns"] == "they"
    assert ask("patch", path, world.nadia, {"pronouns": "she"}, If_Match="*").status_code == 200


def test_nobody_overwrites_a_draft_they_have_not_read(ask: Ask, world: World) -> None:
    draft = world.referral("draft")
    path = f"/referrals/{draft.pk}/"
    read = ask("get", path, world.nadia)["ETag"]

    assert ask("patch", path, world.paula, {"note": "first"}, If_Match=read).status_code == 200
    assert ask("patch", path, world.nadia, {"note": "second"}, If_Match=read).status_code == 412
    assert Referral.objects.get(pk=draft.pk).note == "first"


def test_what_was_sent_is_not_changed(ask: Ask, world: World) -> None:
    sent = world.referral("sent")

    answer = ask("patch", f"/referrals/{sent.pk}/", world.nadia, {"note": "late"})

    assert (answer.status_code, answer.json()["current_status"]) == (409, "sent")


def test_every_read_of_a_file_is_recorded(ask: Ask, world: World) -> None:
    path = f"/clients/{world.person.pk}/"
    before = AuditEvent.objects.filter(result="released").count()

    ask("get", path, world.nadia)

    assert AuditEvent.objects.filter(result="released").count() == before + 1
