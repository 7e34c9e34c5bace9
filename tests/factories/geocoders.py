"""A geocoder on loopback that notes what it was sent, and answers as the three services word them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

LATITUDE, LONGITUDE = 49.91876543, -97.14612345


class Stand:
    """``answer`` and the attributes say what comes back; ``seen`` holds paths, parameters and headers."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, list[str]], dict[str, str]]] = []
        self.status, self.body, self.delay = 200, "{}", 0.0
        self.location = self.domain = ""

    def answer(self, body: Any) -> None:
        self.body = json.dumps(body)

    @property
    def sent(self) -> dict[str, list[str]]:
        return self.seen[-1][1]


@contextmanager
def geocoder_stand() -> Iterator[Stand]:
    stand = Stand()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(stand))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    stand.domain = f"127.0.0.1:{server.server_port}/maps"
    yield stand
    server.shutdown()
    server.server_close()
    thread.join()


def _handler(stand: Stand) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            stand.seen.append((url.path, parse_qs(url.query), dict(self.headers)))
            time.sleep(stand.delay)
            self.send_response(stand.status)
            if stand.location:
                self.send_header("Location", stand.location)
            self.end_headers()
            self.wfile.write(stand.body.encode())

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def nominatim(country: str = "ca", latitude: float = LATITUDE, longitude: float = LONGITUDE) -> list[Any]:
    return [
        {
            "lat": str(latitude),
            "lon": str(longitude),
            "display_name": "what nobody asked for, R2W 2M2",
            "address": {"country_code": country},
        }
    ]


def geojson(**properties: str) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [LONGITUDE, LATITUDE]}
    return {"features": [{"geometry": point, "properties": {"name": "x", "label": "x", **properties}}]}
