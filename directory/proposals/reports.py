"""Somebody of the public says that a listing is wrong. Nobody is asked who they are, and nobody is told.

The report goes to the owner's editors; after 14 days without an answer, or where the owner has none, to
the network. Its words are deleted 180 days after it was handled.
"""

from __future__ import annotations

import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models import ListingReport, LocationPolicy, NoChange, ReportKind, Service
from directory.place_policy import public_place, scan_text
from directory.proposals.access import access_report, has_editors
from directory.proposals.proposing import number_of
from partners import audit, clock_marks
from partners.actor import ANONYMOUS, SYSTEM, Actor
from partners.errors import Conflict, Invalid, NotSeen
from partners.joining.network import tell_network
from partners.notifications import outbox

PASSED_ON_AFTER = datetime.timedelta(days=14)
WORDS_KEPT = datetime.timedelta(days=180)
LONGEST_TEXT = 500
HIDDEN = _("The address of this place is not shown, for safety. Please leave it out.")


def reportable(service_id: UUID) -> Service:
    """A listing as everybody sees it, whoever asks. Raises NotSeen."""
    found = Service.objects.visible_to(ANONYMOUS).for_listing().filter(pk=service_id).first()
    if found is None:
        raise NotSeen
    return found


@transaction.atomic
def report(*, service_id: UUID, kind: str, text: str = "") -> ListingReport:
    """Kept, and told to the owner or the network. Raises Invalid, also for a hidden place in it."""
    service = reportable(service_id)
    if kind not in ReportKind.values:
        raise Invalid({"kind": [_("Choose what is wrong.")]})
    if len(text) > LONGEST_TEXT:
        raise Invalid({"text": [_("At most 500 characters.")]})
    if public_place(service).policy != LocationPolicy.PUBLIC and scan_text(text):
        raise Invalid({"text": [HIDDEN]})
    row = ListingReport.objects.create(service=service, kind=kind, text=text.strip())
    if has_editors(service.organization_id):
        outbox.add(service.organization_id, "listing_report", row.pk, number_of(service.pk))
    else:
        _pass_on(row)
    _record(ANONYMOUS, "report_listing", row)
    return row


@transaction.atomic
def nothing_to_change(*, actor: Actor, report_id: UUID, reason: str) -> ListingReport:
    """Handled, with the reason's code. Raises Conflict where somebody was faster."""
    if reason not in NoChange.values:
        raise Invalid({"reason": [_("Choose why.")]})
    seen = access_report(report_id, actor)
    handled = {"handled_at": timezone.now(), "handled_by_id": actor.user_id}
    open_still = ListingReport.objects.filter(pk=seen.pk, handled_at__isnull=True)
    if not open_still.update(result="no_change", reason=reason, proposal=None, **handled):
        raise Conflict(_("This report has been handled already."), code="already_handled")
    _record(actor, "close_listing_report", seen, reason=reason)
    seen.refresh_from_db()
    return seen


def pass_on_due() -> int:
    """What the owner has left for 14 days goes to the network, once."""
    before = timezone.now() - PASSED_ON_AFTER
    waiting = ListingReport.objects.filter(
        handled_at__isnull=True, passed_on_at__isnull=True, created_at__lte=before
    )
    made = 0
    for pk in clock_marks.pages(waiting, "created_at"):
        with transaction.atomic():
            row = waiting.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
            if row is not None and clock_marks.once("report_passed_on", pk, "network"):
                _pass_on(row)
                _record(SYSTEM, "pass_on_listing_report", row)
                made += 1
    return made


def forget_words() -> int:
    """The words of what was handled 180 days ago. What was wrong, by its code, stays for the counts."""
    old = ListingReport.objects.filter(handled_at__lte=timezone.now() - WORDS_KEPT).exclude(text="")
    return old.update(text="")


def _pass_on(row: ListingReport) -> None:
    row.passed_on_at = timezone.now()
    row.save(update_fields=["passed_on_at"])
    tell_network("listing_report_network", row.pk)


def _record(actor: Actor, action: str, row: ListingReport, **details: str) -> None:
    chains = (row.service.organization_id,)
    audit.record(audit.Entry(actor, action, "listing_report", row.pk, chains=chains, details=details))
