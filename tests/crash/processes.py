"""The processes of a round, seen from the test: started cheaply, killed without a word, waited for."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120
LOOK_SECONDS = 0.005


def wait_until(holds: Callable[[], bool], what: str = "", seconds: float = PATIENCE_SECONDS) -> bool:
    """Whether it came to hold in time. With ``what`` given, not holding is an error."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            if what:
                raise TimeoutError(what)
            return False
        time.sleep(LOOK_SECONDS)
    return True


@dataclass(frozen=True)
class Process:
    """One of them, with the children it has: they are a group, and die together."""

    role: str
    pid: int
    port: int
    log: Path

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> None:
        wait_until(lambda: self.gone, f"{self.role} does not end")

    @property
    def gone(self) -> bool:
        with self.log.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def printed(self) -> str:
        return self.log.read_text(encoding="utf-8")


class Stem:
    """What ``tests.crash.stem`` is told, and what it has started."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._numbers = count(1)
        self.started: list[Process] = []

    def start(self, role: str, keys: Mapping[str, bytes], mail_port: int = 1, **options: Any) -> Process:
        log = self._folder / f"{next(self._numbers)}-{role}.log"
        order = {
            "role": role,
            "log": str(log),
            "keys": [(name, base64.b64encode(key).decode()) for name, key in keys.items()],
            "mail_port": mail_port,
            "options": options,
        }
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        assert pipe_in
        assert pipe_out
        pipe_in.write(json.dumps(order).encode() + b"\n")
        pipe_in.flush()
        told = json.loads(pipe_out.readline())
        process = Process(role, told["pid"], told["port"], log)
        self.started.append(process)
        return process


@contextmanager
def stem(database: str, folder: Path) -> Iterator[Stem]:
    """Yields it ready to start something. Whatever it started is gone afterwards."""
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }
    with (folder / "stem.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.crash.stem"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    made = Stem(process, folder)
    try:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n", (folder / "stem.log").read_text()
        yield made
    finally:
        for one in made.started:
            one.kill()
        process.communicate(timeout=PATIENCE_SECONDS)
