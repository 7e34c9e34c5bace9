"""Templates compile, carry no inline script or style, and never reach through a referral to a client."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from tests.architecture.source import ROOT, templates

FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "inline style": re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "another host": re.compile(
        r"<(?:script|link|img|iframe|source)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//", re.I
    ),
    "the client file": re.compile(r"{[{%][^}]*\.client\.[^}]*[%}]}"),
    "escaping off": re.compile(r"\|\s*safe\b|autoescape off"),
}
PATHS = list(templates())


def faults(text: str) -> list[str]:
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_template_keeps_the_rules(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert faults(text) == []
    assert len(text.splitlines()) < 300
    get_template(path.as_posix().split("/templates/", 1)[1])


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<script>go()</script>", "inline script"),
        ("<script defer>go()</script>", "inline script"),
        ('<p class="a" style="color: red">', "inline style"),
        ("<style>p {}</style>", "inline style"),
        ('<a href="x" onclick="go()">', "event handler"),
        ('<a href="javascript:go()">', "script address"),
        ('<img src="https://elsewhere.example/x.png">', "another host"),
        ('<link rel="stylesheet" href="//elsewhere.example/x.css">', "another host"),
        ("{{ referral.client.chosen_name }}", "the client file"),
        ("{% if referral.client.health %}", "the client file"),
        ("{{ text|safe }}", "escaping off"),
    ],
)
def test_a_planted_fault_is_found(text: str, fault: str) -> None:
    assert fault in faults(text)


def test_what_is_allowed_is_left_alone() -> None:
    text = '<script src="/static/x.js" defer></script><a href="https://news.example">{{ client.code }}</a>'

    assert faults(text) == []
