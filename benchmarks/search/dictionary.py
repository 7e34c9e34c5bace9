"""``python -m benchmarks.search.dictionary``: train the dictionary that entries are packed with.

On the demo network's listings, which are like real ones; with another dictionary ``packing.FORMAT`` has to
be another one too, and every index is built anew.
"""

from __future__ import annotations

import os
import sys

from benchmarks.search.servers import ROOT
from tests.environment import TEST_ENVIRONMENT

SIZE = 16_000  # bytes; twice as much makes an entry two percent smaller


def main() -> None:
    os.environ.update(TEST_ENVIRONMENT)
    os.environ |= {"DATABASE_URL": "sqlite://:memory:", "DJANGO_SETTINGS_MODULE": "config.settings"}
    import django

    django.setup()
    _train()


def _train() -> None:
    from django.core.management import call_command
    from zstandard import train_dictionary

    from directory.fixtures_loader import load_network
    from directory.models import Service
    from directory.search.documents import document_of
    from directory.search.packing import DICTIONARY, LEVEL, parts
    from directory.search.sources import sources

    call_command("migrate", verbosity=0)
    load_network(ROOT / "fixtures" / "network", lambda _line: None)
    every = sources(list(Service.objects.order_by("sort_en").values_list("pk", flat=True)))
    samples = [part for source in every for part in parts(document_of(source))]
    DICTIONARY.write_bytes(train_dictionary(SIZE, samples, level=LEVEL).as_bytes())
    sys.stdout.write(f"{DICTIONARY.name}: {DICTIONARY.stat().st_size} bytes, from {len(samples)} frames\n")


if __name__ == "__main__":
    main()
