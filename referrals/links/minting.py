"""One-time links: which partner gets them, and how a link is made, replaced and ended.

A referral has at most one link that counts, the one without ``replaced_at``. Its code is made with the
send and stays the same from link to link, and with it how often a wrong one was tried: a new mail buys
nobody new attempts. Only the sender makes a new code.
"""

from __future__ import annotations

import datetime
import secrets
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from partners import one_time
from partners.models import Organization
from partners.notifications import outbox
from partners.police_channel import is_police
from referrals.access import held
from referrals.models import AnswerLink, LinkVisit, Referral
from referrals.querysets import answerers

LIFETIME = datetime.timedelta(days=7)
TRIES = 5
DIGITS = 6
# Kinds of the outbox: a letter with a link, one that says that nothing is shared any more, a preview.
LETTER, ENDED, PREVIEW = "answer_link", "answer_ended", "preview_link"


def without_sign_in(organization: Organization) -> bool:
    """Nobody of the partner can sign in and answer a referral. Police have a channel of their own."""
    if is_police(organization):
        return False
    return not answerers().filter(organization_id=organization.pk).exists()


def current(referral_id: UUID) -> AnswerLink | None:
    """The link that counts, minted or still to be."""
    rows = AnswerLink.objects.filter(referral_id=referral_id, preview_only=False)
    return rows.filter(replaced_at__isnull=True).first()


def owe_letter(referral: Referral) -> None:
    """A letter with a link, in the act's own transaction; the code is made now, the link when it is sent.

    Nothing while a link stands that wrong codes have closed: the sender makes the next one.
    """
    link = current(referral.pk)
    if link is None:
        AnswerLink.objects.create(referral=referral, code=_new_code())
    if link is None or link.killed_at is None:
        outbox.add(referral.receiver_id, LETTER, referral.pk, referral.code)


def mint(referral: Referral) -> str:
    """A token for the letter that is being written; its hash alone is kept. Empty where none may go out.

    Each letter has a link of its own, and each new one ends the one before.
    """
    token, digest = one_time.mint()
    with transaction.atomic():
        held(Referral.objects, referral.pk)
        link = current(referral.pk)
        if link is None or link.killed_at is not None:
            return ""
        if link.digest is not None:
            link = _successor(link)
        link.digest, link.expires_at = digest, timezone.now() + LIFETIME
        link.save(update_fields=["digest", "expires_at"])
    return token


def mint_preview(referral: Referral) -> str:
    """A token that opens nothing but the preview for a body without an agreement."""
    token, digest = one_time.mint()
    with transaction.atomic():
        held(Referral.objects, referral.pk)
        _end(AnswerLink.objects.filter(referral=referral, preview_only=True))
        AnswerLink.objects.create(
            referral=referral, preview_only=True, digest=digest, expires_at=timezone.now() + LIFETIME
        )
    return token


def renew(referral: Referral) -> AnswerLink:
    """A new code and a letter with a link for it. Whoever is inside by the old one is outside. Hold the
    referral before."""
    _end(AnswerLink.objects.filter(referral=referral))
    visits = LinkVisit.objects.filter(link__referral=referral, ended_at__isnull=True)
    visits.update(ended_at=timezone.now())
    link = AnswerLink.objects.create(referral=referral, code=_new_code())
    outbox.add(referral.receiver_id, LETTER, referral.pk, referral.code)
    return link


def kill(link: AnswerLink) -> None:
    now = timezone.now()
    AnswerLink.objects.filter(pk=link.pk).update(killed_at=now)
    LinkVisit.objects.filter(link__referral_id=link.referral_id, ended_at__isnull=True).update(ended_at=now)


def _successor(link: AnswerLink) -> AnswerLink:
    """The next link takes over the code; the one before forgets it."""
    code, tried = link.code, link.wrong_codes
    _end(AnswerLink.objects.filter(pk=link.pk))
    return AnswerLink.objects.create(referral_id=link.referral_id, code=code, wrong_codes=tried)


def _end(links) -> None:  # type: ignore[no-untyped-def]  # a queryset
    links.filter(replaced_at__isnull=True).update(replaced_at=timezone.now(), code="")


def _new_code() -> str:
    return "".join(str(secrets.randbelow(10)) for _ in range(DIGITS))
