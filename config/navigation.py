"""The work side's menu: what a member sees follows from their capabilities alone.

The header holds what is done every day, the page of the organization (``hub``) all the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config import waiting
from partners.actor import Actor
from partners.roles import Capability


@dataclass(frozen=True)
class Item:
    """``needs`` is any of these capabilities, none means every member. ``count`` is shown beside it.

    ``line`` says on the hub what it is for. A count is one query, whatever it counts.
    """

    label: str | Promise
    route: str
    needs: frozenset[Capability] = frozenset()
    line: str | Promise = ""
    count: Callable[[Actor], int] | None = None


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool
    count: int
    line: str = ""


@dataclass(frozen=True)
class Group:
    title: str
    items: list[Link]


# On a narrow page more would push the work itself out of sight.
MOST = 7
ITEMS = (
    Item(_("Home"), "referrals:home"),
    Item(_("Clients"), "referrals:clients", frozenset({Capability.CLIENTS})),
    Item(_("Referrals"), "referrals:sent", frozenset({Capability.SEND})),
    Item(_("Inbox"), "referrals:inbox", frozenset({Capability.ANSWER})),
    Item(_("Introductions"), "referrals:introductions", frozenset({Capability.CLIENTS})),
    Item(_("Calls"), "referrals:calls", frozenset({Capability.POLICE_CHANNEL})),
    Item(_("Introductions"), "referrals:introductions_made", frozenset({Capability.POLICE_CHANNEL})),
    Item(_("Find a service"), "directory:index"),
    Item(_("Partners"), "partners:list", frozenset({Capability.ADMIT_PARTNERS})),
    Item(_("Listings"), "directory:listings", frozenset({Capability.EDIT_LISTINGS})),
    Item(_("Network"), "referrals:network", frozenset({Capability.SEE_NETWORK})),
    Item(_("Reports"), "referrals:reports", frozenset({Capability.READ_INDICATORS})),
)
# Whoever works with partners; police see what the public sees.
READ_PARTNERS = frozenset(
    {
        Capability.ADMIT_PARTNERS,
        Capability.ANSWER,
        Capability.READ_AUDIT,
        Capability.READ_INDICATORS,
        Capability.SEND,
    }
)
LAST = Item(_("Organization"), "partners:organization")
HUB: tuple[tuple[str | Promise, tuple[Item, ...]], ...] = (
    (
        _("Your organization"),
        (
            Item(
                _("Members"),
                "partners:members",
                frozenset({Capability.MANAGE_MEMBERS}),
                _("Invite, give roles, end memberships."),
                waiting.open_invitations,
            ),
            Item(
                _("Agreement"),
                "partners:agreement",
                frozenset({Capability.SIGN_AGREEMENT}),
                _("Read and sign the agreement with the network."),
            ),
            Item(
                _("Listings"),
                "directory:listings",
                frozenset({Capability.EDIT_LISTINGS}),
                _("Keep what the public reads about your services true."),
            ),
            Item(
                _("Reviews"),
                "referrals:reviews",
                frozenset({Capability.READ_AUDIT, Capability.REVIEW_SHARING}),
                _("Decide on sharing without consent; review restricted files that were opened."),
                waiting.reviews,
            ),
            Item(
                _("Rights"),
                "referrals:rights",
                frozenset({Capability.RIGHTS}),
                _("Export, keep or delete files, and answer who saw them."),
            ),
            Item(
                _("Police channel"),
                "partners:police_channel",
                frozenset({Capability.SWITCH_POLICE_CHANNEL}),
                _("Decide whether your workers may ask a police liaison to call."),
            ),
            Item(
                _("Audit log"),
                "partners:audit",
                frozenset({Capability.READ_AUDIT}),
                _("What was done, by whom and when."),
            ),
            Item(
                _("Webhooks"),
                "partners:webhooks",
                frozenset({Capability.MANAGE_NOTICES}),
                _("Tell a system of your own what happens here."),
            ),
            Item(
                _("Not delivered"),
                "partners:undelivered",
                frozenset({Capability.MANAGE_NOTICES}),
                _("Notices that reached nobody, and another try."),
            ),
        ),
    ),
    (
        _("The network"),
        (
            Item(
                _("Partners"),
                "partners:list",
                READ_PARTNERS,
                _("Who belongs to the network, and who has an agreement in force."),
            ),
            Item(
                _("Applications"),
                "partners:applications",
                frozenset({Capability.ADMIT_PARTNERS}),
                _("Organizations that ask to join."),
                waiting.applications,
            ),
            Item(
                _("Texts of the agreement"),
                "partners:agreement_texts",
                frozenset({Capability.ADMIT_PARTNERS}),
                _("The versions that partners sign, in both languages."),
            ),
            Item(
                _("Phone samples"),
                "directory:samples_list",
                frozenset({Capability.KEEP_CATALOGUE}),
                _("How true the listings are, by calling some of them."),
            ),
            Item(
                _("Duplicates"),
                "directory:duplicates_list",
                frozenset({Capability.KEEP_CATALOGUE}),
                _("Listings that may be the same, to merge or keep apart."),
            ),
            Item(
                _("Who refers to whom"),
                "referrals:network",
                frozenset({Capability.SEE_NETWORK}),
                _("The network in numbers, without any client data."),
            ),
        ),
    ),
    (
        _("You"),
        (
            Item(
                _("Your sign-in"),
                "mfa_index",
                line=_("Password, second step, recovery codes."),
            ),
            Item(
                _("Where you are signed in"),
                "account_sessions",
                line=_("See your open sessions and end them."),
            ),
            Item(
                _("Notices"),
                "partners:notices",
                line=_("What you were told, and how you want to be told."),
            ),
            Item(
                _("Change organization"),
                "partners:organization_switch",
                line=_("Act for another organization you belong to."),
            ),
            Item(
                _("Leave the organization"),
                "partners:leave",
                line=_("End your membership here."),
            ),
        ),
    ),
)


def work_links(request: HttpRequest, actor: Actor) -> list[Link]:
    """The header: the member's first items, then the organization's page, which stands for the others.

    The item whose address begins the page's own, the longest one, is current.
    """
    daily = list(_open_to(actor, ITEMS))[: MOST - 1]
    found = [*daily, *_open_to(actor, (LAST,))]
    behind = {url for _title, items in HUB for _item, url in _open_to(actor, items)}
    # The first screen's address begins every other one: it is current only on itself.
    above = {url for _item, url in found} | behind
    above = {url for url in above if request.path.startswith(url) and url.count("/") > 2}
    current = max(above, key=len, default=request.path)
    shown = {url for _item, url in found}
    if current in behind - shown:
        current = found[-1][1]
    return [_link(item, url, actor, current) for item, url in found]


def hub(actor: Actor) -> list[Group]:
    """What there is for this member beside the daily work; a group without anything is left out."""
    groups = [
        Group(str(title), [_link(item, url, actor) for item, url in _open_to(actor, items)])
        for title, items in HUB
    ]
    return [group for group in groups if group.items]


def _link(item: Item, url: str, actor: Actor, current: str = "") -> Link:
    count = item.count(actor) if item.count else 0
    return Link(str(item.label), url, url == current, count, str(item.line))


def _open_to(actor: Actor, items: Iterable[Item]) -> Iterator[tuple[Item, str]]:
    """An installation without an app's pages leaves out its items."""
    for item in items:
        if item.needs and not item.needs & actor.capabilities:
            continue
        try:
            yield item, reverse(item.route)
        except NoReverseMatch:
            continue
