"""Translation catalogues without the gettext binaries: collected and compiled by Babel.

English stands in the code, so French is the only catalogue. New translations may wait in
``config/locale/pending/*.tsv``, tab-separated: ``english, french``, or ``context, english, french``,
or ``one, many, une, plusieurs`` for a plural. What is merged can be deleted there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tokenize import TokenError

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import TemplateSyntaxError
from django.utils.translation.template import templatize

LANGUAGE = "fr"
# Where the arguments of each function stand, as Babel wants it: "c" marks the context.
PLURAL, CONTEXT, CONTEXT_PLURAL = (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), CONTEXT_PLURAL),
}
COMMENT_TAG = "Translators:"
TEMPLATE_SUFFIXES = {".html", ".txt"}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
Text = str | tuple[str, ...]


class CatalogError(Exception):
    """A template or a pending translation that can't be read; says where."""


def collect(root: Path, packages: Iterable[str]) -> Catalog:
    """Every text of the packages' code and templates, each with the files it stands in."""
    found = empty()
    for path in sorted(path for package in packages for path in _sources(root / package)):
        for message, comments, context in _texts(path):
            location = (path.relative_to(root).as_posix(), 0)
            found.add(message, locations=[location], auto_comments=comments, context=context)
    return found


def merge(found: Catalog, known: Catalog, pending: Catalog) -> Catalog:
    """What is found, with the translations known; a pending one replaces what was known."""
    merged = empty()
    for message in texts(found):
        nothing = "" if isinstance(message.id, str) else ("",) * len(message.id)
        sources = (catalog.get(message.id, message.context) for catalog in (pending, known))
        merged.add(
            message.id,
            next((entry.string for entry in sources if entry and _complete(entry)), nothing),
            locations=message.locations,
            auto_comments=message.auto_comments,
            context=message.context,
        )
    return merged


def faults(catalog: Catalog) -> Iterator[str]:
    """Texts without a French translation, or with one whose placeholders differ."""
    for message in texts(catalog):
        where = ", ".join(path for path, _ in message.locations)
        if not _complete(message):
            yield f"not translated: {_each(message.id)} ({where})"
        elif _placeholders(message.id) != _placeholders(message.string):
            yield f"placeholders differ: {_each(message.id)} ({where})"


def texts(catalog: Catalog) -> list[Message]:
    """The messages without the header, in the order of their English words."""
    return sorted(
        (message for message in catalog if message.id), key=lambda m: (_each(m.id), m.context or "")
    )


def empty() -> Catalog:
    """A catalogue whose header never changes, so that the same texts make the same bytes."""
    fixed = datetime(2026, 1, 1, tzinfo=UTC)
    return Catalog(
        locale=LANGUAGE,
        project="Relais",
        version="1",
        header_comment="# French translation of Relais. Made by `manage.py messages`.",
        last_translator="",
        language_team="",
        msgid_bugs_address="",
        creation_date=fixed,
        revision_date=fixed,
        fuzzy=False,
    )


def read(path: Path) -> Catalog:
    """The catalogue of a .po file without its fuzzy entries; empty when there is no file."""
    catalog = empty()
    if path.exists():
        with path.open("rb") as file:
            for message in texts(read_po(file, locale=LANGUAGE, abort_invalid=True)):
                if not message.fuzzy:
                    catalog.add(message.id, message.string, context=message.context)
    return catalog


def read_pending(folder: Path) -> Catalog:
    """The waiting translations. Two different ones for the same text are refused."""
    pending = empty()
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            where = f"{path.name}:{number}"
            message, translation, context = _pending_line(line, where)
            earlier = pending.get(message, context)
            if earlier and earlier.string != translation:
                raise CatalogError(f"{where}: another translation waits for {_each(message)}")
            pending.add(message, translation, context=context)
    return pending


def po_bytes(catalog: Catalog) -> bytes:
    """The .po file, which people read and mend."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, include_lineno=False)
    return buffer.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """The .mo file, which Django reads."""
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def _sources(package: Path) -> Iterator[Path]:
    for path in package.rglob("*"):
        parts = path.relative_to(package).parts
        code = path.suffix == ".py" and "migrations" not in parts
        if code or (path.suffix in TEMPLATE_SUFFIXES and "templates" in parts):
            yield path


def _texts(path: Path) -> Iterator[tuple[Text, list[str], str | None]]:
    source = path.read_text(encoding="utf-8")
    try:
        if path.suffix != ".py":
            # Around its texts templatize leaves X for every character; their indents mean nothing.
            made = templatize(source, origin=str(path))
            source = "\n".join(line.lstrip() for line in made.splitlines())
        lines = io.BytesIO(source.encode())
        for _, message, comments, context in extract(
            "python", lines, keywords=KEYWORDS, comment_tags=[COMMENT_TAG], options={"encoding": "utf-8"}
        ):
            yield message, comments, context
    except (SyntaxError, TemplateSyntaxError, TokenError) as error:
        raise CatalogError(f"{path}: {error}") from error


def _pending_line(line: str, where: str) -> tuple[Text, Text, str | None]:
    match [part.strip(" ").replace("\\n", "\n") for part in line.split("\t")]:
        case [english, french] if english and french:
            return english, french, None
        case [context, english, french] if context and english and french:
            return english, french, context
        case [one, many, une, plusieurs] if one and many and une and plusieurs:
            return (one, many), (une, plusieurs), None
    raise CatalogError(f"{where}: two, three or four texts with tabs between them, please")


def _complete(message: Message) -> bool:
    return all(_words(message.string))


def _placeholders(text: Text) -> set[str]:
    return {found for words in _words(text) for found in PLACEHOLDER.findall(words)}


def _each(text: Text) -> str:
    return " | ".join(_words(text))


def _words(text: Text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
