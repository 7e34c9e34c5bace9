"""Everything held about a person, for the person: readable in both languages, and as data.

A release: it is committed to the audit log before the first byte exists.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Field
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.html import format_html

from partners import audit
from partners.actor import Actor
from partners.audit_log import Line, in_words
from partners.bilingual import LANGUAGES, localized
from partners.models import Organization
from referrals import files
from referrals.client_view import FIELD_GROUPS
from referrals.consent import NOTICE
from referrals.models import Client, Document
from referrals.rights.access import own_client
from referrals.rights.export_labels import label_of
from referrals.rights.export_words import Words, as_json
from referrals.rights.holdings import HOLDINGS, LEFT_OUT, Holding
from referrals.rights.released import EXPORTED
from referrals.rights.seen import releases

FILE_NAME, FOLDER = "export.zip", "documents"
# Inside the one file, because nothing beside it may be needed to read it.
STYLE = (
    "body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 sans-serif; color: #111; }"
    " section { break-inside: avoid; } dl { margin: 0 0 1.5rem; border-top: 1px solid #777; }"
    " dt { font-weight: bold; } dd { margin: 0 0 0.5rem; white-space: pre-line; }"
    " .second { break-before: page; border-top: 4px solid #111; margin-top: 3rem; }"
)


@dataclass(frozen=True)
class Cell:
    """One field of one row: what it is called, how it is kept, and in words."""

    name: str
    label: Promise
    kept: Any
    words: str


@dataclass(frozen=True)
class Part:
    """All rows of one kind."""

    key: str
    label: Promise
    rows: list[list[Cell]]


def fields_of(holding: Holding) -> list[Field]:
    """What of a model is exported: all but its key, what leads back to the file, and LEFT_OUT."""
    return [
        field
        for field in holding.model._meta.concrete_fields
        if not field.primary_key
        and field.related_model is not Client
        and f"{field.model._meta.label}.{field.name}" not in LEFT_OUT
    ]


def export_client(*, actor: Actor, client_id: UUID) -> bytes:
    """A zip for who may open the file or looks after the person's rights. Raises Refused, NotSeen."""
    client = own_client(client_id, actor)
    return export_for(actor, client)


def export_for(actor: Actor, client: Client) -> bytes:
    """The zip: ``export.html``, ``export.json`` and the documents. Whoever calls has asked who may."""
    _record_release(actor, client)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.html", as_html(actor, client))
        archive.writestr("export.json", json.dumps(as_data(client), ensure_ascii=False, indent=1))
        for name, content in _documents(client):
            archive.writestr(f"{FOLDER}/{name}", content)
    return packed.getvalue()


def parts_of(client: Client) -> list[Part]:
    """Everything, in the reader's language."""
    words = Words(client.organization_id)
    return [
        Part(
            holding.model._meta.model_name or "",
            holding.label,
            [[_cell(words, row, field) for field in fields_of(holding)] for row in _rows(holding, client)],
        )
        for holding in HOLDINGS
    ]


def _rows(holding: Holding, client: Client) -> Any:
    related = [field.name for field in fields_of(holding) if field.is_relation]
    return holding.rows(client.pk).select_related(*related) if related else holding.rows(client.pk)


def _cell(words: Words, row: Any, field: Field) -> Cell:
    label = label_of(field)
    if label is None:
        raise LookupError(f"{field} has no label for the export.")
    return Cell(field.name, label, as_json(row, field), words.say(row, field))


def as_html(actor: Actor, client: Client) -> str:
    """One page, first in the person's own language, then in the other one. Its title says nothing."""
    own = Client.objects.values_list("language", flat=True).get(pk=client.pk)
    order = sorted(LANGUAGES, key=lambda language: language != own)
    texts = []
    for language in order:
        with translation.override(language):
            context = {**_context(actor, client), "language": language, "second": language != order[0]}
            texts.append(render_to_string("referrals/rights_export_part.html", context))
    style = format_html("<style>{}</style>", STYLE)
    return render_to_string(
        "referrals/rights_export_file.html", {"parts": texts, "style": style, "language": order[0]}
    )


def _context(actor: Actor, client: Client) -> dict[str, Any]:
    lines: list[Line] = in_words(actor, list(releases(client)))
    return {
        "organization": localized(_organization(client), "name").text,
        "made_at": timezone.localtime(),
        "notice": NOTICE,
        "kinds": parts_of(client),
        "seen": lines,
        "documents": [name for _pk, name in _document_names(client)],
    }


def as_data(client: Client) -> dict[str, Any]:
    """Machine-readable: each label and each value's words in both languages, the value as it is kept."""
    said: dict[str, list[Part]] = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = parts_of(client)
    return {
        "notice": _both(NOTICE),
        "organization": {
            language: localized(_organization(client), "name", language).text for language in LANGUAGES
        },
        "made_at": timezone.now().isoformat(),
        "parts": [_part_data(one, other) for one, other in zip(said["en"], said["fr"], strict=True)],
    }


def _part_data(english: Part, french: Part) -> dict[str, Any]:
    return {
        "key": english.key,
        "label": _both(english.label),
        "rows": [
            {
                one.name: {
                    "label": _both(one.label),
                    "value": one.kept,
                    "words": {"en": one.words, "fr": other.words},
                }
                for one, other in zip(row, row_fr, strict=True)
            }
            for row, row_fr in zip(english.rows, french.rows, strict=True)
        ],
    }


def _both(text: Promise) -> dict[str, str]:
    both = {}
    for language in LANGUAGES:
        with translation.override(language):
            both[language] = str(text)
    return both


def _document_names(client: Client) -> list[tuple[UUID, str]]:
    """Neutral ones: what a file was called stands in the export itself."""
    rows = Document.objects.filter(referral__client_id=client.pk).order_by("sent_at", "id")
    kinds = rows.values_list("pk", "media_type")
    return [(pk, f"{number}.{files.EXTENSIONS[kind]}") for number, (pk, kind) in enumerate(kinds, 1)]


def _documents(client: Client) -> Iterator[tuple[str, bytes]]:
    """One at a time: together they may not fit into memory twice."""
    for pk, name in _document_names(client):
        yield name, bytes(Document.objects.get(pk=pk).content)


def _organization(client: Client) -> Organization:
    return Organization.objects.get(pk=client.organization_id)


def _record_release(actor: Actor, client: Client) -> None:
    audit.release(
        audit.Entry(
            actor=actor,
            action=EXPORTED,
            object_type="client",
            object_id=client.pk,
            chains=(client.organization_id,),
            details={"field_groups": list(FIELD_GROUPS)},
        )
    )
