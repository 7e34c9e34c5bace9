"""How long the key answers take, as ratios to a null view of the same process.

``python -m benchmarks.pages`` after ``manage.py demo --no-serve``, with the same environment. In
process, one client, no network: three interleaved rounds over all addresses, the median of each.
"""

from __future__ import annotations

import os
import statistics
import sys
import time

import django

ROUNDS, CALLS = 3, 60
NULL = "/healthz"
ADDRESSES = {
    "null view": NULL,
    "API: keyword": "/api/v1/services/?q=detox",
    "API: keyword and place": "/api/v1/services/?q=detox&near=R2W",
    "API: category and radius": "/api/v1/services/?category=withdrawal&near=R2W&radius_km=10",
    "API: the whole list, 100 a page": "/api/v1/services/?page_size=100",
    "page: first screen": "/en/",
    "page: results, keyword and place": "/en/services/?q=detox&near=R2W",
    "page: all results": "/fr/services/",
    "page: help now": "/en/get-help/",
}


def milliseconds(client: object, address: str) -> float:
    """The median of one round. Raises when the answer is not 200: an error page would be fast."""
    took = []
    for _call in range(CALLS):
        before = time.perf_counter()
        answer = client.get(address)  # type: ignore[attr-defined] - Django is set up after the import
        took.append((time.perf_counter() - before) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}")
    return statistics.median(took)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.test import Client  # needs the settings

    client = Client(HTTP_HOST="127.0.0.1")
    rounds: dict[str, list[float]] = {name: [] for name in ADDRESSES}
    for _round in range(ROUNDS):
        for name, address in ADDRESSES.items():
            rounds[name].append(milliseconds(client, address))
    medians = {name: statistics.median(values) for name, values in rounds.items()}
    sys.stdout.write("| answer | ms (median) | × null view |\n|---|---|---|\n")
    for name, median in medians.items():
        sys.stdout.write(f"| {name} | {median:.2f} | {median / medians['null view']:.1f} |\n")


if __name__ == "__main__":
    main()
