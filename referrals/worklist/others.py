"""What I wait for, whom nobody reached, what is about to end, what is still to be written."""

from __future__ import annotations

import datetime
from dataclasses import replace

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.actor import Actor, Side
from partners.roles import Capability
from referrals.boxes import Clock, clock_of, day_in_words
from referrals.consent import is_live
from referrals.models import ChildProtectionRecord, Consent, Handoff, Outcome, Referral
from referrals.workflow import OPEN, OUTCOMES, Status
from referrals.worklist.items import OPEN_VALUES, Item, Section, box, detail, section, since

CONSENT_WARNING = datetime.timedelta(days=14)


def waiting(actor: Actor) -> Section:
    waiting = box(actor, Side.SENDER).filter(status__in=[Status.SENT.value, Status.WAITLISTED.value])
    rows = waiting.order_by(F("answer_due_on").asc(nulls_last=True), "sent_at", "pk")
    return section("waiting", gettext_lazy("Waiting on others"), rows, _on_others)


def _on_others(referral: Referral) -> Item:
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


def could_not_reach(actor: Actor) -> Section:
    """Closed because nobody could reach the person, and not yet confirmed; or a missed handoff."""
    unreached = Q(status=Status.CLOSED.value, end_reason="could_not_reach", confirmed_at__isnull=True)
    last = Handoff.objects.filter(referral=OuterRef("pk")).order_by("-recorded_at", "-pk")
    rows = (
        box(actor, Side.SENDER)
        .annotate(last_handoff=Subquery(last.values("result")[:1]))
        .filter(unreached | Q(status__in=OPEN_VALUES, last_handoff="missed"))
        .order_by("last_modified", "pk")
    )
    return section("unreached", gettext_lazy("Could not reach"), rows, _unreached)


def _unreached(referral: Referral) -> Item:
    closed = referral.status == Status.CLOSED.value
    return Item(
        url=detail(referral, Side.SENDER),
        code=referral.code,
        client_id=referral.client_id,
        what=gettext_lazy("Could not be reached by") if closed else gettext_lazy("Handoff missed with"),
        organization=referral.receiver,
        clock=since(referral.ended_at or referral.last_modified, "bell"),
        button=gettext_lazy("See referral"),
    )


def consent_ending(actor: Actor) -> Section:
    """Only consents on which something still stands."""
    in_use = Referral.objects.visible_to(actor).filter(
        consent_id=OuterRef("pk"), status__in=[status.value for status in OPEN]
    )
    ending = (
        Consent.objects.visible_to(actor)
        .live()
        .filter(Exists(in_use), expires_at__lte=timezone.now() + CONSENT_WARNING)
    )
    rows = ending.select_related("recipient").order_by("expires_at", "pk")
    return section("consent", gettext_lazy("Consent about to end"), rows, _ask_again)


def _ask_again(consent: Consent) -> Item:
    url = reverse("referrals:consent_new", args=[consent.client_id])
    return Item(
        url=f"{url}?recipient={consent.recipient_id}",
        client_id=consent.client_id,
        what=gettext_lazy("Consent for"),
        organization=consent.recipient,
        clock=Clock(
            "calendar_x",
            _("Ends %(date)s") % {"date": day_in_words(timezone.localdate(consent.expires_at))},
            "soon",
        ),
        button=gettext_lazy("Ask again"),
    )


def to_confirm(actor: Actor) -> Section:
    outcome = Outcome.objects.filter(referral=OuterRef("pk"), superseded_at__isnull=True)
    rows = (
        box(actor, Side.SENDER)
        .filter(status=Status.CLOSED.value, confirmed_at__isnull=True)
        .exclude(end_reason="could_not_reach")
        .annotate(outcome_code=Subquery(outcome.order_by("-recorded_at", "-pk").values("code")[:1]))
        .order_by("ended_at", "pk")
    )
    return section("confirm", gettext_lazy("Outcome to confirm"), rows, _confirm)


def _confirm(referral: Referral) -> Item:
    code = getattr(referral, "outcome_code", None) or referral.end_reason
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


def drafts(actor: Actor) -> Section:
    rows = box(actor, Side.SENDER).filter(status=Status.DRAFT.value).order_by("created_at", "pk")
    return section("drafts", gettext_lazy("Drafts"), rows, _draft)


def _draft(referral: Referral) -> Item:
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


def protection(actor: Actor) -> Section:
    """Reports said to be under way: the one-hour follow-up, for the manager and who recorded it."""
    done = ChildProtectionRecord.objects.filter(client=OuterRef("client"), state="reported")
    rows = ChildProtectionRecord.objects.filter(
        ~Exists(done), client__organization_id=actor.organization_id, state="being_reported"
    )
    if not actor.can(Capability.VOID):
        rows = rows.filter(recorded_by_id=actor.user_id)
    return section(
        "protection",
        gettext_lazy("Child protection: follow up"),
        rows.order_by("follow_up_at", "pk"),
        _follow_up,
        late=True,
    )


def _follow_up(record: ChildProtectionRecord) -> Item:
    late = bool(record.follow_up_at and record.follow_up_at < timezone.now())
    return Item(
        url=reverse("referrals:child_protection", args=[record.client_id]),
        client_id=record.client_id,
        what=gettext_lazy("Being reported now"),
        clock=replace(since(record.follow_up_at, "alert"), kind="late" if late else "soon"),
        button=gettext_lazy("Record the report"),
        primary=True,
    )
