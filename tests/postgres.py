"""A PostgreSQL server that lives as long as the tests: own folder, own socket, no network."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.packages import apt_install

DEBIAN_ROOT = Path("/usr/lib/postgresql")
# initdb refuses root, so root lets one of these run the server.
UNPRIVILEGED_USERS = ("postgres", "nobody")
START_SECONDS = STOP_SECONDS = 30
# The data is thrown away in any case, so nothing waits for the disk.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}


def find() -> Path | None:
    """The folder of initdb and postgres, newest version first; installed when root may and there is none."""
    return look() or (look() if _install() else None)


@contextmanager
def throwaway(binaries: Path) -> Iterator[str]:
    """Yields the URL of a fresh server. It is stopped and its folder removed afterwards."""
    folder = folder_for_sockets()
    try:
        make(binaries, folder / "data", FAST)
        with serving(binaries, folder / "data", folder) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def folder_for_sockets() -> Path:
    """Short, because the path of a socket may have 107 bytes at most."""
    folder = Path(tempfile.mkdtemp(prefix="relais-pg-"))
    _hand_over(folder)
    return folder


def make(binaries: Path, data: Path, settings: dict[str, str]) -> None:
    """The files of a new server, in a folder that does not exist yet."""
    data.mkdir()
    _hand_over(data)
    _run(
        _server_user(),
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "relais",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    )
    with (data / "postgresql.conf").open("a", encoding="utf-8") as config:
        config.write("listen_addresses = ''\n")
        config.writelines(f"{name} = {value}\n" for name, value in settings.items())


@contextmanager
def serving(
    binaries: Path, data: Path, sockets: Path, stop: signal.Signals = signal.SIGQUIT
) -> Iterator[str]:
    """Yields the URL of the server over these files. SIGQUIT stops it at once, SIGINT in good order.

    It is a child of ours in a session of its own: Ctrl-C reaches the tests first.
    """
    log = sockets / "log"
    command = [str(binaries / "postgres"), "-D", str(data), "-k", str(sockets)]
    with log.open("w") as output:
        server = subprocess.Popen(
            command, cwd="/", stdout=output, stderr=output, start_new_session=True, **_as_user(_server_user())
        )
    try:
        _wait_until_ready(server, data, log)
        yield f"postgres://relais@/{sockets}/postgres"
    finally:
        server.send_signal(stop)
        server.wait(timeout=STOP_SECONDS)


def _wait_until_ready(server: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    """The last line of postmaster.pid says so; pg_ctl waits for the same."""
    state = data / "postmaster.pid"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if state.exists() and state.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")


def look() -> Path | None:
    versions = DEBIAN_ROOT.glob("*/bin") if DEBIAN_ROOT.is_dir() else []
    candidates = sorted(versions, key=lambda path: _number(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    candidates += [Path(on_path).resolve().parent] if on_path else []
    return next(
        (path for path in candidates if (path / "initdb").exists() and (path / "postgres").exists()), None
    )


def _number(version: str) -> float:
    try:
        return float(version)
    except ValueError:
        return 0.0


def _install() -> bool:
    """Debian's package starts a server of its own after the install; that one is stopped again."""
    if not apt_install("postgresql"):
        return False
    for line in _output("pg_lsclusters", "--no-header").splitlines():
        version, name, *_ = line.split()
        subprocess.run(["pg_ctlcluster", version, name, "stop"], check=False)
    return True


def _output(*command: str) -> str:
    if not shutil.which(command[0]):
        return ""
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout


def _server_user() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in UNPRIVILEGED_USERS if name in names)


def _hand_over(folder: Path) -> None:
    user = _server_user()
    if user:
        shutil.chown(folder, user)


def _run(user: str | None, *command: Path | str) -> None:
    """A quiet command. What it printed is shown only when it fails."""
    answer = subprocess.run(
        [str(part) for part in command],
        check=False,
        cwd="/",
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **_as_user(user),
    )
    if answer.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{answer.stdout}")


def _as_user(user: str | None) -> dict[str, Any]:
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
