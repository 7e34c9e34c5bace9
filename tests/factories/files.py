"""Files as people send them, and as nobody should."""

from __future__ import annotations

import io
import zlib
from typing import Any

from PIL import Image

# What a phone writes into a picture besides the picture.
TOLD = b"Planted place 49.9"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, options.pop("colour", 0)).save(out, kind, **options)
    return out.getvalue()


def photo(kind: str = "JPEG") -> bytes:
    """On its side, with a place, a comment, a profile and something after the end."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = TOLD.decode()
    exif.get_ifd(0x8825)[1] = "N"
    extra: dict[str, Any] = {"comment": TOLD} if kind == "JPEG" else {}
    return picture(kind, exif=exif.tobytes(), icc_profile=TOLD * 3, **extra) + TOLD


def pdf(*objects: bytes, after: bytes = b"", trailer: bytes = b"") -> bytes:
    """A small PDF with these objects in it."""
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>", *objects]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, part) for number, part in enumerate(parts, 1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R %s >>\n%%%%EOF\n" % trailer + after


def packed(text: bytes, head: bytes = b"/Filter /FlateDecode") -> bytes:
    """An object stream that holds these objects."""
    data = zlib.compress(text)
    return b"<< /Type /ObjStm /N 1 /First 4 %s /Length %d >>\nstream\n%s\nendstream" % (head, len(data), data)
