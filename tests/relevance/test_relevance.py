"""The judged queries over the packaged network: what people ask for is found, and stands high.

The grades were given from what each listing offers, by hand, before any engine was asked: 3 is exactly
what is asked for, 2 a good answer, 1 related. An engine is fitted to them, never the other way round.
"""

from __future__ import annotations

import json
from math import log2

import pytest
from django.test import TestCase

from directory.fixtures_loader import load_network
from directory.models import Service
from directory.search import Criteria, search_services
from partners.actor import ANONYMOUS
from tests.factories.listings import NETWORK
from tests.relevance.measure import CUTOFF, FILES, Query, Report, Scored, evaluate, ndcg, queries

ENOUGH = 0.85
KINDS = {
    *("exact_name", "alias", "category", "synonym", "typo", "plain_speech", "place", "phrase"),
    *("postal_or_phone", "population"),
}


def test_ndcg_by_hand() -> None:
    judged = {"a": 2, "b": 3, "c": 1}
    assert ndcg(["b", "a", "c"], judged) == 1
    assert ndcg([], judged) == 0
    assert ndcg(["x", "y"], judged) == 0
    # 3/log2(2) + 0 + 7/log2(4) over 7/log2(2) + 3/log2(3) + 1/log2(4)
    assert ndcg(["a", "x", "b"], judged) == pytest.approx(6.5 / 9.392789)
    assert ndcg(["a"], {"a": 1}) == 1
    assert ndcg(["x", "a"], {"a": 1}) == pytest.approx(1 / log2(3))


def test_ndcg_looks_at_ten_and_counts_a_key_once() -> None:
    others = [f"other-{number}" for number in range(CUTOFF)]
    assert ndcg([*others, "a"], {"a": 3}) == 0
    assert ndcg([*others[1:], "a"], {"a": 3}) == pytest.approx(1 / log2(11))
    assert ndcg(["a", "a"], {"a": 3, "b": 3}) == pytest.approx(1 / (1 + 1 / log2(3)))
    many = {f"good-{number}": 2 for number in range(CUTOFF + 5)}
    assert ndcg(list(many), many) == 1


@pytest.mark.parametrize("language", FILES)
def test_the_set_is_sound(language: str) -> None:
    keys = {
        record["key"]
        for path in (NETWORK / "services").glob("*.json")
        for record in json.loads(path.read_text("utf-8"))
    }
    asked = queries(language)
    assert len(asked) >= 65
    assert len({(query["q"], query["near"]) for query in asked}) == len(asked)
    assert {query["kind"] for query in asked} == KINDS
    for query in asked:
        assert set(query["judged"]) <= keys, query["q"]
        assert set(query["judged"].values()) <= {1, 2, 3}, query["q"]
        assert max(query["judged"].values()) >= 2, query["q"]


def test_the_report_tells_what_went_wrong() -> None:
    right = evaluate(lambda query, _language: list(query["judged"]))
    assert (right.mean("en"), right.mean("fr"), right.empty) == (1, 1, [])
    wrong = evaluate(lambda _query, language: ["nowhere"] if language == "fr" else [])
    assert (wrong.mean("en"), wrong.mean("fr")) == (0, 0)
    assert {scored.language for scored in wrong.empty} == {"en"}
    query: Query = {"q": "bed", "near": "R2W", "kind": "synonym", "judged": {"a": 3, "b": 3, "c": 1}}
    shown = Report((Scored("en", query, ("a", "x"), 0.5),)).worst("en")
    assert "0.50 en [synonym] bed near R2W" in shown
    assert "a=3, x=0" in shown
    assert "missing: b" in shown


class TestRelevance(TestCase):
    report: Report

    @classmethod
    def setUpTestData(cls) -> None:
        load_network(NETWORK)
        sources = Service.objects.values_list("pk", "source_id")
        keys = {pk: source_id.split(":", 1)[1] for pk, source_id in sources}

        def search(query: Query, language: str) -> list[str]:
            criteria = Criteria(q=query["q"], near=query["near"])
            page = search_services(actor=ANONYMOUS, criteria=criteria, language=language, page_size=CUTOFF)
            return [keys[hit.id] for hit in page.hits]

        cls.report = evaluate(search)

    def test_the_best_answers_stand_first(self) -> None:
        for language in FILES:
            mean = self.report.mean(language)
            told = f"mean nDCG@{CUTOFF} {mean:.3f} for {language}; worst:\n{self.report.worst(language)}"
            assert mean >= ENOUGH, told

    def test_no_query_that_has_an_answer_finds_nothing(self) -> None:
        assert not self.report.empty, "\n".join(str(scored) for scored in self.report.empty)
