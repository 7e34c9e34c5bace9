"""Client files, consents and needs: the own organization's, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from partners.models import AuditEvent
from referrals.models import ChildProtectionRecord
from tests.api.conftest import Ask, Fits
from tests.api.world import NAME, SAFE_CONTACT, World

pytestmark = pytest.mark.django_db


def test_a_file_holds_what_was_given_and_asks_for_little(ask: Ask, fits: Fits, world: World) -> None:
    made = fits(ask("post", "/clients/", world.nadia, {"chosen_name": NAME}))
    full = fits(
        ask(
            "post",
            "/clients/",
            world.nadia,
            {
                "chosen_name": NAME,
                "legal_name": "Somebody",
                "birth_date": "1991-04-17",
                "language": "fr",
                "phase": 3,
                "safe_area": "north-end",
                "safe_contact": {**SAFE_CONTACT, "email": None},
            },
        )
    )

    assert (made["age_band"], made["is_minor"], made["phase"], made["birth_date"]) == (
        "unknown",
        None,
        None,
        None,
    )
    assert (full["birth_date"], full["age_band"], full["is_minor"]) == ("1991-04-17", "35_49", False)
    assert (full["phase"], full["safe_area"]["code"]) == (3, "north-end")
    assert full["safe_contact"]["code_word"] == SAFE_CONTACT["code_word"]
    assert made["code"] != full["code"]


def test_the_list_is_of_the_own_organization(ask: Ask, fits: Fits, world: World) -> None:
    own, foreign = world.person, world.client(actor=world.ines)

    body = fits(ask("get", "/clients/", world.nadia))

    assert [row["id"] for row in body["results"]] == [str(own.pk)]
    assert body["count"] == 1
    assert fits(ask("get", "/clients/?page=2", world.nadia))["results"] == []
    assert ask("get", f"/clients/{foreign.pk}/", world.nadia).status_code == 404
    assert ask("get", "/clients/?q=Wren", world.nadia).status_code == 400


def test_a_change_leaves_the_rest(ask: Ask, fits: Fits, world: World) -> None:
    body = fits(ask("patch", f"/clients/{world.person.pk}/", world.paula, {"pronouns": "iel"}))

    assert (body["pronouns"], body["chosen_name"]) == ("iel", NAME)
    assert body["safe_contact"]["phone"] == SAFE_CONTACT["phone"]


def test_a_phase_is_entered_and_the_last_one_left(ask: Ask, fits: Fits, world: World) -> None:
    path = f"/clients/{world.person.pk}/phases/"
    ask("post", path, world.nadia, {"phase": 1, "on": "2026-10-01"})

    body = fits(ask("post", path, world.nadia, {"phase": 2, "on": "2026-11-01", "reason": "Ready"}))

    assert body["phase"] == 2
    assert [(row["phase"], row["left_on"]) for row in body["phases"]] == [(2, None), (1, "2026-11-01")]


def test_under_eighteen_nothing_is_sent_before_the_report(ask: Ask, fits: Fits, world: World) -> None:
    person = world.client(age_band="under_18")
    draft = world.referral("draft", person)
    path = f"/referrals/{draft.pk}/actions/send/"

    for language in ("en", "fr"):
        refused = ask("post", path, world.nadia, language=language)
        assert fits(refused)["code"] == "child_protection_required"
        assert refused.status_code == 422
    reported = ask(
        "post",
        f"/clients/{person.pk}/child-protection/",
        world.nadia,
        {"state": "reported", "at": "2026-11-20T10:00:00-06:00", "reported_to": "CFS intake"},
    )
    assert fits(reported)["reported_to"] == "CFS intake"
    assert ask("post", path, world.nadia).status_code == 200


def test_the_report_stands_in_no_other_answer(ask: Ask, world: World) -> None:
    person = world.client(age_band="under_18")
    report = {"state": "reported", "at": "2026-11-20T10:00:00-06:00", "reported_to": "Planted intake"}
    ask("post", f"/clients/{person.pk}/child-protection/", world.nadia, report)
    accepted = world.referral("accepted", person)

    assert ChildProtectionRecord.objects.count() == 1
    for path in (f"/clients/{person.pk}/", f"/referrals/{accepted.pk}/", "/clients/"):
        for actor in (world.nadia, world.tom):
            assert b"Planted intake" not in ask("get", path, actor).content


def test_consents_are_listed_with_their_ends(ask: Ask, fits: Fits, world: World) -> None:
    world.consent()
    world.consent(field_groups=["identity"])
    path = f"/clients/{world.person.pk}/consents/"

    body = fits(ask("get", path, world.nadia))

    assert [row["live"] for row in body["results"]] == [True, False]
    assert body["results"][0]["field_groups"] == ["identity"]
    assert body["results"][1]["superseded_at"]


def test_a_refusal_is_recorded_and_opens_nothing(ask: Ask, fits: Fits, world: World) -> None:
    body = {
        "recipient": world.red_river.pk,
        "field_groups": [],
        "refused": True,
        "text_version": "2026-11",
        "language": "en",
        "how": "written",
    }
    made = fits(ask("post", f"/clients/{world.person.pk}/consents/", world.nadia, body))

    assert (made["refused"], made["live"]) == (True, False)


def test_a_consent_ends_once(ask: Ask, fits: Fits, world: World) -> None:
    path = f"/consents/{world.consent().pk}/withdraw/"

    assert ask("post", path, world.nadia, {"how": "phone"}).status_code == 200
    again = ask("post", path, world.nadia, {"how": "phone"})
    assert (again.status_code, fits(again)["code"]) == (409, "conflict")


def test_a_need_groups_its_offers(ask: Ask, fits: Fits, world: World) -> None:
    body = {"client": world.person.pk, "category": "withdrawal-medical", "urgency": "soon"}
    need = fits(ask("post", "/needs/", world.nadia, body))

    offer = fits(ask("post", f"/needs/{need['id']}/offers/", world.nadia, {"service": world.service.pk}))

    assert (offer["status"], offer["need"]["id"], offer["consent"]) == ("draft", need["id"], None)
    found = fits(ask("get", f"/needs/{need['id']}/", world.nadia))
    assert [row["id"] for row in found["offers"]] == [offer["id"]]
    listed = fits(ask("get", f"/needs/?client={world.person.pk}", world.nadia))
    assert listed["count"] == 1
    assert fits(ask("get", "/needs/", world.tom))["count"] == 0


def test_a_new_referral_may_be_for_a_need_that_exists(ask: Ask, fits: Fits, world: World) -> None:
    need = fits(ask("post", "/needs/", world.nadia, {"client": world.person.pk, "category": "food-bank"}))
    body = {"client": world.person.pk, "service": world.service.pk, "need": need["id"]}

    made = fits(ask("post", "/referrals/", world.nadia, body))

    assert made["need"] == {
        "id": need["id"],
        "code": "food-bank",
        "name": need["category"]["name"],
        "urgency": "routine",
    }


def test_a_list_of_clients_is_one_release(ask: Ask, world: World) -> None:
    for _number in range(3):
        world.client()
    before = AuditEvent.objects.filter(result="released").count()

    ask("get", "/clients/", world.nadia)

    assert AuditEvent.objects.filter(result="released").count() == before + 1


@pytest.mark.parametrize("path", ["/clients/", "/needs/", "/referrals/?box=sent", "/referrals/?box=inbox"])
def test_lists_ask_the_database_no_more_for_fifty_rows(
    ask: Ask, world: World, assert_flat: Callable[..., None], path: str
) -> None:
    asker = world.tom if "inbox" in path else world.nadia
    world.referral("accepted")

    def grow() -> None:
        for number in range(49):
            world.referral("accepted" if number % 2 else "sent")

    assert_flat(lambda: ask("get", f"{path}{'&' if '?' in path else '?'}page_size=100", asker), grow)


def test_what_hangs_on_one_person_or_referral_is_flat_too(
    ask: Ask, world: World, assert_flat: Callable[..., None]
) -> None:
    referral = world.referral("accepted")
    base = f"/referrals/{referral.pk}/"

    def grow(times: int = 25) -> None:
        for _number in range(times):
            for actor in (world.nadia, world.tom):
                assert ask("post", f"{base}messages/", actor, {"text": "Hello"}).status_code == 201
                body = {"kind": "information_only"}
                assert ask("post", f"{base}handoffs/", actor, body).status_code == 201

    grow(1)
    for path in ("messages/", "handoffs/", "timeline/"):
        assert_flat(lambda path=path: ask("get", base + path, world.tom), grow)
