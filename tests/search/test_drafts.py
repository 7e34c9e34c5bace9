"""What is not published answers nothing: not by a result, and not by a word put in another's place."""

from __future__ import annotations

import pytest

from directory.models import Publication, Service
from directory.search import Criteria, SearchPage, search_services
from directory.search.text import stem
from partners.actor import ANONYMOUS, Actor, Channel
from partners.roles import Capability
from tests.factories.listings import make_organization, make_service
from tests.search.population import settle

pytestmark = pytest.mark.django_db
WORD = "Zephyrwind"


def search(q: str, actor: Actor = ANONYMOUS) -> SearchPage:
    return search_services(actor=actor, criteria=Criteria(q=q))


@pytest.fixture(params=["entries", "base"])
def draft(request: pytest.FixtureRequest) -> Service:
    made = make_service(publish=False, name_en=f"{WORD} house", description_en="Plainfield lodge nearby.")
    make_service(name_en="Harbour house")
    if request.param == "base":
        settle()
    return made


@pytest.mark.parametrize("q", [WORD, "zephyrwnd", "zephyr", "plainfeld", "plainfieldlodge"])
def test_a_draft_lends_no_word_to_a_stranger(draft: Service, q: str) -> None:
    page = search(q)
    assert draft.pk not in {hit.id for hit in page.hits}
    assert page.respelled == ()
    assert page.stems == {stem(q.lower())}


def test_a_stranger_gets_the_same_answer_as_if_the_draft_were_not_there(draft: Service) -> None:
    asked = ["zephyrwnd", "zephyrwind house", "harbour zephyrwind", "plainfield lodge north end"]
    before = [(page.count, page.is_partial, page.respelled) for page in map(search, asked)]
    draft.delete()
    assert [(page.count, page.is_partial, page.respelled) for page in map(search, asked)] == before


def test_its_editor_finds_it_and_another_house_does_not(draft: Service) -> None:
    rights = frozenset({Capability.EDIT_LISTINGS})
    owner = Actor(Channel.SESSION, organization_id=draft.organization_id, capabilities=rights)
    other = Actor(Channel.SESSION, organization_id=make_organization().pk, capabilities=rights)
    worker = Actor(Channel.SESSION, organization_id=draft.organization_id)
    assert draft.publication == Publication.DRAFT
    for q in (WORD, "zephyrwnd"):
        assert [hit.id for hit in search(q, owner).hits] == [draft.pk]
        assert search(q, other).hits == search(q, worker).hits == search(q).hits == []
