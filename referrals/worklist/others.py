"""What I wait for, what is about to end, what is still to be written."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners.actor import Actor, Side
from referrals import housing
from referrals.boxes import Clock, clock_of, day_in_words
from referrals.consent import POLICE, is_live
from referrals.models import Client, Outcome
from referrals.order import ENDED
from referrals.querysets import live_now
from referrals.workflow import OUTCOMES, Status
from referrals.worklist.items import LIMIT, Item, box, detail, since
from referrals.worklist.parts import Found, Part, Read

CONSENT_WARNING = datetime.timedelta(days=14)


def waiting(actor: Actor) -> Part:
    rows = box(actor, Side.SENDER).filter(status__in=[Status.SENT.value, Status.WAITLISTED.value])
    return Part(rows, (F("answer_due_on").asc(nulls_last=True), "sent_at", "pk"), _on_others)


def _on_others(row: Found) -> Item:
    referral = row.referral
    sent = referral.status == Status.SENT.value
    return Item(
        url=detail(referral, Side.SENDER),
        code=referral.code,
        client_id=referral.client_id,
        what=gettext_lazy("Sent to") if sent else gettext_lazy("On the waitlist at"),
        organization=referral.receiver,
        service=referral.service,
        clock=clock_of(referral),
        button=gettext_lazy("See referral"),
    )


def consent_ending(actor: Actor) -> Part:
    """Only consents on which something still stands. A call by police has one consent, and ends with it.

    They are found from what is open, which is little; of several on one consent the first stands for it.
    """
    sent = box(actor, Side.SENDER).filter(box_order__lt=ENDED)
    earlier = sent.filter(consent_id=OuterRef("consent_id"), pk__lt=OuterRef("pk"))
    ending = sent.filter(
        live_now("consent__"),
        ~Exists(earlier),
        consent__expires_at__lte=timezone.now() + CONSENT_WARNING,
    ).exclude(consent__recipient__kind=POLICE)
    columns = {"client": "consent__client_id", "organization": "consent__recipient_id"}
    columns["at"] = "consent__expires_at"
    return Part(ending, ("consent__expires_at", "consent_id"), _ask_again, columns)


def _ask_again(row: Found) -> Item:
    url = reverse("referrals:consent_new", args=[row.client_id])
    return Item(
        url=f"{url}?recipient={row.organization_id}",
        client_id=row.client_id,
        what=gettext_lazy("Consent for"),
        organization=row.organization,
        clock=Clock(
            "calendar_x",
            _("Ends %(date)s") % {"date": day_in_words(timezone.localdate(row.at))},
            "soon",
        ),
        button=gettext_lazy("Ask again"),
    )


def to_confirm(actor: Actor) -> Part:
    outcome = Outcome.objects.filter(referral=OuterRef("pk"), superseded_at__isnull=True)
    rows = (
        box(actor, Side.SENDER)
        .filter(status=Status.CLOSED.value, confirmed_at__isnull=True)
        .exclude(end_reason="could_not_reach")
    )
    code = Subquery(outcome.order_by("-recorded_at", "-pk").values("code")[:1])
    return Part(rows, ("ended_at", "pk"), _confirm, {"code": "outcome_code"}, {"outcome_code": code})


def _confirm(row: Found) -> Item:
    referral = row.referral
    code = row.code or referral.end_reason
    return Item(
        url=detail(referral, Side.SENDER),
        code=referral.code,
        client_id=referral.client_id,
        what=gettext_lazy("Closed by"),
        organization=referral.receiver,
        need=str(OUTCOMES.get(code, "")),
        clock=Clock(
            "loop", _("Closed %(date)s") % {"date": day_in_words(timezone.localdate(referral.ended_at))}
        ),
        button=gettext_lazy("Ask and confirm"),
    )


def drafts(actor: Actor) -> Part:
    rows = box(actor, Side.SENDER).filter(status=Status.DRAFT.value)
    return Part(rows, ("created_at", "pk"), _draft)


def _draft(row: Found) -> Item:
    referral = row.referral
    live = referral.consent is not None and is_live(referral.consent)
    return Item(
        url=detail(referral, Side.SENDER),
        code=referral.code,
        client_id=referral.client_id,
        what=gettext_lazy("Ready to send to") if live else gettext_lazy("Consent needed for"),
        organization=referral.receiver,
        service=referral.service,
        clock=since(referral.created_at, "pencil"),
        button=gettext_lazy("Open draft"),
    )


def housing_ending(actor: Actor) -> Read:
    """Who stays in transitional housing and has at most ninety days left of the two years, or none."""
    today = timezone.localdate()
    here = Client.objects.visible_to(actor).filter(pk__in=housing.there_on(today).values("client_id"))
    left = sorted(
        (days, client_id)
        for client_id, days in housing.days_left(here.values("pk"), today).items()
        if days <= housing.FIRST_NOTICE
    )
    return Read([_stay(client_id, days) for days, client_id in left[:LIMIT]], len(left))


def _stay(client_id: UUID, days: int) -> Item:
    words = ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    kind = "late" if days <= 7 else "soon"
    return Item(
        url=reverse("referrals:client", args=[client_id]),
        client_id=client_id,
        what=gettext_lazy("Transitional housing"),
        clock=Clock("calendar_x", words if days > 0 else _("The two years are over"), kind),
        button=gettext_lazy("Open file"),
    )
