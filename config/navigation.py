"""The work side's menu: what a member sees follows from their capabilities alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.actor import Actor
from partners.roles import Capability


@dataclass(frozen=True)
class Item:
    """``needs`` is any of these capabilities, none means every member. ``count`` is shown beside it."""

    label: str | Promise
    route: str
    needs: frozenset[Capability] = frozenset()
    count: Callable[[Actor], int] | None = None


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool
    count: int


ITEMS = (
    Item(_("Home"), "referrals:home"),
    Item(_("Clients"), "referrals:clients", frozenset({Capability.CLIENTS})),
    Item(_("Referrals"), "referrals:sent", frozenset({Capability.SEND})),
    Item(_("Inbox"), "referrals:inbox", frozenset({Capability.ANSWER})),
    Item(_("Introductions"), "referrals:introductions", frozenset({Capability.CLIENTS})),
    Item(_("Calls"), "referrals:calls", frozenset({Capability.POLICE_CHANNEL})),
    Item(_("Introductions"), "referrals:introductions_made", frozenset({Capability.POLICE_CHANNEL})),
    Item(_("Find a service"), "directory:index"),
    Item(_("Listings"), "directory:listings", frozenset({Capability.EDIT_LISTINGS})),
    Item(_("Partners"), "partners:list", frozenset({Capability.ADMIT_PARTNERS})),
    Item(_("Reports"), "referrals:reports", frozenset({Capability.READ_INDICATORS})),
    Item(_("Reviews"), "referrals:reviews", frozenset({Capability.READ_AUDIT, Capability.REVIEW_SHARING})),
    Item(_("Rights"), "referrals:rights", frozenset({Capability.RIGHTS})),
    Item(_("Police channel"), "partners:police_channel", frozenset({Capability.SWITCH_POLICE_CHANNEL})),
    Item(_("Audit log"), "partners:audit", frozenset({Capability.READ_AUDIT})),
)


def work_links(request: HttpRequest, actor: Actor) -> list[Link]:
    """The member's menu; the item whose address begins the page's own, the longest one, is current."""
    found = [(item, url) for item, url in _mounted() if not item.needs or item.needs & actor.capabilities]
    # The first screen's address begins every other one: it is current only on itself.
    above = [url for _item, url in found if request.path.startswith(url) and url.count("/") > 2]
    current = max(above, key=len, default=request.path)
    return [
        Link(str(item.label), url, url == current, item.count(actor) if item.count else 0)
        for item, url in found
    ]


def _mounted() -> Iterator[tuple[Item, str]]:
    """An installation without an app's pages leaves out its items."""
    for item in ITEMS:
        try:
            yield item, reverse(item.route)
        except NoReverseMatch:
            continue
