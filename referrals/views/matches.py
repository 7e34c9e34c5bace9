"""The services that fit a need, ranked, each with why."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from directory.models import Service
from referrals.matching import Kind, Match, matches_of
from referrals.needs import access_need
from referrals.views.shared import actor_of

ICONS = {Kind.FOR: "check", Kind.AGAINST: "minus_circle", Kind.UNKNOWN: "info"}


@dataclass(frozen=True)
class Group:
    """The reasons of one kind, with the icon that stands beside each."""

    kind: Kind
    icon: str
    texts: list[str]


@dataclass(frozen=True)
class Row:
    service: Service
    groups: list[Group]


@require_safe
def need_matches(request: HttpRequest, need_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    need = access_need(need_id, actor)
    found = matches_of(need, actor=actor)
    context = {
        "need_id": need.pk,
        "category": need.category,
        "closed": need.closed_at is not None,
        "fitting": [_row(match) for match in found if match.fits],
        "others": [_row(match) for match in found if not match.fits],
    }
    return render(request, "referrals/need_matches.html", context)


def _row(match: Match) -> Row:
    texts = {kind: [reason.text for reason in match.reasons if reason.kind is kind] for kind in Kind}
    return Row(match.service, [Group(kind, ICONS[kind], texts[kind]) for kind in Kind if texts[kind]])
