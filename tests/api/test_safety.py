"""Care teams, broken glass, sharing on a legal basis and the words of a consent, through the API."""

from __future__ import annotations

import pytest

from partners.models import AuditEvent
from referrals.models import Consent, GlassBreak, LegalBasisShare
from tests.api.conftest import Ask, Fits
from tests.api.world import NAME, PHONE, World

pytestmark = pytest.mark.django_db
REASON = {"reason": "Planted reason"}
SHARING = {**REASON, "basis": "danger", "field_groups": ["contact"], "recipient": "Planted desk"}


def test_a_file_is_restricted_and_opened_with_a_reason(ask: Ask, fits: Fits, world: World) -> None:
    person = world.person
    other = world.member("other", world.lantern, "worker")
    boss, officer = world.member("max", world.lantern, "manager"), world.paula
    path = f"/clients/{person.pk}/"
    helper = {"restricted": True, "members": [str(other.user_id)]}

    team = fits(ask("put", path + "care-team/", world.nadia, helper))
    assert (team["restricted"], team["may_change"], team["open_until"]) == (True, True, None)
    assert {row["id"] for row in team["members"]} == {str(world.nadia.user_id), str(other.user_id)}
    for actor in (boss, officer):
        assert ask("get", path, actor).status_code == 404
        assert ask("put", path + "care-team/", actor, {"restricted": False}).status_code == 404
        rows = ask("get", "/clients/", actor).json()["results"]
        assert str(person.pk) not in str(rows)

    for body, status in (({}, 400), ({"reason": ""}, 400), ({**REASON, "hours": 9}, 400), (REASON, 201)):
        answer = ask("post", path + "glass-breaks/", boss, body)
        assert answer.status_code == status, body
    broken = fits(answer)
    assert ask("get", path, boss).status_code == 200
    assert fits(ask("get", path + "care-team/", boss))["open_until"] == broken["until"]
    assert ask("put", path + "care-team/", boss, {"restricted": False}).status_code == 403
    assert ask("post", path + "glass-breaks/", boss, REASON).status_code == 409
    listed = fits(ask("get", "/glass-breaks/", officer))["results"]
    assert [(row["reason"], row["by"]["id"]) for row in listed] == [("Planted reason", str(boss.user_id))]
    done = fits(ask("post", f"/glass-breaks/{broken['id']}/review/", officer))
    assert done["reviewed_by"]["id"] == str(officer.user_id)
    assert GlassBreak.objects.count() == 1

    only = {"restricted": True, "members": [str(other.user_id)]}
    assert ask("put", path + "care-team/", world.nadia, only).status_code == 204
    assert ask("get", path, world.nadia).status_code == 404
    refused = ask("put", path + "care-team/", other, {"restricted": True})
    assert (refused.status_code, set(refused.json()["errors"])) == (400, {"members"})


def test_sharing_without_consent_takes_two_and_is_shown_once(ask: Ask, fits: Fits, world: World) -> None:
    path = f"/clients/{world.person.pk}/legal-basis-shares/"
    for wrong, field in (
        ({"basis": "curiosity"}, "basis"),
        ({"field_groups": ["all"]}, "field_groups.0"),
        ({"recipient": ""}, "recipient"),
        ({"reason": ""}, "reason"),
    ):
        refused = ask("post", path, world.nadia, {**SHARING, **wrong})
        assert (refused.status_code, set(refused.json()["errors"])) == (400, {field})
    share = fits(ask("post", path, world.nadia, SHARING))
    one = f"/legal-basis-shares/{share['id']}/"
    assert ask("post", one + "release/", world.nadia).status_code == 409
    assert ask("post", one + "decision/", world.nadia, {"decision": "approved"}).status_code == 403
    assert ask("post", one + "decision/", world.paula, {"decision": "maybe"}).status_code == 400
    decided = fits(ask("post", one + "decision/", world.paula, {"decision": "approved"}))
    assert (decided["decision"], decided["reviewed_by"]["id"]) == ("approved", str(world.paula.user_id))
    assert ask("post", one + "decision/", world.paula, {"decision": "refused"}).status_code == 409

    sheet = fits(ask("post", one + "release/", world.nadia))
    assert sheet["person"]["safe_contact"]["phone"] == PHONE
    assert set(sheet["person"]) == {"safe_contact"}
    assert sheet["notice"]
    assert NAME not in str(sheet)
    again = ask("post", one + "release/", world.nadia)
    assert (again.status_code, PHONE in again.content.decode()) == (409, False)
    row = AuditEvent.objects.get(action="legal_basis.release")
    assert (row.object_id, row.user_id) == (str(world.person.pk), world.nadia.user_id)
    for actor in (world.tom, world.ines):
        assert ask("get", one, actor).status_code == 404
    assert fits(ask("get", path, world.nadia))["count"] == LegalBasisShare.objects.count() == 1


def test_a_consent_is_read_whole_and_its_end_says_who_told(ask: Ask, fits: Fits, world: World) -> None:
    consent = world.consent(how="spoken", witness="Planted witness", language="fr")
    for language in ("en", "fr"):
        body = fits(ask("get", f"/consents/{consent.pk}/", world.nadia, language=language))
        assert (body["witness"], body["text_read_in"]) == ("Planted witness", "fr")
        assert any("Vous pouvez dire non" in line for line in body["text"])
    listed = ask("get", f"/clients/{world.person.pk}/consents/", world.nadia)
    assert b"Planted witness" not in listed.content
    end = {"how": "phone", "told_by": "Planted caller"}
    assert ask("post", f"/consents/{consent.pk}/withdraw/", world.nadia, end).status_code == 200
    assert Consent.objects.get().withdrawn_told_by == "Planted caller"
    assert fits(ask("get", f"/consents/{consent.pk}/", world.nadia))["withdrawn_told_by"] == "Planted caller"


def test_under_18_the_consent_says_who_gave_it_before_anything_is_sent(ask: Ask, world: World) -> None:
    person = world.client(age_band="under_18")
    draft = world.referral("draft", person)
    Consent.objects.update(given_by_reason="")
    report = {"state": "reported", "at": "2026-11-20T10:00:00-06:00", "reported_to": "CFS intake"}
    ask("post", f"/clients/{person.pk}/child-protection/", world.nadia, report)
    path = f"/referrals/{draft.pk}/actions/send/"
    refused = ask("post", path, world.nadia)
    assert (refused.status_code, refused.json()["code"]) == (422, "child_protection_required")
    assert "consents" in refused.json()["detail"]
    given = {
        "recipient": str(world.red_river.pk),
        "field_groups": ["identity"],
        "text_version": "2026-11",
        "language": "en",
        "how": "written",
        "given_by": "self",
        "given_by_reason": "Sixteen, decides for herself",
    }
    assert ask("post", f"/clients/{person.pk}/consents/", world.nadia, given).status_code == 201
    assert ask("post", path, world.nadia).status_code == 200


def test_a_closed_block_hides_the_number_from_the_receiver(ask: Ask, world: World) -> None:
    referral = world.referral("accepted")
    path, change = f"/referrals/{referral.pk}/", f"/clients/{referral.client_id}/"
    assert PHONE in ask("get", path, world.tom).content.decode()
    block = {"methods": ["text"], "phone": PHONE, "text": True, "do_not_contact": True}
    assert ask("patch", change, world.nadia, {"safe_contact": block}).status_code == 200
    shown = ask("get", path, world.tom).json()["client"]["safe_contact"]
    assert (shown["phone"], shown["methods"], shown["do_not_contact"]) == ("", [], True)
    assert ask("get", change, world.nadia).json()["safe_contact"]["phone"] == PHONE
