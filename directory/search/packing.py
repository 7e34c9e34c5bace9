"""How an entry is packed: what a result shows, and then the rest, each a frame of its own.

Zstandard, with a dictionary of what stands in most entries: trained on the demo network's, by
``python -m benchmarks.search.dictionary``. A page of results unpacks the first frames alone.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import local

import orjson
from zstandard import (
    FORMAT_ZSTD1_MAGICLESS,
    ZstdCompressionDict,
    ZstdCompressionParameters,
    ZstdCompressor,
    ZstdDecompressor,
)

from directory.search.documents import OWNER, Document, Point, names_of
from directory.search.shown import EMPTY, Shown, read, written
from directory.search.text import normalise

FORMAT = b"\x04"  # with another dictionary it is another one
DICTIONARY = Path(__file__).parents[1] / "data" / "usual_entry.zdict"
LEVEL = 12
_own = local()  # no packer may serve two threads at once


class UnknownFormat(Exception):
    """An entry of another version of Relais: ``manage.py rebuild_search_index`` writes it anew."""


def pack(document: Document) -> bytes:
    """The first byte tells the format."""
    packer = _packer()
    return FORMAT + b"".join(packer.compress(part) for part in parts(document))


def parts(document: Document) -> tuple[bytes, bytes]:
    """What a result shows, or nothing, and the rest. What follows from what is shown is left out: the names,
    and whose it is."""
    words, terms, *kept, points, _names, shown = document
    if shown:
        said, owner = _words_shown(shown), _owner_shown(shown)
        words = {field: text for field, text in words.items() if said.get(field) != text}
        terms = [term for term in terms if term != owner]
    rest = orjson.dumps([words, terms, *kept, [tuple(point) for point in points]])
    return written(shown) if shown else b"", rest


def unpack(packed: bytes | memoryview) -> Document | None:
    """None for the entry of a listing that was deleted."""
    if not packed:
        return None
    frame = _unpacker(packed).decompressobj()
    first = frame.decompress(packed[1:])
    rest = _unpacker(packed).decompress(frame.unused_data)
    words, terms, ages, verified, capacity, hours, points = orjson.loads(rest)
    shown = read(first) if first else None
    if shown:
        words = _words_shown(shown) | words
        if not any(term.startswith(OWNER) for term in terms):
            terms = sorted([*terms, _owner_shown(shown)])
    where = [Point(*point) for point in points]
    return Document(words, terms, ages, verified, capacity, hours, where, names_of(words), shown)


def unpack_shown(packed: bytes | memoryview) -> Shown | None:
    """What a result shows, without the rest."""
    if not packed:
        return None
    first = _unpacker(packed).decompress(packed[1:])
    return read(first) if first else None


def _words_shown(shown: Shown) -> dict[str, str]:
    """The names as words, by field."""
    names = (("n", shown.name_en), ("m", shown.name_fr))
    said = {field: normalise(orjson.loads(name)) for field, name in names if name != EMPTY}
    return {field: text for field, text in said.items() if text}


def _owner_shown(shown: Shown) -> str:
    return f"{OWNER}{orjson.loads(shown.owner).replace('-', '')}"


def _packer() -> ZstdCompressor:
    if not hasattr(_own, "packer"):
        how = ZstdCompressionParameters.from_level(
            LEVEL, format=FORMAT_ZSTD1_MAGICLESS, write_content_size=True, write_dict_id=False
        )
        usual = _dictionary()
        usual.precompute_compress(compression_params=how)
        _own.packer = ZstdCompressor(dict_data=usual, compression_params=how)
    packer: ZstdCompressor = _own.packer
    return packer


def _unpacker(packed: bytes | memoryview) -> ZstdDecompressor:
    if packed[:1] != FORMAT:
        raise UnknownFormat
    if not hasattr(_own, "unpacker"):
        _own.unpacker = ZstdDecompressor(dict_data=_dictionary(), format=FORMAT_ZSTD1_MAGICLESS)
    unpacker: ZstdDecompressor = _own.unpacker
    return unpacker


@cache
def _usual() -> bytes:
    return DICTIONARY.read_bytes()


def _dictionary() -> ZstdCompressionDict:
    return ZstdCompressionDict(_usual())
