"""Server, worker, clock and key rotation are killed at any moment, again and again, and nothing is lost.

The server is gunicorn with two processes, the worker is ``manage.py worker``, one or two at a time; the
database is the test's own. Clients ask over HTTP. In each round all of it is started anew, killed with
SIGKILL at moments drawn by chance, and then the database is held against what was acknowledged. Four
rounds by default; where CI is set 50 on PostgreSQL and a dozen on SQLite; CRASH_ROUNDS if that is set.
``-s`` shows the figures.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from partners import rotation
from partners.models import ClockMark, Delivery, OutboxRow
from partners.notifications import outbox
from referrals.models import TimelineEvent
from tests.crash import whole
from tests.crash.ground import Ground, leave_to_others, settle
from tests.crash.journeys import Clients
from tests.crash.mailbox import Mailbox
from tests.crash.processes import Process, Stem, stem, wait_until
from tests.factories.databases import database_url

pytestmark = [
    *(pytest.mark.crash, pytest.mark.race, pytest.mark.long, pytest.mark.ci),
    pytest.mark.django_db(transaction=True),
]

IN_CI = 50 if os.environ.get("TEST_DATABASE_URL") else 12
ROUNDS = int(os.environ.get("CRASH_ROUNDS") or (IN_CI if os.environ.get("CI") else 4))
SEED = 4
HANDS = 3
INTERVAL = 0.3
MOMENT_SECONDS = 0.05
# Where a worker has less to tell than was drawn, once nothing new comes.
REST_SECONDS = 1.5


class Rounds:
    """The processes of one test, and the ring of keys they run with, newest first."""

    def __init__(self, ground: Ground, roots: Stem, settings: Any) -> None:
        self.ground, self.stem, self.settings = ground, roots, settings
        self.chance = random.Random(SEED)
        self.box = Mailbox(SEED)
        self.clients = Clients(ground.tokens, ground.plan())
        self.figures: Counter[str] = Counter()

    @property
    def keys(self) -> dict[str, bytes]:
        return self.settings.DATA_KEYS

    def play(self, number: int) -> None:
        self.box.refusing = number % 5 == 3
        if number % 3 == 2 and len(self.keys) == 1:
            fresh = {f"key{number}": self.chance.randbytes(32)}
            self.settings.DATA_KEYS = fresh | self.keys
        leave_to_others()
        server = self.stem.start("server", self.keys)
        others = [self.worker() for _ in range(1 + number % 2)]
        once = "rotate_keys" if number % 3 == 2 else "tick"
        others.append(self.stem.start(once, self.keys, self.box.open()))
        stop = threading.Event()
        with ThreadPoolExecutor(len(others) + 2) as threads:
            asking = threads.submit(self.clients.run, server.port, HANDS, stop)
            killing = [threads.submit(self.kill_server, server, stop)]
            killing += [threads.submit(self.kill_other, other, stop) for other in others]
            for done in [asking, *killing]:
                done.result()
        self.look_round()

    def worker(self) -> Process:
        return self.stem.start("worker", self.keys, self.box.open(), interval=INTERVAL)

    def kill_server(self, server: Process, stop: threading.Event) -> None:
        """After some answers, in the middle of the next ones."""
        wanted = self.clients.answers["acknowledged"] + self.chance.randint(1, 25)
        wait_until(lambda: self.clients.answers["acknowledged"] >= wanted or bool(self.clients.faults))
        self.kill(server)
        stop.set()

    def kill_other(self, process: Process, stop: threading.Event) -> None:
        """After some mails or some lines, or a moment after it began."""
        far, seconds, mails = self.chance.randint(0, 20), self.chance.uniform(0, 0.5), self.box.handled

        def came_so_far() -> bool:
            if process.role == "worker":
                return self.box.handled >= mails + far
            return process.gone or process.printed().count("moved") > far // 2

        if far and process.role != "tick":
            wait_until(lambda: came_so_far() or stop.is_set(), f"{process.role} does not come so far")
            wait_until(came_so_far, seconds=REST_SECONDS)
        else:
            wait_until(came_so_far, seconds=seconds)
        self.kill(process)

    def kill(self, process: Process) -> None:
        time.sleep(self.chance.uniform(0, MOMENT_SECONDS))
        self.figures[f"{process.role} killed" if not process.gone else f"{process.role} had ended"] += 1
        process.kill()

    def look_round(self) -> None:
        """Everything is dead: what stands must be whole, and all that was acknowledged must stand."""
        self.box.close()
        settle()
        faults = self.clients.faults + whole.everywhere() + whole.faults_of_mails(self.box)
        faults += whole.faults_of_journeys(self.clients.journeys)
        assert faults == [], self.logs()
        if len(self.keys) > 1 and not rotation.remaining():
            self.settings.DATA_KEYS = dict(list(self.keys.items())[:1])
            self.figures["keys dropped"] += 1
            assert whole.faults_of_opening() == []
        self.ground.time_passes(self.clients.journeys)

    def come_to_rest(self) -> None:
        """Nobody is killed any more: what is in doubt is sent again, what is owed is delivered."""
        self.box.refusing = False
        self.clients.plan = iter(())
        leave_to_others()
        server = self.stem.start("server", self.keys)
        self.clients.run(server.port, HANDS, threading.Event())
        self.stem.start("rotate_keys", self.keys).wait()
        server.kill()
        owed, before = self.owed(), -1
        while owed and owed != before:
            self.stem.start("tick", self.keys, self.box.open()).wait()
            owed, before = self.owed(), owed
        self.look_round()
        assert whole.faults_of_opening() == []

    def owed(self) -> int:
        return OutboxRow.objects.filter(outbox.waiting()).count()

    def logs(self) -> str:
        return "\n".join(text for one in self.stem.started if (text := one.printed().strip()))[-8000:]


@pytest.fixture
def rounds(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[Rounds]:
    settings.DATA_KEYS = {"test1": settings.DATA_KEYS["test1"]}
    settings.BASE_URL = "http://127.0.0.1:8000"
    ground = Ground(SEED)
    ground.fill()
    with stem(database_url(), tmp_path) as roots:
        made = Rounds(ground, roots, settings)
        try:
            yield made
        finally:
            for process in roots.started:
                process.kill()
            made.box.close()
            settle()


def test_whatever_is_killed_nothing_acknowledged_is_lost(rounds: Rounds) -> None:
    for number in range(ROUNDS):
        rounds.play(number)
    rounds.come_to_rest()

    assert all(journey.finished for journey in rounds.clients.journeys)
    left = list(OutboxRow.objects.filter(outbox.waiting()).values_list("kind", "fanned_out_at"))
    assert left == [], rounds.logs()
    copies = rounds.box.copies()
    assert set(copies) == whole.message_ids(Delivery.objects.all())
    assert len(rounds.keys) == 1
    report(rounds, copies)


def report(rounds: Rounds, copies: Counter[str]) -> None:
    said = [
        f"{ROUNDS} rounds: {dict(rounds.figures)}",
        f"{len(rounds.clients.journeys)} journeys, {dict(rounds.clients.answers)}",
        f"{len(copies)} mails, {sum(copies.values()) - len(copies)} came again, {rounds.box.refused} refused",
        f"{ClockMark.objects.count()} clock marks, {TimelineEvent.objects.count()} events",
    ]
    print("\n".join(said))  # noqa: T201 - the figures are what the rounds are for
