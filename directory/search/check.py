"""Whether the base is what the entries say that it was made of: the thorough check, of an operator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from pyroaring import BitMap

from directory.search import store
from directory.search.base import NOTHING, Base, bitmap, type_of_words
from directory.search.documents import OWNER
from directory.search.fold import Gathered
from directory.search.packing import unpack

AT_ONCE = 500


def wrong_in_base() -> Iterator[str]:
    """What of the base is not as it should be, without saying what anybody wrote.

    Entries that came after it are left out: searches take those from the entries themselves.
    """
    state = store.poll(0)
    if not state.generation:
        return
    base, later = Base(state.generation, state.horizon), {key for key, _stamp in store.stamped(state.horizon)}
    gathered, numbers = Gathered(), []
    for service_id, packed, row in store.all_documents():
        document = None if service_id in later else unpack(packed)
        if document:
            number = base.number_of(service_id)
            if number is None:
                yield f"listing {service_id} is not in the base"
                continue
            gathered.add(service_id, document, row)
            numbers.append(number)
    own = np.array(numbers, dtype=np.uint32)
    others = BitMap(range(base.size)) - bitmap(own)
    for number in others:
        if base.id_of(number) not in later:
            yield f"listing {base.id_of(number)} is in the base without an entry"
    yield from _wrong_columns(base, gathered, own)
    yield from _wrong_words(base, gathered, own, others)
    yield from _wrong_codes(base, gathered, own, others)


def _wrong_columns(base: Base, gathered: Gathered, own: Any) -> Iterator[str]:
    for name, values in gathered.values.items():
        if name != "hours" and not np.array_equal(base.columns[name][own], np.array(values)):
            yield f"column {name}"
    patterns = list(gathered.patterns)
    said = [patterns[hours] if hours >= 0 else "" for hours in gathered.values["hours"]]
    if said != [base.patterns[hours] if hours >= 0 else "" for hours in base.columns["hours"][own].tolist()]:
        yield "column hours"
    for number, points in zip(own.tolist(), gathered.points, strict=True):
        here = slice(base.starts[number], base.starts[number + 1])
        columns = (base.at["latitude"][here], base.at["longitude"][here], base.at["about"][here])
        if list(zip(*(column.tolist() for column in columns), strict=True)) != list(map(tuple, points)):
            yield f"positions of listing {base.id_of(number)}"


def _wrong_words(base: Base, gathered: Gathered, own: Any, others: BitMap) -> Iterator[str]:
    wrong = 0
    for some in store.batched(sorted(gathered.words.keys() | base.vocabulary().keys()), AT_ONCE):
        stored = base.words(some)
        for word in some:
            wanted = {field: bitmap(own[places]) for field, places in gathered.words.get(word, {}).items()}
            wrong += _without(stored.get(word, {}), others) != wanted
    if wrong:
        yield f"{wrong} words"


def _wrong_codes(base: Base, gathered: Gathered, own: Any, others: BitMap) -> Iterator[str]:
    for term in sorted(gathered.codes.keys() | base.codes.keys()):
        held = base.organization(term) if term.startswith(OWNER) else base.codes.get(term, NOTHING)
        wanted = bitmap(own[gathered.codes[term]]) if term in gathered.codes else NOTHING
        if held - others != wanted:
            yield f"code {term}"


def _without(fields: type_of_words, others: BitMap) -> type_of_words:
    kept = {field: listings - others for field, listings in fields.items()}
    return {field: listings for field, listings in kept.items() if listings}
