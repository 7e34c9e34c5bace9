"""Needs, the referrals made for them, and the timeline of each."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models import Service, TaxonomyTerm
from partners.fields import EncryptedJSONField, EncryptedTextField
from partners.models import Organization
from referrals import order, querysets, workflow
from referrals.codes import new_code
from referrals.models.clients import Client, ClientPhase
from referrals.models.consents import Consent


class Urgency(models.TextChoices):
    ROUTINE = "routine", _("No rush")
    SOON = "soon", _("Within days")
    URGENT = "urgent", _("Today")


class ReferralKind(models.TextChoices):
    OUTGOING = "outgoing", _("Outgoing referral")
    LOGGED = "logged", _("Logged referral")


class OfferMode(models.TextChoices):
    """How a need is offered to several partners. Police are never among several."""

    SINGLE = "single", _("To one partner")
    IN_TURN = "in_turn", _("One after another")
    AT_ONCE = "at_once", _("To several at once")


class Need(models.Model):
    """What a client is looking for; groups the referrals made for it.

    ``matters`` is what matters to her, in her words. ``barriers`` are codes of the vocabulary of
    barriers that she meets. The first partner who accepts ends every other offer of the need.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="needs")
    category = models.ForeignKey(TaxonomyTerm, on_delete=models.PROTECT, related_name="+")
    urgency = models.CharField(max_length=8, choices=Urgency, default=Urgency.ROUTINE)
    phase = models.PositiveSmallIntegerField(choices=ClientPhase.PHASES, null=True, blank=True)
    matters = EncryptedTextField(blank=True)
    barriers = EncryptedJSONField(null=True, blank=True)
    offer_mode = models.CharField(max_length=8, choices=OfferMode, default=OfferMode.SINGLE)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = querysets.NeedQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]


