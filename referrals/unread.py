"""What a side has not read yet of the other side's messages and files.

A mark for each side says up to when it has read. Looking at a page moves no mark: the reader says so,
or replies; and only up to what the page showed, so that what came meanwhile stays new.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from partners.actor import Actor, Side
from partners.errors import NotSeen
from referrals import pressing
from referrals.access import access_referral, held, side_of
from referrals.consent import Stage, stage_of
from referrals.happened import record
from referrals.models import Document, Message, ReadMark, Referral
from referrals.telling import reached


def own_id(referral: Referral, side: Side) -> UUID:
    """The organization that stands on that side."""
    return referral.sender_id if side is Side.SENDER else referral.receiver_id


def read_until(organization_id: UUID | None) -> Coalesce:
    """Of a message or document: up to when the organization has read of its referral."""
    marks = ReadMark.objects.filter(referral=models.OuterRef("referral"), organization_id=organization_id)
    return Coalesce(models.Subquery(marks.values("read_at")[:1]), models.Value(pressing.NEVER))


def mark_read(*, referral_id: UUID, actor: Actor, until: datetime.datetime | None = None) -> None:
    """The actor's side has read what came before ``until``, or now. 404 for whom nothing is open."""
    referral = access_referral(referral_id, actor)
    side = side_of(referral, actor)
    if stage_of(referral, side) is Stage.TOMBSTONE:
        raise NotSeen
    with transaction.atomic():
        held(Referral.objects, referral.pk)
        move_mark(referral, side, until)
        pressing.refresh(referral.pk)
        record(referral, actor, "referral.messages_read", reached(referral, side))


def move_mark(referral: Referral, side: Side, until: datetime.datetime | None = None) -> None:
    """Forward only, and never into the future. Call inside a transaction."""
    moment = min(until or timezone.now(), timezone.now())
    mark, made = ReadMark.objects.get_or_create(
        referral=referral, organization_id=own_id(referral, side), defaults={"read_at": moment}
    )
    if not made:
        ReadMark.objects.filter(pk=mark.pk, read_at__lt=moment).update(read_at=moment)


def written_in(rows: models.QuerySet, own: UUID) -> models.QuerySet:
    """Messages or documents with who wrote them and whether they are new to the organization."""
    new = ~models.Q(organization_id=own) & models.Q(sent_at__gt=read_until(own))
    return rows.select_related("organization", "author").annotate(
        unread=models.ExpressionWrapper(new, output_field=models.BooleanField())
    )


def new_for(rows: models.QuerySet, organization_id: UUID | None) -> models.QuerySet:
    """Those messages or documents that the other side sent after the organization's mark."""
    others = rows.exclude(organization_id=organization_id)
    return others.filter(sent_at__gt=read_until(organization_id))


def unread_counts(referrals: Iterable[Referral], side: Side, organization_id: UUID | None) -> dict[UUID, int]:
    """For each referral of a list how many new messages and files the side can open. Two queries."""
    stages = {referral.pk: stage_of(referral, side) for referral in referrals}
    talking = [pk for pk, stage in stages.items() if stage is not Stage.TOMBSTONE]
    opened = [pk for pk in talking if stages[pk] is not Stage.PREVIEW]
    counts: dict[UUID, int] = {}
    for model, wanted in ((Message, talking), (Document, opened)):
        new = new_for(model.objects.filter(referral__in=wanted), organization_id)
        for pk, count in new.order_by().values_list("referral").annotate(models.Count("pk")):
            counts[pk] = counts.get(pk, 0) + count
    return counts
