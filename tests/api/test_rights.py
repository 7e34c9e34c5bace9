"""The person's rights through the API: the history of a file and who saw it."""

from __future__ import annotations

import pytest

from referrals.consent import disclose
from referrals.models import ClientCorrection, Referral
from tests.api.conftest import Ask, Fits
from tests.api.world import HEALTH, World

pytestmark = pytest.mark.django_db


def test_a_change_is_kept_with_its_reason_and_a_statement_beside_it(
    world: World, ask: Ask, fits: Fits
) -> None:
    path = f"/clients/{world.person.pk}/"

    assert ask("patch", path, world.nadia, {"health": "New", "reason": "She told us"}).status_code == 200
    said = {"statement": "I never said so", "reason": "A report says it"}
    made = ask("post", path + "corrections/", world.nadia, said)

    assert made.status_code == 201
    found = fits(ask("get", path + "corrections/", world.nadia))
    assert [(row["field"], row["before"], row["reason"]) for row in found["results"]] == [
        ("statement", "I never said so", "A report says it"),
        ("health", HEALTH, "She told us"),
    ]
    assert found["results"][0]["by"] == "Nadia (demo)"
    assert ask("get", path + "corrections/?page=2", world.nadia).json()["results"] == []
    for wrong in ({"statement": "x"}, {"statement": "", "reason": "y"}, {**said, "field": "health"}):
        assert ask("post", path + "corrections/", world.nadia, wrong).status_code == 400
    too_long = ask("patch", path, world.nadia, {"health": "Other", "reason": "x" * 501})
    assert too_long.status_code == 400
    assert ClientCorrection.objects.count() == 2


def test_who_saw_it_is_told_to_worker_and_officer(world: World, ask: Ask, fits: Fits) -> None:
    referral = world.referral("accepted", world.person)
    disclose(Referral.objects.get(pk=referral.pk), world.tom)
    path = f"/clients/{world.person.pk}/accesses/"

    for actor in (world.nadia, world.paula):
        first = ask("get", path + "?page_size=1", actor).json()
        assert (first["count"], len(first["results"])) == (1, 1)
        line = first["results"][0]
        assert (line["who"], line["organization_name"]) == ("", "Red River (demo)")
        said = {detail["name"]: detail["value"] for detail in line["details"]}
        assert said["Shown or consented"].startswith("Name and birth date")
    french = fits(ask("get", path, world.nadia, language="fr"))
    assert french["results"][0]["what"] == "Dossier d’une personne affiché"
    ask("get", f"/clients/{world.person.pk}/", world.nadia)
    newest = fits(ask("get", path, world.nadia))["results"][0]
    assert (newest["who"], newest["organization_name"]) == ("Nadia (demo)", "Lantern (demo)")
