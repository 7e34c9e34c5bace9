"""A mail server that takes down what it accepts, and from which of the processes it came."""

from __future__ import annotations

import email
import random
import socketserver
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass

LATEST_ANSWER_SECONDS = 0.02


@dataclass(frozen=True)
class Accepted:
    """``process``: which of the servers it came through, and so which process it came from."""

    process: int
    message_id: str
    to: str


class Mailbox:
    """``open`` gives the port for one process; what came through all of them stands together."""

    def __init__(self, seed: int) -> None:
        self.accepted: list[Accepted] = []
        self.refusing = False
        self.refused = 0
        self._lock = threading.Lock()
        self._chance = random.Random(seed)
        self._servers: list[_Server] = []

    def open(self) -> int:
        server = _Server(self, len(self._servers))
        self._servers.append(server)
        return int(server.server_address[1])

    def close(self) -> None:
        """Once the processes are gone: also what they handed over last is taken down."""
        for server in self._servers:
            server.end()

    def take(self, mail: Accepted) -> float:
        """Answers how long its sender waits for the answer."""
        with self._lock:
            self.accepted.append(mail)
            return self._chance.uniform(0, LATEST_ANSWER_SECONDS)

    def refuse(self) -> bool:
        with self._lock:
            self.refused += self.refusing
        return self.refusing

    @property
    def handled(self) -> int:
        return len(self.accepted) + self.refused

    def copies(self) -> Counter[str]:
        return Counter(mail.message_id for mail in self.accepted)

    def doubled_without_cause(self) -> list[str]:
        """Mails that came again though no process was killed between their acceptance and the note of it.

        A process was killed there only with the mail that it handed over last.
        """
        last = {mail.process: mail.message_id for mail in self.accepted}
        through: dict[str, list[int]] = defaultdict(list)
        for mail in self.accepted:
            through[mail.message_id].append(mail.process)
        return [
            message_id
            for message_id, processes in through.items()
            if len(processes) != len(set(processes))
            or sum(last[process] != message_id for process in processes) > 1
        ]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True

    def __init__(self, box: Mailbox, number: int) -> None:
        self.box, self.number = box, number
        super().__init__(("127.0.0.1", 0), _Conversation)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def end(self) -> None:
        if self._thread.is_alive():
            self.shutdown()
            self._thread.join()
            self.server_close()  # waits for the conversations


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        try:
            self._talk()
        except OSError:  # it was killed while it talked
            return

    def _talk(self) -> None:
        self._say("220 ready")
        to = ""
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"RCPT" and self.server.box.refuse():
                self._say("451 later")
            elif verb == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
                self._say("250 yes")
            elif verb == b"DATA":
                self._say("354 go on")
                self._take(to)
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 yes")

    def _take(self, to: str) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b"", b".\r\n"):
            lines.append(line)
        if not line:  # cut off before its end: not accepted
            return
        number = email.message_from_bytes(b"".join(lines))["Message-ID"]
        time.sleep(self.server.box.take(Accepted(self.server.number, number, to)))
        self._say("250 accepted")

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")
