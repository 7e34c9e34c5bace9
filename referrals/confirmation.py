"""Her own word: a code that her worker shows her opens a page that names nobody, once.

Only the digest of the code is stored. Relais never sends it anywhere. A code that was used, has run
out, was replaced or never existed is answered alike.
"""

from __future__ import annotations

import datetime
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from partners import audit
from partners.actor import SYSTEM, Actor, Side
from partners.bilingual import LANGUAGES
from partners.errors import NotSeen, Refused
from partners.one_time import digest_of
from referrals import events, outcomes
from referrals.access import access_referral, held
from referrals.codes import ALPHABET
from referrals.models import ConfirmationCode, NeedsMet, Referral
from referrals.telling import conflict, reached, tell
from referrals.workflow import Status

LIFETIME = datetime.timedelta(days=14)
LENGTH, GROUP = 16, 4  # about 70 bits
ANSWERS = (NeedsMet.YES, NeedsMet.PARTLY, NeedsMet.NO)


@dataclass(frozen=True)
class Issued:
    """A new code, as it is read out and as an address; nobody can ask for it again."""

    code: str
    url: str
    expires_at: datetime.datetime


def may_issue(referral: Referral) -> bool:
    """There is an outcome that nobody has confirmed."""
    return referral.status == Status.CLOSED.value and referral.confirmed_at is None


def issue_code(*, referral_id: UUID, actor: Actor, language: str = "en") -> Issued:
    """A code for the person herself, which replaces the one before.

    The address is in ``language`` where the page exists in it. Raises NotSeen, Refused (not the
    sender), Conflict (nothing to confirm).
    """
    referral = access_referral(referral_id, actor)
    outcomes.require_side(referral, actor, Side.SENDER)
    if actor.user_id is None:  # somebody stands beside her and shows it
        raise Refused
    if not may_issue(referral):
        raise conflict(referral, actor, outcomes.NOTHING_LEFT)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    now = timezone.now()
    with transaction.atomic():
        held(Referral.objects, referral.pk)
        _open_codes(now).filter(referral=referral).update(expires_at=now)
        row = ConfirmationCode.objects.create(
            referral=referral, digest=digest_of(code), created_by_id=actor.user_id, expires_at=now + LIFETIME
        )
        audit.record(
            audit.Entry(
                actor=actor,
                action="referral.confirmation_code",
                object_type="referral",
                object_id=referral.pk,
                chains=(referral.sender_id,),
            )
        )
    shown = "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))
    return Issued(shown, address(shown, language), row.expires_at)


def address(code: str, language: str) -> str:
    """Where the code leads, in the person's language if the page exists in it."""
    with translation.override(language if language in LANGUAGES else LANGUAGES[0]):
        return settings.BASE_URL + reverse("referrals:answer", args=[code])


def is_open(code: str) -> bool:
    """The code can be answered now. Reads, and changes nothing."""
    return _find(code) is not None


def give_answer(code: str, answer: str) -> None:
    """Her answer, once: it confirms the outcome and closes the loop. Raises NotSeen for every other code."""
    row = _find(code)
    if row is None or answer not in ANSWERS:
        raise NotSeen
    now = timezone.now()
    with transaction.atomic():
        held(Referral.objects, row.referral_id)
        if not _open_codes(now).filter(pk=row.pk).update(used_at=now, answer=answer):
            raise NotSeen
        referral = row.referral
        if not outcomes.close_loop(referral, "client", answer):
            raise NotSeen
        events.record_event(referral, "confirmed_by_client", SYSTEM, None)
        told = reached(referral, None)
        for organization_id in told:
            tell(referral, organization_id, "confirmed_by_client")
        audit.record(
            audit.Entry(
                actor=SYSTEM,
                action="referral.confirmed_by_client",
                object_type="referral",
                object_id=referral.pk,
                chains=told,
            )
        )


def _find(code: str) -> ConfirmationCode | None:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    if len(plain) != LENGTH or not set(plain) <= set(ALPHABET):
        return None
    found = _open_codes(timezone.now()).select_related("referral").filter(digest=digest_of(plain)).first()
    return found if found and may_issue(found.referral) else None


def _open_codes(now: datetime.datetime):  # type: ignore[no-untyped-def]  # a queryset
    return ConfirmationCode.objects.filter(used_at__isnull=True, expires_at__gt=now)
