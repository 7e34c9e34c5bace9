"""Partners who can't answer any more: wrong codes have closed their link, and the sender makes the next."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.actor import Actor, Side
from referrals.boxes import Clock, day_in_words
from referrals.models import AnswerLink
from referrals.order import ENDED
from referrals.worklist.items import OPEN_VALUES, Item, box, detail
from referrals.worklist.parts import Found, Part


def closed_links(actor: Actor) -> Part:
    """Found from the links, of which few are closed at any time."""
    closed = AnswerLink.objects.order_by().filter(killed_at__isnull=False, replaced_at__isnull=True)
    rows = box(actor, Side.SENDER).filter(
        box_order__lt=ENDED, status__in=OPEN_VALUES, pk__in=closed.values("referral_id")
    )
    return Part(rows, ("sent_at", "pk"), _send_again)


def _send_again(row: Found) -> Item:
    referral = row.referral
    sent = Clock("clock", _("Sent %(date)s") % {"date": day_in_words(timezone.localdate(referral.sent_at))})
    return Item(
        url=detail(referral, Side.SENDER) + "#link",
        code=referral.code,
        client_id=referral.client_id,
        what=gettext_lazy("Closed after wrong codes: the link of"),
        organization=referral.receiver,
        clock=sent,
        button=gettext_lazy("Send a new link"),
        primary=True,
    )
