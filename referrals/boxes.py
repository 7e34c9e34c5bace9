"""The inbox and the sent box: what stands in a row, in which order, page by page.

A row names nobody. In the inbox the need is always said in the neutral words of its top category,
and what is no longer shared is a code and a date, in the same words whatever the cause.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from directory.models import Service, Taxonomy, TaxonomyTerm
from partners.actor import Actor, Side
from partners.bilingual import localized
from partners.models import Organization
from partners.paging import LongPage, LongPaginator
from referrals.consent import Stage, stage_of
from referrals.models import Referral, Urgency
from referrals.order import ENDED
from referrals.querysets import ReferralQuerySet, still_shared
from referrals.unread import unread_counts
from referrals.workflow import OPEN, STATUS_LABELS, TOMBSTONED, Status

PAGE_SIZE = 20
# Statuses by which each box can be narrowed. A receiver never sees a draft, and is not told by which of
# its ends a referral is no longer shared.
FILTERS: dict[Side, tuple[Status, ...]] = {
    Side.SENDER: tuple(Status),
    Side.RECEIVER: tuple(s for s in Status if s is not Status.DRAFT and s not in TOMBSTONED),
}


@dataclass(frozen=True)
class Clock:
    """A time with what it means. ``kind``: "late", "soon" (today or tomorrow) or ""."""

    icon: str
    text: str
    kind: str = ""


@dataclass(frozen=True)
class BoxRow:
    """``service`` is None and the words are empty where the referral is no longer shared."""

    id: UUID
    code: str
    other: Organization
    sent_at: datetime.datetime | None
    acting: str
    status: str = ""
    status_label: Promise | str = ""
    urgency: str = ""
    urgency_label: str = ""
    need: str = ""
    service: Service | None = None
    is_new: bool = False
    unread: int = 0
    clock: Clock | None = None


def box_page(actor: Actor, side: Side, *, status: str = "", page: int | str = 1) -> LongPage:
    """One page of a box as rows: what waits, what is open, by urgency and age; then what has ended,
    the newest first."""
    rows = Referral.objects.visible_to(actor).box(actor, side)
    if status in {choice.value for choice in FILTERS[side]}:
        rows = rows.told_as(status, actor.acting(side))
    found = LongPaginator(_Box(rows, side, status), PAGE_SIZE).get_page(page)
    top = top_categories()
    shown = list(found.object_list)
    unread = unread_counts(shown, side, actor.organization_id)
    found.object_list = [
        replace(box_row(referral, side, top), unread=unread.get(referral.pk, 0)) for referral in shown
    ]
    return found


class _Box:
    """The two parts of a box, one behind the other, as LongPaginator takes it.

    To a receiver the place of a tombstone tells nothing: those stand among what has ended, by the day
    they came, also where the status is still an open one.
    """

    def __init__(self, rows: ReferralQuerySet, side: Side, status: str):
        is_open = models.Q(box_order__lt=ENDED)
        came = "created_at"
        if side is Side.RECEIVER:
            is_open, came = is_open & still_shared(), "sent_at"
        self.all = rows
        self.open = rows.filter(is_open).order_by("box_order", came, "pk")
        self.ended = rows.exclude(is_open).order_by(f"-{came}", "-pk")
        if status and Status(status) in OPEN:
            self.ended = rows.none()
        elif status:
            self.open = rows.none()

    def count_to(self, most: int) -> int:
        return self.all.order_by()[:most].count()

    def __getitem__(self, wanted: slice) -> list[Referral]:
        """Asks what has ended only where the page reaches beyond what is open. Keys first: what a row
        shows is read for the rows of the page alone, however many stand before them."""
        start, stop = wanted.start or 0, wanted.stop
        keys = list(self.open.values_list("pk", flat=True)[start:stop])
        if len(keys) < stop - start:
            before = start + len(keys) if keys or not start else self.open.order_by().count()
            keys += self.ended.values_list("pk", flat=True)[max(start - before, 0) : stop - before]
        rows = {row.pk: row for row in self.all.for_list().filter(pk__in=keys)}
        return [rows[key] for key in keys if key in rows]


def waiting_count(actor: Actor) -> int:
    """How many referrals wait for the actor's organization to answer."""
    inbox = Referral.objects.visible_to(actor).box(actor, Side.RECEIVER).shared()
    return inbox.filter(status=Status.SENT.value).count()


def box_row(referral: Referral, side: Side, top: dict[UUID, TaxonomyTerm]) -> BoxRow:
    receiver = side is Side.RECEIVER
    known = BoxRow(
        id=referral.pk,
        code=referral.code,
        other=referral.sender if receiver else referral.receiver,
        sent_at=referral.sent_at,
        acting=side.value if referral.sender_id == referral.receiver_id else "",
    )
    if stage_of(referral, side) is Stage.TOMBSTONE:
        return known
    return replace(
        known,
        status=referral.status,
        status_label=STATUS_LABELS[Status(referral.status)],
        urgency=referral.need.urgency,
        urgency_label=str(Urgency(referral.need.urgency).label),
        need=neutral_need(referral, top),
        service=referral.service,
        is_new=receiver and referral.opened_at is None and referral.status == Status.SENT.value,
        clock=clock_of(referral),
    )


def top_categories() -> dict[UUID, TaxonomyTerm]:
    """Each category's top one, in one query."""
    terms = {term.pk: term for term in TaxonomyTerm.objects.filter(taxonomy=Taxonomy.CATEGORY)}
    return {pk: _top(term, terms) for pk, term in terms.items()}


def _top(term: TaxonomyTerm, terms: dict[UUID, TaxonomyTerm]) -> TaxonomyTerm:
    while term.parent_id is not None:
        term = terms[term.parent_id]
    return term


def neutral_need(referral: Referral, top: dict[UUID, TaxonomyTerm]) -> str:
    category = top[referral.need.category_id]
    return localized(category, "neutral").text or localized(category, "name").text


def clock_of(referral: Referral) -> Clock | None:
    """The promised answer of what was sent, the expected place of what waits on a list."""
    if referral.status == Status.SENT.value and referral.answer_due_on:
        return promise(referral.answer_due_on)
    if referral.status == Status.WAITLISTED.value:
        if referral.expected_on is None:
            return Clock("hourglass", _("Date of a place not known"))
        return Clock("hourglass", _("Place expected %(date)s") % {"date": day_in_words(referral.expected_on)})
    return None


def promise(day: datetime.date) -> Clock:
    today = timezone.localdate()
    words = {"date": day_in_words(day)}
    if day < today:
        return Clock("alert", _("Overdue since %(date)s") % words, "late")
    soon = day <= today + datetime.timedelta(days=1)
    return Clock("hourglass", _("Answer promised by %(date)s") % words, "soon" if soon else "")


def day_in_words(day: datetime.date) -> str:
    """Today, tomorrow, or the date as the reader's language writes it."""
    today = timezone.localdate()
    if day == today:
        return _("today")
    if day == today + datetime.timedelta(days=1):
        return _("tomorrow")
    return date_format(day, "DATE_FORMAT")
