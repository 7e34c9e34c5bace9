"""Files that the two sides of one referral give to each other.

The receiver opens a file only while the referral is disclosed to it; the sender its own and the
receiver's always. A file leaves as a download alone, under the referral's code, never by its name.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from partners.actor import Actor, Side
from partners.errors import Invalid, NotSeen, Refused
from referrals import files, pressing
from referrals.access import access_referral, side_of
from referrals.consent import Stage, stage_of
from referrals.details import REQUIRED
from referrals.happened import happened
from referrals.messages import require_open
from referrals.models import Document, Referral
from referrals.reading import record_reading
from referrals.unread import own_id, written_in


@dataclass(frozen=True)
class DocumentView:
    """A file without its content; ``name`` is what its sender called it, ``file_name`` how it leaves.

    ``author`` is a colleague's first name, or empty for the other side.
    """

    id: UUID
    side: str
    organization_name: str
    author: str
    name: str
    file_name: str
    media_type: str
    size: int
    sent_at: datetime.datetime
    unread: bool


def add_document(*, referral_id: UUID, actor: Actor, name: str, content: bytes | None) -> Document:
    """A file for the other side of an open, sent referral. Needs live consent, like a message.

    The receiver sends files while the referral is disclosed to it. Raises Invalid at ``file`` for what
    can't be kept; nothing is decoded for somebody who may not send.
    """
    referral = access_referral(referral_id, actor)
    side = side_of(referral, actor)
    if stage_of(referral, side) is Stage.TOMBSTONE:
        raise NotSeen
    if actor.user_id is None or not _sees_documents(referral, side):
        raise Refused
    with transaction.atomic():
        require_open(referral, actor)
    if content is None:
        raise Invalid({"file": [REQUIRED]})
    try:
        file = files.examine(content)
    except ValueError as error:
        raise Invalid({"file": [error.args[0]]}) from None
    with transaction.atomic():
        referral = access_referral(referral_id, actor)
        require_open(referral, actor)
        document = Document.objects.create(
            referral=referral,
            organization_id=own_id(referral, side),
            author_id=actor.user_id,
            name=files.clean_name(name, file.media_type),
            media_type=file.media_type,
            size=len(file.content),
            content=file.content,
        )
        pressing.refresh(referral.pk)
        happened(referral, actor, side, "document")
    return document


def documents_of(referral: Referral, actor: Actor) -> list[DocumentView]:
    """Oldest first. Nothing for a receiver to whom the referral is not disclosed."""
    side = side_of(referral, actor)
    if not _sees_documents(referral, side):
        return []
    rows = written_in(referral.documents.defer("content"), own_id(referral, side))
    return [
        DocumentView(
            id=row.pk,
            side=(Side.SENDER if row.organization_id == referral.sender_id else Side.RECEIVER).value,
            organization_name=str(row.organization),
            author=row.author.get_short_name() if row.organization_id == actor.organization_id else "",
            name=row.name,
            file_name=f"{referral.code}-{number}.{files.EXTENSIONS[row.media_type]}",
            media_type=row.media_type,
            size=row.size,
            sent_at=row.sent_at,
            unread=row.unread,
        )
        for number, row in enumerate(rows, 1)
    ]


def open_document(*, referral_id: UUID, document_id: UUID, actor: Actor) -> tuple[DocumentView, bytes]:
    """A file with its content, after its release has been committed. Raises NotSeen."""
    referral = access_referral(referral_id, actor)
    view = next((one for one in documents_of(referral, actor) if one.id == document_id), None)
    if view is None:
        raise NotSeen
    content = bytes(referral.documents.get(pk=document_id).content)
    record_reading(referral, actor, "document.open", document=str(document_id))
    return view, content


def _sees_documents(referral: Referral, side: Side) -> bool:
    return stage_of(referral, side) in (Stage.OWN, Stage.DISCLOSED)
