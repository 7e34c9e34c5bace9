"""What a token from a letter leads to, and the half hour that token and code open together.

Reading changes nothing. A token that is unknown, closed, or of a referral that is no longer shared leads
to the same page, whichever it is.
"""

from __future__ import annotations

import datetime
import hmac
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from partners import audit, one_time
from partners.actor import Actor, Channel, Side
from partners.errors import NotSeen
from partners.models import Organization
from partners.notifications import outbox
from partners.police_channel import is_police
from partners.roles import Capability
from referrals import events
from referrals.access import held
from referrals.consent import live_consent, may_share
from referrals.links.minting import TRIES, current, kill
from referrals.models import AnswerLink, LinkVisit, Referral, ReferralKind
from referrals.telling import concerned
from referrals.workflow import OPEN, TOMBSTONED, Status

VISIT = datetime.timedelta(minutes=30)


class Door(StrEnum):
    """Where a token leads: to the code, to nothing, to a newer link, or to a preview without a code."""

    CODE = "code"
    SHUT = "shut"
    OLD = "old"
    PREVIEW = "preview"


@dataclass(frozen=True)
class Tried:
    """What became of a code: the secret of a visit, or how many tries are left (0: closed)."""

    secret: str = ""
    left: int = 0


def find(token: str) -> AnswerLink | None:
    rows = AnswerLink.objects.select_related("referral__receiver", "referral__consent")
    return rows.filter(digest=one_time.digest_of(token)).first()


def door_of(link: AnswerLink | None) -> Door:
    """Old is said to nobody but the holder of a real letter, and only while a new one can be asked for."""
    if link is None or link.killed_at is not None or not is_shared(link.referral, preview=link.preview_only):
        return Door.SHUT
    old = link.replaced_at is not None or link.expires_at is None or link.expires_at <= timezone.now()
    if link.preview_only:
        return Door.SHUT if old else Door.PREVIEW
    if not old:
        return Door.CODE
    newest = current(link.referral_id)
    return Door.OLD if newest is not None and newest.killed_at is None else Door.SHUT


def is_shared(referral: Referral, *, preview: bool = False) -> bool:
    """Its receiver sees it; or a body outside the network may see the preview of it."""
    if referral.sent_at is None or is_police(referral.receiver):
        return False
    status = Status(referral.status)
    if preview:
        logged = referral.kind == ReferralKind.LOGGED
        return logged and status in OPEN and live_consent(referral) is not None
    return referral.kind == ReferralKind.OUTGOING and status not in TOMBSTONED and may_share(referral)


def enter(token: str, code: str, name: str) -> Tried:
    """Try the code. Right: a visit of half an hour, in the timeline under that name. Wrong: one try less.

    The try is taken before the code is looked at and given back when it is right, so that no two at once
    have more tries than one after the other.
    """
    link = find(token)
    if door_of(link) is not Door.CODE or link is None:
        return Tried()
    with transaction.atomic():
        try:
            held(Referral.objects, link.referral_id)
        except NotSeen:
            return Tried()
        link = find(token)
        if link is None or door_of(link) is not Door.CODE or not _take_try(link):
            return Tried()
        if not hmac.compare_digest(link.code.encode(), code.encode()):
            return _wrong(link)
        AnswerLink.objects.filter(pk=link.pk).update(wrong_codes=F("wrong_codes") - 1)
        return Tried(_visit(link, name))


def _take_try(link: AnswerLink) -> bool:
    left = AnswerLink.objects.filter(pk=link.pk, wrong_codes__lt=TRIES)
    return bool(left.update(wrong_codes=F("wrong_codes") + 1))


def _wrong(link: AnswerLink) -> Tried:
    referral, left = link.referral, TRIES - link.wrong_codes - 1
    action = "referral.link_wrong_code"
    if not left:
        kill(link)
        action = "referral.link_killed"
        outbox.add(referral.sender_id, "link_killed", referral.pk, referral.code)
    audit.record(_entry(referral, link_actor(referral), action, result=audit.REFUSED))
    return Tried(left=left)


def _visit(link: AnswerLink, name: str) -> str:
    secret, digest = one_time.mint()
    until = timezone.now() + VISIT
    visit = LinkVisit.objects.create(link=link, digest=digest, name=name, expires_at=until)
    actor = link_actor(link.referral, visit)
    events.record_event(link.referral, "link_visit", actor, Side.RECEIVER)
    audit.record(_entry(link.referral, actor, "referral.link_visit"))
    return secret


def visit_of(secret: str) -> LinkVisit | None:
    """The visit, if its half hour lasts and the partner still has its agreement."""
    rows = LinkVisit.objects.filter(
        digest=one_time.digest_of(secret),
        ended_at__isnull=True,
        expires_at__gt=timezone.now(),
        link__killed_at__isnull=True,
        link__referral__receiver__in=Organization.objects.with_agreement().order_by().values("pk"),
    )
    return rows.select_related("link__referral").first()


def actor_of(visit: LinkVisit) -> Actor:
    return link_actor(visit.link.referral, visit)


def leave(visit: LinkVisit) -> None:
    LinkVisit.objects.filter(pk=visit.pk, ended_at__isnull=True).update(ended_at=timezone.now())


def link_actor(referral: Referral, visit: LinkVisit | None = None) -> Actor:
    return Actor(
        channel=Channel.LINK,
        organization_id=referral.receiver_id,
        capabilities=frozenset({Capability.ANSWER}),
        referral_id=referral.pk,
        visit_id=visit.pk if visit else None,
    )


def _entry(referral: Referral, actor: Actor, action: str, result: str = audit.DONE) -> audit.Entry:
    return audit.Entry(
        actor=actor,
        action=action,
        object_type="referral",
        object_id=referral.pk,
        chains=concerned(referral),
        result=result,
    )
