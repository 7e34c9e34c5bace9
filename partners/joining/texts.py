"""The versions of the agreement's text, in both languages: never changed once they are published.

The first version comes with Relais (``data/``). A text is plain: ``## `` begins a heading, ``- `` an item
of a list, everything else is a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners import audit
from partners.actor import Actor
from partners.errors import Conflict, Invalid, NotSeen, type_of_message
from partners.form_words import REQUIRED
from partners.models import AgreementText
from partners.roles import Capability

FIRST_VERSION = "2026-11"
A_VERSION = re.compile(r"[0-9A-Za-z.-]{1,20}\Z")
LONGEST = 60_000


@dataclass
class Block:
    """A heading, a paragraph or a list of a text."""

    kind: str
    lines: list[str] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    """The text as it is shown."""
    found: list[Block] = []
    for line in text.splitlines():
        kind, words = _kind_of(line.strip())
        if not words:
            found.append(Block("gap"))
        elif kind != "heading" and found and found[-1].kind == kind:
            found[-1].lines.append(words)
        else:
            found.append(Block(kind, [words]))
    return [block for block in found if block.lines]


def _kind_of(line: str) -> tuple[str, str]:
    for mark, kind in (("## ", "heading"), ("- ", "list")):
        if line.startswith(mark):
            return kind, line.removeprefix(mark).strip()
    return "paragraph", line


def texts(actor: Actor) -> QuerySet[AgreementText]:
    """All versions, drafts included. Raises NotSignedIn, Refused."""
    actor.require(Capability.ADMIT_PARTNERS)
    return AgreementText.objects.order_by("-created_at", "pk")


def current_text() -> AgreementText | None:
    """The version that was published last; nothing on a database that nothing was loaded into."""
    return AgreementText.objects.filter(published_at__isnull=False).order_by("-published_at", "pk").first()


def text_to_sign() -> AgreementText:
    """The current version, loaded first where there is none yet. Writes, so no GET calls it."""
    found = current_text()
    return found or load_first()


def load_first(**_signal: Any) -> AgreementText:
    """The version that comes with Relais, published. Also called after migrations, and safe to call again."""
    data = files("partners.joining") / "data"
    return AgreementText.objects.get_or_create(
        version=FIRST_VERSION,
        defaults={
            "text_en": (data / "agreement.en.txt").read_text("utf-8"),
            "text_fr": (data / "agreement.fr.txt").read_text("utf-8"),
            "published_at": timezone.now(),
        },
    )[0]


def access_text(actor: Actor, version: str) -> AgreementText:
    """Any version, for who writes them. Raises NotSignedIn, Refused, NotSeen."""
    found = texts(actor).filter(version=version).first()
    if found is None:
        raise NotSeen
    return found


def write(*, actor: Actor, version: str, text_en: str, text_fr: str) -> AgreementText:
    """A new version, or the words of one that is not published yet.

    Raises NotSignedIn, Refused, Invalid (version, text_en, text_fr), Conflict for a published one.
    """
    actor.require(Capability.ADMIT_PARTNERS)
    given = {"text_en": _clean(text_en), "text_fr": _clean(text_fr)}
    errors = dict(_errors(version, given))
    if errors:
        raise Invalid(errors)
    try:
        with transaction.atomic():
            row = AgreementText.objects.select_for_update().filter(version=version).first()
            if row is None:
                row = AgreementText(version=version, created_by_id=actor.user_id)
            elif row.published_at is not None:
                raise Conflict(_("This version is published and stays as it is. Write a new one."))
            row.text_en, row.text_fr = given["text_en"], given["text_fr"]
            row.save()
            _record(actor, "agreement_text.write", row)
    except IntegrityError:
        raise Conflict(_("Somebody else has just written this version.")) from None
    return row


def publish(*, actor: Actor, version: str) -> AgreementText:
    """From now on new agreements are made with it; what was signed stays as it was read.

    Raises NotSignedIn, Refused, NotSeen, Conflict where it is published already.
    """
    access_text(actor, version)
    with transaction.atomic():
        row = AgreementText.objects.select_for_update().get(version=version)
        if row.published_at is not None:
            raise Conflict(_("This version is published already."))
        row.published_at = timezone.now()
        row.save(update_fields=["published_at"])
        _record(actor, "agreement_text.publish", row)
    return row


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _errors(version: str, given: dict[str, str]) -> Iterator[tuple[str, list[type_of_message]]]:
    if not A_VERSION.match(version):
        yield "version", [_("Use letters, digits, dots and hyphens, such as 2027-01.")]
    for name, text in given.items():
        if not text:
            yield name, [REQUIRED]
        elif len(text) > LONGEST:
            yield name, [_("This text is too long.")]


def _record(actor: Actor, action: str, row: AgreementText) -> None:
    entry = audit.Entry(
        actor=actor,
        action=action,
        object_type="agreement_text",
        object_id=row.version,
        chains=(audit.NETWORK_CHAIN,),
        details={"version": row.version},
    )
    audit.record(entry)
