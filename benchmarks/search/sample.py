"""The real answer that the null view repeats, kept in a file."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import orjson

SAMPLE = "RELAIS_BENCHMARK_SAMPLE"  # the variable that names the file


@cache
def sample() -> Any:
    return orjson.loads(Path(os.environ[SAMPLE]).read_bytes())


@cache
def rendered() -> bytes:
    return orjson.dumps(sample())