class Referral(models.Model):
    """One need offered to one service of one partner.

    ``status`` moves only through ``referrals.actions.apply_action``. ``code`` is random, so that two
    receivers can't compare. ``sender`` and ``receiver`` are fixed when the draft is made.
    ``opened_at`` is the receiver's first view; ``confirmed_at`` closes the loop, by the word of the
    sender or of the person (``confirmed_by``). ``position`` is its place where the need is offered to
    one partner after another, ``box_order`` its place in a box (``referrals.order``). ``continues`` is
    the final referral that this one goes on from. ``written_by`` is the user who last wrote the draft.
    ``sender_news_at``, ``receiver_news_at`` and ``handoff_due_at`` are what presses (``referrals.pressing``).
    A logged referral goes to a body outside the network, which never sees it: the sender records each
    step.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=7, unique=True, default=new_code)
    kind = models.CharField(max_length=15, choices=ReferralKind, default=ReferralKind.OUTGOING)
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="referrals")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="referrals")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="referrals")
    sender = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="referrals_sent")
    receiver = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="referrals_received")
    consent = models.ForeignKey(
        Consent, null=True, blank=True, on_delete=models.PROTECT, related_name="referrals"
    )
    status = models.CharField(
        max_length=20, choices=workflow.STATUS_CHOICES, default=workflow.Status.DRAFT.value
    )
    box_order = models.PositiveSmallIntegerField(default=order.box_order("draft", "routine"))
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    continues = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="continued_by", db_index=False
    )
    note = EncryptedTextField(blank=True)
    written_by = models.UUIDField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answer_due_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    service_started_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=40, blank=True)
    end_note = EncryptedTextField(blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(
        max_length=6, choices=[("sender", _("The sender")), ("client", _("The person"))], blank=True
    )
    sender_news_at = models.DateTimeField(null=True, blank=True)
    receiver_news_at = models.DateTimeField(null=True, blank=True)
    handoff_due_at = models.DateTimeField(null=True, blank=True)
    last_modified = models.DateTimeField(auto_now=True)

    objects = querysets.ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        verbose_name = _("Referral")
        verbose_name_plural = _("Referrals")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=[status.value for status in workflow.Status]),
                name="referral_status_known",
            )
        ]
        indexes = [
            models.Index(fields=["receiver", "status", "sent_at"], name="referral_inbox"),
            models.Index(fields=["sender", "status"], name="referral_sent_box"),
            # Few go on from another: an index over all of them would look useless to the planner.
            models.Index(
                fields=["continues"], name="referral_goes_on", condition=models.Q(continues__isnull=False)
            ),
            # Each box in its order: what is open along box_order, what has ended from the newest on.
            models.Index(fields=["receiver", "box_order", "sent_at", "id"], name="referral_inbox_open"),
            models.Index(fields=["receiver", "-sent_at", "-id"], name="referral_inbox_ended"),
            models.Index(fields=["sender", "box_order", "created_at", "id"], name="referral_sent_open"),
            models.Index(fields=["sender", "-created_at", "-id"], name="referral_sent_ended"),
            models.Index(fields=["service", "sent_at"], name="referral_of_service"),
            # What the clock looks for: few rows of many, each along its own day.
            models.Index(
                fields=["answer_due_on", "id"], name="referral_answer_due", condition=models.Q(status="sent")
            ),
            models.Index(fields=["sent_at", "id"], name="referral_expiry", condition=models.Q(status="sent")),
            models.Index(
                fields=["expected_on", "sent_at"],
                name="referral_place_due",
                condition=models.Q(status="waitlisted", accepted_at__isnull=True),
            ),
            models.Index(
                fields=["accepted_at", "id"],
                name="referral_accepted_since",
                condition=models.Q(status="accepted"),
            ),
            models.Index(
                fields=["service_started_on", "id"],
                name="referral_served_since",
                condition=models.Q(status="in_service"),
            ),
            # What the work-list looks for, each along the day by which it is shown.
            models.Index(
                fields=["receiver", "expected_on", "id"],
                name="referral_place_due_here",
                condition=models.Q(status="waitlisted", accepted_at__isnull=True),
            ),
            models.Index(
                fields=["sender", "ended_at", "id"],
                name="referral_declined_late",
                condition=models.Q(status="declined"),
            ),
            models.Index(
                fields=["sender", "ended_at", "id"],
                name="referral_to_confirm",
                condition=models.Q(status="closed", confirmed_at__isnull=True),
            ),
            models.Index(
                fields=["sender", "last_modified", "id"],
                name="referral_unreached",
                condition=models.Q(status="closed", end_reason="could_not_reach", confirmed_at__isnull=True),
            ),
            models.Index(
                fields=["sender", "accepted_at", "id"],
                name="referral_sent_silent",
                condition=models.Q(box_order__lt=order.ENDED, accepted_at__isnull=False),
            ),
            models.Index(
                fields=["receiver", "accepted_at", "id"],
                name="referral_inbox_silent",
                condition=models.Q(box_order__lt=order.ENDED, accepted_at__isnull=False),
            ),
            *(
                models.Index(
                    fields=[side, at, "id"],
                    name=f"referral_{side}_{what}",
                    condition=models.Q(box_order__lt=order.ENDED, **{f"{at}__isnull": False}),
                )
                for side in ("sender", "receiver")
                for what, at in (("news", f"{side}_news_at"), ("handoff", "handoff_due_at"))
            ),
        ]

    def __str__(self) -> str:
        return self.code


class TimelineEvent(models.Model):
    """One line of the timeline that both sides read. Written only by ``referrals.events``.

    ``details`` holds codes and dates, never names or free text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=30)
    side = models.CharField(max_length=10)
    at = models.DateTimeField(auto_now_add=True)
    user_id = models.UUIDField(null=True)
    organization_id = models.UUIDField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            # Who would take something up again: few lines of many.
            models.Index(
                fields=["referral"], name="event_continue_asked", condition=models.Q(kind="continue_asked")
            )
        ]
