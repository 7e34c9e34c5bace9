"""What is taken as a file, by its content; what a picture loses; what a PDF may not hold."""

from __future__ import annotations

import io
import struct
import time
import zlib

import pytest
from PIL import Image

from referrals import files
from referrals.files import (
    ACTS,
    BROKEN,
    EMPTY,
    LOCKED,
    TOO_LARGE,
    TOO_MANY_PIXELS,
    WRONG_KIND,
    clean_name,
    examine,
)
from tests.factories.files import TOLD, packed, pdf, photo, picture


def refused(content: bytes) -> object:
    with pytest.raises(ValueError, match=r".") as error:
        examine(content)
    return error.value.args[0]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (picture("PNG"), "image/png"),
        (picture("PNG", mode="1"), "image/png"),
        (picture("PNG", mode="P"), "image/png"),
        (picture("PNG", mode="RGBA"), "image/png"),
        (picture("PNG", mode="I;16"), "image/png"),
        (picture("JPEG"), "image/jpeg"),
        (picture("JPEG", mode="L"), "image/jpeg"),
        (picture("JPEG", mode="CMYK", colour=(0, 0, 0, 0)), "image/jpeg"),
        (pdf(), "application/pdf"),
        (pdf(packed(b"1 0 << /Type /Font >>")), "application/pdf"),
        (pdf(b"<< /Length 5 >>\nstream\n/JS (\nendstream"), "application/pdf"),
        (pdf(b"<< /JSON (words) /Launcher 1 >>"), "application/pdf"),
    ],
)
def test_the_content_says_what_a_file_is(content: bytes, media_type: str) -> None:
    taken = examine(content)

    assert taken.media_type == media_type
    assert examine(taken.content).media_type == media_type


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_keeps_what_can_be_seen_and_nothing_else(kind: str) -> None:
    sent = photo(kind)
    assert TOLD in sent

    kept = examine(sent).content

    assert TOLD not in kept
    with Image.open(io.BytesIO(kept)) as drawn:
        assert drawn.size == (30, 40)  # upright
        assert not drawn.getexif()
        assert not {"exif", "icc_profile", "comment", "xmp"} & set(drawn.info)


def test_what_can_be_seen_stays_as_it_was() -> None:
    with Image.open(io.BytesIO(examine(picture(colour=(200, 30, 90))).content)) as drawn:
        assert drawn.getpixel((5, 5)) == (200, 30, 90)
    clear = picture("PNG", mode="RGBA", colour=(1, 2, 3, 4))
    with Image.open(io.BytesIO(examine(clear).content)) as drawn:
        assert drawn.getpixel((5, 5)) == (1, 2, 3, 4)


def test_a_picture_that_is_very_large_is_drawn_smaller() -> None:
    with Image.open(io.BytesIO(examine(picture("JPEG", (8000, 6000), "L")).content)) as drawn:
        assert drawn.size == (4000, 3000)


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a" + bytes(100),
        b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"MZ" + bytes(200),
        b"PK\x03\x04" + bytes(200),
        b"words",
        b"\x00" * 500,
        b"\n" + pdf(),  # a reader would open it, but so would others
        b"GIF89a" + pdf(),
    ],
)
def test_anything_else_is_refused_whatever_it_is_called(content: bytes) -> None:
    assert refused(content) == WRONG_KIND


def test_nothing_and_too_much_are_refused() -> None:
    assert refused(b"") == EMPTY
    assert refused(bytes(files.MAX_BYTES + 1)) == TOO_LARGE


@pytest.mark.parametrize(
    "content",
    [
        picture()[:60],
        picture()[:-30],
        picture("JPEG")[:100],
        b"\x89PNG\r\n\x1a\n" + b"<script>" * 20,
        b"\xff\xd8\xff" + bytes(300),
        b"\xff\xd8\xff\xe0<?php system($_GET[0]); ?>" + bytes(50),
        picture("JPEG") + b"\xff\xda" * 200,  # passes without end
        b"%PDF-1.7\nno end",
        pdf(after=b"PK\x05\x06" + bytes(18)),  # also an archive
        pdf(after=b"<script>alert(1)</script>"),
        pdf(b"<< /Length 5 >>\nstream\nnever ends"),
        pdf(b"<< /Type /ObjStm /Filter /FlateDecode >>\nstream\nnot packed\nendstream"),
    ],
)
def test_what_is_damaged_or_two_things_at_once_is_refused(content: bytes) -> None:
    assert refused(content) == BROKEN


@pytest.mark.parametrize("side", [7_000, 65_000])
def test_a_picture_too_large_to_draw_is_refused_at_once(side: int) -> None:
    """A header that promises points by the million, with nothing behind it."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    data = zlib.compress(bytes(1000))
    body = struct.pack(">I", len(data)) + b"IDAT" + data + struct.pack(">I", zlib.crc32(b"IDAT" + data))
    begun = time.monotonic()

    assert refused(b"\x89PNG\r\n\x1a\n" + chunk + body) == TOO_MANY_PIXELS
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize(
    "part",
    [
        b"<< /S /JavaScript /JS (app.alert(1)) >>",
        b"<< /S /Rendition /JS (1) >>",
        b"<< /JS(1) >>",
        b"<< /S /J#61vaScript >>",
        b"<< /#4aS (1) >>",
        b"<< /S /Launch /F (cmd.exe) >>",
        b"<< /S /GoToR /F (//elsewhere.example/share/a.pdf) >>",
        b"<< /Names << /EmbeddedFiles 3 0 R >> >>",
        b"<< /Type /EmbeddedFile >>",
        b"<< /XFA [] >>",
        packed(b"1 0 << /S /JavaScript >>"),
        packed(b"1 0 << /JS (1) >>"),
        packed(b"1 0 << /S /L#61unch >>"),
        packed(b"words", b"/Filter /LZWDecode"),
        packed(b"words", b"/Filter [/ASCII85Decode /FlateDecode]"),
        packed(b"words", b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>"),
        b"% stream\n<< /Type /ObjStm /Filter /FlateDecode >> endstream",
    ],
)
def test_a_pdf_that_acts_or_hides_something_is_refused(part: bytes) -> None:
    assert refused(pdf(part)) == ACTS


def test_a_pdf_with_a_password_is_refused() -> None:
    assert refused(pdf(trailer=b"/Encrypt 3 0 R")) == LOCKED


def test_a_pdf_that_unfolds_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_INFLATED", 10_000)

    assert refused(pdf(packed(bytes(1_000_000)))) == TOO_LARGE


def test_a_hostile_pdf_costs_no_time() -> None:
    begun = time.monotonic()

    assert refused(pdf(b"stream\n" * 500_000)) == BROKEN
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("scan.pdf", "scan.pdf"),
        ("photo.exe", "photo.exe.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\lettre d’appui.PDF", "lettre d’appui.pdf"),
        ("a\u202efdp.exe\x00\r\n.pdf", "afdp.exe.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        ("x" * 300, "x" * 100 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert clean_name(given, "application/pdf") == kept
