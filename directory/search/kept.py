"""A cache that is bounded by what it holds, in bytes; what was not asked for longest goes first."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any


class Kept:
    """Safe between threads. None is not kept."""

    def __init__(self, most_bytes: int):
        self.most_bytes = most_bytes
        self.bytes = 0
        self._held: OrderedDict[Any, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Any) -> Any:
        with self._lock:
            found = self._held.get(key)
            if found is None:
                return None
            self._held.move_to_end(key)
            return found[0]

    def put(self, key: Any, value: Any, size: int) -> None:
        with self._lock:
            _value, before = self._held.pop(key, (None, 0))
            self._held[key] = value, size
            self._grow(size - before)

    def weigh(self, key: Any, size: int) -> None:
        """What is kept may have grown since it was put there."""
        with self._lock:
            value, before = self._held.get(key, (None, size))
            if size != before:
                self._held[key] = value, size
                self._grow(size - before)

    def _grow(self, more: int) -> None:
        self.bytes += more
        while self.bytes > self.most_bytes and len(self._held) > 1:
            _key, (_gone, freed) = self._held.popitem(last=False)
            self.bytes -= freed
