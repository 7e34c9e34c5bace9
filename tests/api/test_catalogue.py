"""Organizations, programs, categories, vocabularies, places, and the workflow table."""

from __future__ import annotations

import pytest

from directory.fixtures_loader import load_network
from directory.models import Program
from partners.models import Organization
from referrals import workflow
from tests.api.conftest import Ask, Fits
from tests.api.world import World
from tests.factories.listings import NETWORK, make_organization, make_service

pytestmark = pytest.mark.django_db


def test_organizations_with_something_in_the_catalogue(ask: Ask, fits: Fits) -> None:
    listed = make_service(organization=make_organization(name_en="Clinic", name_fr="Clinique")).organization
    silent = make_organization(name_en="Only signs in")
    make_service(organization=make_organization(name_en="Only drafts"), publish=False)

    body = fits(ask("get", "/organizations/", language="fr"))

    assert [row["name"] for row in body["results"]] == ["Clinique"]
    assert fits(ask("get", f"/organizations/{listed.pk}/"))["name"] == "Clinic"
    assert ask("get", f"/organizations/{silent.pk}/").status_code == 404


def test_the_model_programs_profile_in_both_languages(ask: Ask, fits: Fits) -> None:
    load_network(NETWORK)
    program = Program.objects.get(name_en="Women's Support and Recovery Program")

    english = fits(ask("get", f"/programs/{program.pk}/"))
    french = fits(ask("get", f"/programs/{program.pk}/", language="fr"))

    assert english["profile"]["objectives"][0]["text"].startswith("Give long-term support")
    assert french["profile"]["objectives"][0]["text"].startswith("Offrir un soutien")
    assert "text_en" not in str(english["profile"])
    assert english["facets"].keys() == french["facets"].keys()
    assert english["as_of"] == "2018-04-23"
    assert fits(ask("get", "/programs/"))["count"] == Program.objects.count()


def test_categories_are_a_tree_of_codes(ask: Ask, fits: Fits) -> None:
    top = fits(ask("get", "/categories/", language="fr"))["results"]

    crisis = next(category for category in top if category["code"] == "crisis")
    assert crisis["name"] == "Aide urgente et lignes d’écoute"
    assert {child["code"] for child in crisis["children"]} >= {"crisis-line"}


def test_vocabularies_name_every_other_code(ask: Ask, fits: Fits) -> None:
    found = {row["code"]: row for row in fits(ask("get", "/vocabularies/"))["results"]}

    assert {"population", "language", "place", "urgency", "outcome", "field_group"} <= set(found)
    assert {"code": "got_help", "name": "Got help"} in found["outcome"]["terms"]
    assert "category" not in found


def test_places_by_the_beginning_of_their_name(ask: Ask, fits: Fits) -> None:
    found = fits(ask("get", "/places/?q=winn"))["results"]

    assert found[0]["name"] == "Winnipeg, MB"
    assert fits(ask("get", "/places/?q=R2W"))["results"][0]["kind"] == "postal_area"
    assert fits(ask("get", "/places/?q=zzzz"))["results"] == []


def test_the_workflow_table_as_it_is_applied(ask: Ask, fits: Fits) -> None:
    body = fits(ask("get", "/workflow/"))

    rows = {row["name"]: row for row in body["actions"]}
    assert set(rows) == {action.path for action in workflow.ACTIONS.values()}
    assert rows["start-service"]["to"] == "in_service"
    assert rows["start-service"]["needs_consent"] is True
    assert [status["code"] for status in body["statuses"] if not status["final"]] == [
        "draft",
        "sent",
        "accepted",
        "waitlisted",
        "in_service",
    ]


def test_consent_texts_are_read_in_the_persons_language(ask: Ask, fits: Fits) -> None:
    english = fits(ask("get", "/consent-texts/"))["results"]
    french = fits(ask("get", "/consent-texts/", language="fr"))["results"]

    assert [text["version"] for text in english if text["current"]] == [
        text["version"] for text in french if text["current"]
    ]
    assert english[0]["text"] != french[0]["text"]


def test_who_signs_in_is_not_told_to_the_public(ask: Ask) -> None:
    """The police unit, the evaluator and the network itself are members, not listings."""
    load_network(NETWORK)

    names = {row["name"] for row in ask("get", "/organizations/?page_size=100").json()["results"]}

    without = Organization.objects.filter(services__isnull=True, programs__isnull=True)
    assert not names & {organization.name_en for organization in without}


@pytest.mark.parametrize("path", ["/categories/", "/vocabularies/"])
def test_what_is_the_same_for_everybody_may_be_kept(ask: Ask, world: World, path: str) -> None:
    first, french = ask("get", path), ask("get", path, language="fr")
    again = ask("get", path, if_none_match=first["ETag"])
    own = ask("get", path, world.nadia)

    assert first["Cache-Control"] == "public, max-age=300"
    assert (again.status_code, again.content) == (304, b"")
    assert "Accept-Language" in first["Vary"]
    assert french["ETag"] != first["ETag"]
    assert ask("get", path, if_none_match=french["ETag"]).status_code == 200
    assert own["Cache-Control"] == "no-store"
    assert not first.cookies
