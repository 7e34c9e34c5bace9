"""A consent on paper, to be read and signed, and a consent's own page: the text read, its state, history."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from partners import audit
from partners.actor import Actor
from partners.bilingual import LANGUAGES, localized, reader_language
from partners.errors import Invalid, NotSeen
from partners.models import Organization
from partners.police_channel import is_police
from partners.roles import Capability
from referrals.access import access_consent
from referrals.client_view import FIELD_GROUPS
from referrals.consent import PROFILES
from referrals.consent_terms import DEFAULT_DAYS
from referrals.consent_texts import CONSENT_TEXTS, CURRENT_VERSION, PAPER, PaperWords, version_for
from referrals.models import Consent

CHOSEN_NAME_ONLY = _("Chosen name, and nothing else")


@dataclass(frozen=True)
class Paper:
    """The sheet in one language. It names nobody but the partner: whose it is, is written by hand."""

    version: str
    language: str
    words: PaperWords
    text: tuple[str, ...]
    recipient: str
    groups: list[str]
    until: str


def paper(
    *,
    actor: Actor,
    recipient_id: UUID | None = None,
    groups: Iterable[str] = (),
    language: str = "en",
    version: str = "",
) -> Paper:
    """The sheet for one partner; groups that its kind may never be told are left out.

    An older ``version`` stays readable. Raises NotSeen (recipient), Invalid (groups, language, version).
    """
    actor.require(Capability.CLIENTS)
    recipient = _recipient(recipient_id)
    chosen = set(groups)
    if not chosen <= set(FIELD_GROUPS):
        raise Invalid({"groups": [_("Choose at least one group from the list.")]})
    if language not in LANGUAGES:
        raise Invalid({"language": [_("Choose a language from the list.")]})
    version = version or (version_for(recipient) if recipient else CURRENT_VERSION)
    if version not in CONSENT_TEXTS:
        raise Invalid({"version": [_("There is no such text.")]})
    allowed = PROFILES.get(recipient.kind, frozenset()) if recipient else frozenset(FIELD_GROUPS)
    end = timezone.localdate() + datetime.timedelta(days=DEFAULT_DAYS)
    with translation.override(language):
        return Paper(
            version=version,
            language=language,
            words=PAPER[version][language],
            text=CONSENT_TEXTS[version][language],
            recipient=localized(recipient, "name").text if recipient else "",
            groups=[_label(group, recipient) for group in FIELD_GROUPS if group in chosen & allowed],
            until=date_format(end, "DATE_FORMAT"),
        )


def _recipient(recipient_id: UUID | None) -> Organization | None:
    if recipient_id is None:
        return None
    recipient = Organization.objects.filter(pk=recipient_id).first()
    if recipient is None:
        raise NotSeen
    return recipient


def _label(group: str, recipient: Organization | None) -> str:
    if recipient is not None and is_police(recipient):
        return str(CHOSEN_NAME_ONLY)
    return str(FIELD_GROUPS[group])


@dataclass(frozen=True)
class ConsentFile:
    """One row with the text that was read, and every other answer about the same partner, newest first."""

    consent: Consent
    language: str
    text: tuple[str, ...]
    history: list[Consent]


def open_consent(*, actor: Actor, consent_id: UUID) -> ConsentFile:
    """The row with its witness and who told us; the release is committed first.

    The text is shown in the language it was read in; read in another one, in the reader's.
    """
    consent = access_consent(consent_id, actor)
    _record_release(actor, consent)
    language = consent.language if consent.language in LANGUAGES else reader_language()
    others = Consent.objects.visible_to(actor).filter(
        client_id=consent.client_id, recipient_id=consent.recipient_id, purpose=consent.purpose
    )
    return ConsentFile(
        consent=consent,
        language=language,
        text=CONSENT_TEXTS.get(consent.text_version, {}).get(language, ()),
        history=list(others.select_related("recipient")),
    )


def former_choice(*, actor: Actor, client_id: UUID, recipient_id: UUID) -> Consent | None:
    """What the person last said yes to for this partner, in force or not, to be asked again."""
    said_yes = Consent.objects.visible_to(actor).filter(client_id=client_id, recipient_id=recipient_id)
    return said_yes.filter(refused=False).first()


def _record_release(actor: Actor, consent: Consent) -> None:
    audit.release(
        audit.Entry(
            actor=actor,
            action="consent.open",
            object_type="consent",
            object_id=consent.pk,
            chains=(consent.client.organization_id,),
            details={"recipient": str(consent.recipient_id)},
        )
    )
