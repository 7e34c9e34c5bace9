"""gunicorn over one database, started and stopped here; nothing listens on anything but loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.search.clients import Client
from benchmarks.search.sample import SAMPLE
from tests.environment import TEST_ENVIRONMENT, without_relais

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS, STOP_SECONDS = 120, 30
# gunicorn's sync workers close the connection after every answer. One thread keeps it, and opening
# connections is then no part of what is measured.
ONE_CLIENT = ("--workers=1", "--worker-class=gthread", "--threads=1", "--keep-alive=600")
MANY_CLIENTS = ("--workers=2", "--worker-class=sync")


def environment(database: str, sample: Path) -> dict[str, str]:
    return {
        **without_relais(os.environ),
        **TEST_ENVIRONMENT,
        "DATABASE_URL": database,
        "EMAIL_URL": "dummymail://",
        "DJANGO_SETTINGS_MODULE": "benchmarks.search.settings",
        SAMPLE: str(sample),
    }


@contextmanager
def serving(database: str, sample: Path, how: tuple[str, ...]) -> Iterator[int]:
    """Yields the port of a server that answers. What it prints goes to a file beside the sample."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", f"--bind=127.0.0.1:{port}", *how]
    command += ["--timeout=300", "--log-level=warning"]
    with sample.with_suffix(".log").open("w") as log:
        server = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=ROOT, env=environment(database, sample), stdout=log, stderr=log
        )
    try:
        _wait(server, port)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if Client(port).get("/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
