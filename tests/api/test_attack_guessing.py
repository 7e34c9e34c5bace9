"""Somebody who tries addresses: an object of others and one that never was answer alike, to the byte."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client as Browser

from partners.models import User
from tests.api import test_matrix
from tests.api.conftest import Ask
from tests.api.world import World
from tests.referrals import matrix_pages, test_pages_matrix

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
STRANGERS = ("tom", "ines", "pat", "lea", "mo", "eva")
VARY = {"date", "x-request-id", "content-length"}


def foreign(answers: str, who: str) -> bool:
    """By the matrix they find nothing there."""
    return answers.split()[test_matrix.WHO.index(who)] == "404"


def said(answer: Any, path: str) -> tuple[Any, ...]:
    """Everything that comes back, without the address that was asked for."""
    text = answer.content.decode().replace(path, "").replace(quote(path, safe=""), "")
    # The form's token differs each time.
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    headers = {name.lower(): value.replace(path, "") for name, value in answer.headers.items()}
    return answer.status_code, text, {name: value for name, value in headers.items() if name not in VARY}


def made_up(path: str, ids: dict[str, str]) -> tuple[str, str]:
    """The address as it is, and with ids that never were."""
    real = re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], path)
    other = re.sub(r"\{(\w+)\}", lambda found: str(uuid4()), path)
    return real, other


def test_no_address_of_the_api_tells_that_there_is_something(world: World, ask: Ask) -> None:
    ids, differing, tried = world.ids(), [], 0
    for who in STRANGERS:  # signed in before the first savepoint, which would take the session back
        ask("get", "/workflow/", getattr(world, who))
    for (method, name), (answers, path, body) in test_matrix.MATRIX.items():
        for who in STRANGERS:
            if "{" not in path or not foreign(answers, who):
                continue
            told = []
            for address in made_up(path, ids):
                before = transaction.savepoint()
                answer = ask(method, "/" + address, getattr(world, who), test_matrix._fill(body, ids))
                transaction.savepoint_rollback(before)
                told.append(said(answer, address))
            tried += 1
            if told[0] != told[1]:
                differing.append((method, name, who, told))
    assert differing == []
    assert tried > 100


def test_no_page_tells_that_there_is_something(world: World) -> None:
    ids, differing, tried = world.ids() | matrix_pages.more_ids(world), [], 0
    visitors = {}
    for who in STRANGERS:
        visitors[who] = Browser()
        visitors[who].force_login(User.objects.get(pk=getattr(world, who).user_id))
    for (method, name), (answers, path) in test_pages_matrix.MATRIX.items():
        for who in STRANGERS:
            if "{" not in path or not foreign(answers, who):
                continue
            told = []
            for address in made_up(path, ids):
                before = transaction.savepoint()
                answer = getattr(visitors[who], method)(f"/en/{address}")
                transaction.savepoint_rollback(before)
                told.append(said(answer, address))
            tried += 1
            if told[0] != told[1]:
                differing.append((method, name, who, told))
    assert differing == []
    assert tried > 100
