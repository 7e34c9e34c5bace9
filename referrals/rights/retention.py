"""Retention: what is due goes, each in a transaction of its own that looks again first.

Safe to run at any time, twice, and beside itself.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners import audit
from partners.actor import SYSTEM
from partners.clock_marks import once
from partners.errors import Conflict, NotSeen
from partners.models import ClockMark, OutboxRow
from partners.notifications import outbox
from referrals import pressing
from referrals.models import Deletion, Introduction, Referral
from referrals.rights import due
from referrals.rights.deletion import delete_client, lock, overwrite_log, remove_introduction, remove_referral
from referrals.telling import concerned

BATCH = 100
REASON = "retention"
DAILY = "retention.daily"
# The daily mark belongs to no object.
NOBODY = UUID(int=0)
NOTICES = datetime.timedelta(days=14)


def run_daily() -> None:
    """The clock's task: once a day. Broken off, the next turn goes on where this one stopped."""
    today = timezone.localdate().isoformat()
    if ClockMark.objects.filter(kind=DAILY, object_id=NOBODY, due=today).exists():
        return
    run()
    with transaction.atomic():
        ClockMark.objects.filter(kind=DAILY, object_id=NOBODY, due__lt=today).delete()
        once(DAILY, NOBODY, today)


def run() -> Counter[str]:
    """Everything that is due now. Answers how many of each kind went."""
    done = Counter(
        {
            "draft": _each(due.drafts, _draft),
            "introduction": _each(due.introductions, _introduction),
            "client": _each(due.clients, _client),
            "referral": _each(due.referrals, strip),
        }
    )
    _forget_last_notices()
    if done.total():
        transaction.on_commit(overwrite_log)
    return done


def _each(rows: Callable[[], QuerySet], act: Callable[[UUID], bool]) -> int:
    """In batches, until nothing is left but what could not go this time."""
    done = 0
    while True:
        batch = list(rows().order_by("pk").values_list("pk", flat=True)[:BATCH])
        handled = sum(_in_a_transaction(act, pk) for pk in batch)
        done += handled
        if len(batch) < BATCH or not handled:
            return done


def _in_a_transaction(act: Callable[[UUID], bool], pk: UUID) -> bool:
    try:
        with transaction.atomic():
            return act(pk)
    except (Conflict, NotSeen):  # somebody put a hold on it, or deleted it, this very moment
        return False


def _draft(pk: UUID) -> bool:
    draft = Referral.objects.select_for_update().filter(pk=pk).first()
    if draft is None or not due.drafts().filter(pk=pk).exists():
        return False
    remove_referral(draft, SYSTEM, REASON)
    return True


def _introduction(pk: UUID) -> bool:
    row = Introduction.objects.select_for_update().filter(pk=pk).first()
    if row is None or not due.introductions().filter(pk=pk).exists():
        return False
    remove_introduction(row, SYSTEM, REASON)
    return True


def _client(pk: UUID) -> bool:
    lock(pk)
    if not due.clients().filter(pk=pk).exists():
        return False
    delete_client(actor=SYSTEM, client_id=pk, reason=REASON)
    return True


def strip(pk: UUID) -> bool:
    """What was written in an ended referral goes; its states, dates and coded outcome stay."""
    referral = Referral.objects.select_for_update().filter(pk=pk).first()
    if referral is None or not due.referrals().filter(pk=pk).exists() or not once(due.STRIPPED, pk, ""):
        return False
    for rows in (
        referral.messages,
        referral.documents,
        referral.read_marks,
        referral.confirmation_codes,
        referral.answer_links,
    ):
        rows.all().delete()
    referral.attempts.update(note="")
    referral.handoffs.update(place="", companion="", location=None)
    referral.outcomes.update(reason="")
    Referral.objects.filter(pk=pk).update(note="", end_note="")
    pressing.refresh(pk)
    audit.record(_stripped(referral, concerned(referral)))
    return True


def _stripped(referral: Referral, chains: Iterable[UUID]) -> audit.Entry:
    return audit.Entry(
        actor=SYSTEM,
        action="referral.strip",
        object_type="referral",
        object_id=referral.pk,
        chains=tuple(chains),
        details={"reason": REASON},
    )


def _forget_last_notices() -> None:
    """Notices about what is gone, once they were delivered or could not be for two weeks."""
    told = ~outbox.waiting() | Q(created_at__lt=timezone.now() - NOTICES)
    OutboxRow.objects.filter(told, object_id__in=Deletion.objects.values("object_id")).delete()


WORDS: dict[str, str | Promise] = {"referral.strip": _("Texts and documents of the referral removed")}
