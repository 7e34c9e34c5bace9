"""Every audit code that the code can write has words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from partners.audit_words import words_for
from referrals import events, workflow

PACKAGES = ("api", "directory", "partners", "referrals")


def calls() -> Iterator[ast.Call]:
    for package in PACKAGES:
        for path in sorted((Path(settings.BASE_DIR) / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield node


def entries() -> Iterator[ast.Call]:
    return (call for call in calls() if getattr(call.func, "attr", "") == "Entry")


def handed_on() -> set[str]:
    """The actions that a function of its own writes: ``_record(actor, client, "client.create")``."""
    return {
        argument.value
        for call in calls()
        if getattr(call.func, "id", "") in {"_record", "_record_release", "_audit"}
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    } - {"client", "organization", "outreach", "program", "service"}


def constants(keyword: str) -> set[str]:
    values = (word.value for call in entries() for word in call.keywords if word.arg == keyword)
    return {str(value.value) for value in values if isinstance(value, ast.Constant)}


CODES = (
    constants("action")
    | handed_on()
    | {f"type.{name}" for name in ("organization", "service", "program")}
    | {f"type.{name}" for name in {*constants("object_type"), "outreach"}}
    | {f"referral.{name}" for name in (*workflow.ACTIONS, *events.TEXTS)}
    | {f"field_groups.{name}" for name in ("identity", "contact", "housing")}
    | {f"channel.{name}" for name in ("session", "token", "link", "system")}
)


def test_there_are_codes_to_look_at() -> None:
    assert {"token.create", "disclose", "client.open", "save_listing", "type.client"} <= CODES


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_has_words(code: str) -> None:
    assert words_for(code, "") != ""
