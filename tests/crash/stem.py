"""Starts the processes that get killed, by forking them from one that has everything loaded already.

A process of its own: ``python -m tests.crash.stem``. It reads one order in JSON from each line of its
input. The child says its number and its port on the stem's output; everything else that it prints goes
to the file of its order. The child holds that file locked, and so do its own children, until the last of
them is gone. When the input ends, so does everything that was started.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - the settings stand only now
from django.core.management import call_command, load_command_class  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import translation  # noqa: E402
from gunicorn.app.base import BaseApplication  # noqa: E402

from config.wsgi import application  # noqa: E402

COMMANDS = ("worker", "tick", "rotate_keys")
MUTE = "/dev/null"


class Server(BaseApplication):
    """gunicorn as in production, on a socket that stands already."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        super().__init__()

    def load_config(self) -> None:
        wanted = {
            "bind": f"fd://{self.descriptor}",
            "workers": 2,
            "worker_class": "gthread",
            "threads": 4,
            "loglevel": "warning",
            "timeout": 120,
            "control_socket_disable": True,
        }
        for name, value in wanted.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return application


def serve() -> tuple[int, Callable[[], None]]:
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    listener.set_inheritable(True)
    return listener.getsockname()[1], lambda: Server(listener.detach()).run()


def child(order: dict[str, Any]) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    log = os.open(order["log"], os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    fcntl.flock(log, fcntl.LOCK_EX)
    settings.DATA_KEYS = {name: base64.b64decode(key) for name, key in order["keys"]}
    settings.EMAIL_PORT = order["mail_port"]
    port, run = 0, lambda: call_command(order["role"], **order["options"])
    if order["role"] == "server":
        port, run = serve()
    os.write(1, json.dumps({"pid": os.getpid(), "port": port}).encode() + b"\n")
    os.dup2(os.open(MUTE, os.O_RDONLY), 0)
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    run()


def fork(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        child(order)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def warm_up() -> None:
    """Loads what each process would load at its first request or mail."""
    for name in COMMANDS:
        load_command_class("partners", name)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            reverse("referrals:home")
            translation.gettext("Relais")


def main() -> None:
    # Nobody waits for the children; who wants to know looks at the lock.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm_up()
    os.write(1, b"ready\n")
    started = []
    # Line by line and unbuffered: what a child inherits of the input must not be read twice.
    while line := os.read(0, 65_536):
        started += [fork(json.loads(order)) for order in line.splitlines()]
    for pid in started:
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
