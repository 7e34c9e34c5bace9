"""The letters to a partner or a body without a sign-in: a code, a link, nothing else.

Nobody knows the language of an address, so each says what it says in both.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.actor import SYSTEM
from partners.bilingual import LANGUAGES, other_than
from partners.models import OutboxRow
from partners.notifications import kinds
from partners.notifications.kinds import Letter
from referrals.links import minting
from referrals.links.minting import ENDED, LETTER, PREVIEW
from referrals.links.opening import is_shared
from referrals.models import Referral

SUBJECT = _("Relais: %(code)s")
WAITS = _("Referral %(code)s waits for you. You need the code that the sender tells you by phone.")
NO_LONGER = _("Referral %(code)s is no longer shared with you. Contact the sender.")
ASKS = _("Somebody asks about referral %(code)s. The page says whom to phone.")
OPEN = _("Open the referral")
WORKS = _("The link works for 7 days, until a newer one replaces it. Do not pass it on.")
BY_ITSELF = _("Relais sends this message by itself. Please do not answer it.")


def register() -> None:
    kinds.register_letter(LETTER, write)
    kinds.register_letter(ENDED, write_ended)
    kinds.register_letter(PREVIEW, write_preview)


def address_of(referral: Referral) -> str:
    """The partner's own address for referrals. No other is taken: what is sent there opens something."""
    return referral.receiver.referral_email


def preview_address_of(referral: Referral) -> str:
    """The address that the listing shows to everybody, or its organization's."""
    return referral.service.email or referral.receiver.email


def write(row: OutboxRow) -> list[Letter]:
    """Nothing where it is no longer shared, or where wrong codes have closed the link meanwhile."""
    referral = _referral(row)
    address = address_of(referral) if referral else ""
    if referral is None or not address or not is_shared(referral):
        return []
    token = minting.mint(referral)
    return [_letter(row, address, WAITS, token)] if token else []


def write_ended(row: OutboxRow) -> list[Letter]:
    """Also of a referral that was deleted since: the row knows its code."""
    address = row.organization.referral_email
    return [_letter(row, address, NO_LONGER)] if address else []


def write_preview(row: OutboxRow) -> list[Letter]:
    referral = _referral(row)
    address = preview_address_of(referral) if referral else ""
    if referral is None or not address or not is_shared(referral, preview=True):
        return []
    return [_letter(row, address, ASKS, minting.mint_preview(referral))]


def _referral(row: OutboxRow) -> Referral | None:
    return Referral.objects.visible_to(SYSTEM).for_list().filter(pk=row.object_id).first()


def _letter(row: OutboxRow, address: str, says: Promise, token: str = "") -> Letter:
    receiver = row.organization
    first = LANGUAGES[0] if receiver.name_en else LANGUAGES[1]
    second = other_than(first)
    words = {"code": row.code}
    after = [WORKS] if token else []
    return Letter(
        recipient=receiver.pk,
        address=address,
        language=first,
        subject=_in(first, SUBJECT) % words,
        lines=[_in(first, says) % words],
        url=settings.BASE_URL + reverse("by_link:answer_link", args=[token]) if token else "",
        url_label=_in(first, OPEN) if token else "",
        closing=[_in(first, line) for line in after]
        + [_in(second, line) % words for line in (says, *after, BY_ITSELF)],
    )


def _in(language: str, text: Promise) -> str:
    with translation.override(language):
        return str(text)
