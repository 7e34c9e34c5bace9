"""What a file is, by its content: PDF, PNG or JPEG, and nothing that acts, hides or tells more.

A picture is drawn anew, so that nothing stays in it but what can be seen: a phone writes the place
into its photos. A PDF is kept as it is, and refused where it could act or can't be looked through.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from partners.uploads import MAX_BYTES

NAME_LENGTH = 100
MAX_PIXELS = 40_000_000
# JPEG: a picture of twice this is drawn at half its size while it is read; a page stays readable.
DRAWN_PIXELS = (2048, 2048)
# A JPEG may say the same picture thousands of times over, each pass as costly as the first.
MAX_PASSES = 100
MAX_INFLATED = 40 * 1024 * 1024

EXTENSIONS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
ACCEPTED = ".pdf,.png,.jpg,.jpeg"

EMPTY: Promise = _("This file is empty.")
TOO_LARGE: Promise = _("This file is larger than 10 MB.")
WRONG_KIND: Promise = _("Only PDF, PNG and JPEG files can be sent.")
TOO_MANY_PIXELS: Promise = _("This picture is too large. Make it smaller and try again.")
BROKEN: Promise = _("This file is damaged and cannot be read.")
LOCKED: Promise = _("This PDF is locked with a password. Save it without the password and try again.")
ACTS: Promise = _("This PDF can run something or holds other files. Print it to a new PDF and try again.")

_PNG, _JPEG, _PDF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-"
_BLANKS = b"\x00\t\n\f\r "
_HEX_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"\bstream\r?\n")
# Each name ends where the next sign begins: /Launcher is another word.
_END = rb"(?![A-Za-z0-9_.-])"
_ACTING = re.compile(
    rb"/(JavaScript|Launch|GoTo[RE]|EmbeddedFiles?|RichMedia|Rendition|XFA|ImportData|SubmitForm)" + _END
)
_SCRIPT = re.compile(rb"/JS" + _END)
_LOCKED = re.compile(rb"/Encrypt" + _END)
_OBJECTS = re.compile(rb"/ObjStm" + _END)
_PLAIN_INFLATE = re.compile(rb"/Filter\s*(/FlateDecode|\[\s*/FlateDecode\s*\])" + _END)


@dataclass(frozen=True)
class File:
    """A file as it will be kept."""

    media_type: str
    content: bytes


def examine(content: bytes) -> File:
    """The file as it may be kept. Raises ValueError with a sentence for whoever sent it."""
    if not content:
        raise ValueError(EMPTY)
    if len(content) > MAX_BYTES:
        raise ValueError(TOO_LARGE)
    if content.startswith(_PDF):
        _check_pdf(content)
        return File("application/pdf", content)
    if content.startswith(_PNG):
        return File("image/png", _drawn_anew(content, "PNG"))
    if content.startswith(_JPEG):
        return File("image/jpeg", _drawn_anew(content, "JPEG"))
    raise ValueError(WRONG_KIND)


def clean_name(name: str, media_type: str) -> str:
    """The name without folders, without signs that can't be seen, and ending as the content says."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(sign for sign in last if unicodedata.category(sign)[0] not in "CZ" or sign == " ")
    stem = re.sub(r"\.(pdf|png|jpe?g)$", "", " ".join(shown.split()), flags=re.IGNORECASE)
    return f"{stem[:NAME_LENGTH].strip(' .') or 'file'}.{EXTENSIONS[media_type]}"


def _drawn_anew(content: bytes, kind: str) -> bytes:
    """The picture and nothing else of the file."""
    if kind == "JPEG" and content.count(b"\xff\xda") > MAX_PASSES:
        raise ValueError(BROKEN)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd metadata, which is dropped
            drawn = _redraw(content, kind)
    except Image.DecompressionBombError as error:
        raise ValueError(TOO_MANY_PIXELS) from error
    # Whatever a decoder raises at a hostile file, the sender can only be told that it can't be read.
    except Exception as error:
        raise ValueError(BROKEN) from error
    if len(drawn) > MAX_BYTES:
        raise ValueError(TOO_LARGE)
    return drawn


def _redraw(content: bytes, kind: str) -> bytes:
    with Image.open(io.BytesIO(content), formats=[kind]) as picture:
        picture.draft(None, DRAWN_PIXELS)
        if picture.width * picture.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        upright = ImageOps.exif_transpose(picture)
        plain = upright.convert(_mode(upright, kind))
    plain.info.clear()
    out = io.BytesIO()
    plain.save(out, kind, **({"quality": 88} if kind == "JPEG" else {}))
    return out.getvalue()


def _mode(picture: Image.Image, kind: str) -> str:
    grey = picture.mode in ("1", "L")
    if kind == "PNG" and picture.has_transparency_data:
        return "RGBA"
    return "L" if grey else "RGB"


def _check_pdf(content: bytes) -> None:
    """Whole, not locked, and without a name that lets a reader act or unpack. Raises ValueError."""
    if not content.rstrip(_BLANKS).endswith(b"%%EOF"):
        raise ValueError(BROKEN)
    whole = _plain_names(content)
    if _LOCKED.search(whole):
        raise ValueError(LOCKED)
    if _ACTING.search(whole):
        raise ValueError(ACTS)
    parts = list(_readable_parts(content))
    # An object stream that was not found where streams stand hides from this search.
    if len(_OBJECTS.findall(whole)) != sum(len(_OBJECTS.findall(part)) for part in parts):
        raise ValueError(ACTS)
    if any(_ACTING.search(part) or _SCRIPT.search(part) for part in parts):
        raise ValueError(ACTS)


def _readable_parts(content: bytes) -> Iterator[bytes]:
    """What stands outside of streams, and what the streams of objects hold."""
    budget, end = MAX_INFLATED, 0
    while begin := _STREAM.search(content, end):
        head = _plain_names(content[end : begin.start()])
        stop = content.find(b"endstream", begin.end())
        if stop < 0:
            raise ValueError(BROKEN)
        end = stop + len(b"endstream")
        yield head
        if _OBJECTS.search(head):
            objects = _inflated(head, content[begin.end() : stop], budget)
            budget -= len(objects)
            yield _OBJECTS.sub(b"", _plain_names(objects))
    yield _plain_names(content[end:])


def _inflated(head: bytes, data: bytes, budget: int) -> bytes:
    """An object stream's text. Packed in any but the usual way it can't be looked through."""
    own = head[head.rfind(b"obj") :]
    if b"/Filter" not in own:
        return data
    if not _PLAIN_INFLATE.search(own) or b"/Predictor" in own:
        raise ValueError(ACTS)
    packed = zlib.decompressobj()
    try:
        text = packed.decompress(data, budget)
    except zlib.error as error:
        raise ValueError(BROKEN) from error
    if packed.unconsumed_tail:
        raise ValueError(TOO_LARGE)
    return text


def _plain_names(content: bytes) -> bytes:
    """A name may be written with its letters as numbers: /J#53 is /JS."""
    return _HEX_NAME.sub(lambda found: bytes([int(found[1], 16)]), content)
