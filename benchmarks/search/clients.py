"""HTTP clients that cost almost nothing themselves: one that keeps its connection, and several at once."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

END = b"\r\n\r\n"
TIMEOUT = 120.0
CHUNK = 1 << 18


class Client:
    """GET over one connection, opened anew when the server has closed it."""

    def __init__(self, port: int):
        self.port = port
        self.socket: socket.socket | None = None

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n\r\n".encode()
        for _attempt in range(2):
            connection = self.socket or socket.create_connection(("127.0.0.1", self.port), TIMEOUT)
            self.socket = connection
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                connection.sendall(request)
                return self._answer(connection)
            except ConnectionError:  # the server closed an idle connection
                self.close()
        raise ConnectionError(path)

    def _answer(self, connection: socket.socket) -> tuple[int, bytes]:
        received = b""
        while END not in received:
            received += self._more(connection)
        head, _, body = received.partition(END)
        lines = head.lower().split(b"\r\n")
        headers = dict(line.partition(b": ")[::2] for line in lines[1:])
        length = int(headers[b"content-length"])
        parts, size = [body], len(body)
        while size < length:
            parts.append(self._more(connection))
            size += len(parts[-1])
        if headers.get(b"connection") == b"close":
            self.close()
        return int(lines[0].split()[1]), b"".join(parts)

    def _more(self, connection: socket.socket) -> bytes:
        data = connection.recv(CHUNK)
        if not data:
            raise ConnectionError("closed")
        return data

    def close(self) -> None:
        if self.socket:
            self.socket.close()
        self.socket = None


@dataclass
class Timings:
    """Milliseconds of the answers that were 200, and how many were something else."""

    took: list[float] = field(default_factory=list)
    refused: dict[int, int] = field(default_factory=dict)

    def percentile(self, share: float) -> float | None:
        if not self.took:
            return None
        ordered = sorted(self.took)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def timed(client: Client, paths: Sequence[str], budget: float) -> Timings:
    """One after the other, until ``budget`` seconds are used up."""
    timings = Timings()
    stop = time.perf_counter() + budget
    for path in paths:
        before = time.perf_counter()
        if before > stop:
            break
        status, _body = client.get(path)
        if status == 200:
            timings.took.append((time.perf_counter() - before) * 1000)
        else:
            timings.refused[status] = timings.refused.get(status, 0) + 1
    return timings


def per_second(port: int, paths: Sequence[str], clients: int, seconds: float) -> float:
    """Answers (200) a second that so many clients get together."""
    counts = [0] * clients
    stop = time.perf_counter() + seconds

    def work(number: int) -> None:
        client, at = Client(port), number * len(paths) // clients
        while time.perf_counter() < stop:
            status, _body = client.get(paths[at % len(paths)])
            counts[number] += status == 200
            at += 1
        client.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)
