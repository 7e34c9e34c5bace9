"""``python -m benchmarks.search.writes``: what saving one listing costs with and without search.

In process, on the database of the environment, with real commits. Prints JSON. Every listing is saved
twice each way, the second time to what it was; the audit chain keeps the record of it.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from unittest.mock import patch

import django

LISTINGS = 40
ADDED = " Benchmark."


def main() -> None:
    django.setup()
    from directory import editing  # needs the settings
    from directory.models import Service
    from directory.search import index
    from partners.actor import SYSTEM

    published = Service.objects.filter(publication="published", at_locations__location__policy="public")
    some = published.order_by("source_id").distinct()[: LISTINGS + 2]
    took: dict[str, list[float]] = {"with": [], "without": []}
    for number, found in enumerate(list(some)):
        # Once more with search at the end, so that the index fits again.
        for way, added in (("with", ADDED), ("without", ""), ("without", ADDED), ("with", "")):
            service = Service.objects.get(pk=found.pk)
            without: AbstractContextManager[object] = (
                patch.object(index, "refresh") if way == "without" else nullcontext()
            )
            text = f"{found.description_en.removesuffix(ADDED)}{added}"
            with without:
                before = time.perf_counter()
                editing.save_service(SYSTEM, {"description_en": text}, publish=False, service=service)
                milliseconds = (time.perf_counter() - before) * 1000
            if number >= 2:  # the first ones warm up
                took[way].append(milliseconds)
    json.dump({way: statistics.median(values) for way, values in took.items()}, sys.stdout)


if __name__ == "__main__":
    main()
