"""The demo network, served as in production by a process of its own, on a database of its own."""

from __future__ import annotations

import email.policy
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from tests import restoring
from tests.environment import demo_server

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
STOP_SECONDS = 20


@dataclass(frozen=True)
class Site:
    """Where it is served, the password of every demo sign-in, and what its commands run with."""

    url: str
    password: str
    environment: dict[str, str]
    database: Path

    def manage(self, *arguments: str) -> str:
        """A command of manage.py on the same database; what it printed."""
        return _manage(self.environment, *arguments)

    def write(self, statement: str, *values: object) -> None:
        """Into the database, what no page does: days that pass, a mail server that refuses."""
        with closing(sqlite3.connect(self.database, timeout=START_SECONDS)) as database, database:
            database.execute(statement, values)

    def mails(self) -> list[EmailMessage]:
        """A turn of the clock, as the worker would run it, and the mails that it sent."""
        with tempfile.TemporaryDirectory() as folder:
            _manage({**self.environment, "EMAIL_URL": f"filemail:///{folder}"}, "tick")
            written = [path.read_bytes() for path in sorted(Path(folder).iterdir())]
        parts = [part for text in written for part in text.split(b"-" * 79 + b"\n") if part.strip()]
        return [email.message_from_bytes(part, policy=email.policy.default) for part in parts]


@contextmanager
def running(folder: Path) -> Iterator[Site]:
    database = folder / "site.sqlite3"
    environment = demo_server(os.environ, f"sqlite:///{database}")
    restoring.begin(database)
    _manage(environment, "demo", "--no-serve")
    _manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
    # The socket is ours and handed on, so nobody else can take the port in between.
    with socket.create_server(("127.0.0.1", 0)) as listener, (folder / "server.log").open("w") as log:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--worker-class", "gthread"]
        command += ["--threads", "4", "--bind", f"fd://{listener.fileno()}", "--log-level", "warning"]
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, pass_fds=[listener.fileno()]
        )
        try:
            _wait(url, server, Path(log.name))
            yield Site(url, environment["RELAIS_DEMO_PASSWORD"], environment, database)
        finally:
            server.terminate()
            server.wait(timeout=STOP_SECONDS)


def _manage(environment: dict[str, str], *arguments: str) -> str:
    answer = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if answer.returncode:
        raise RuntimeError(f"manage.py {arguments[0]} failed:\n{answer.stdout}")
    return answer.stdout


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/en/", timeout=5):
                return
        except urllib.error.HTTPError as error:
            error.close()
            raise RuntimeError(f"the first page answered {error.code}:\n{log.read_text()}") from error
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")
