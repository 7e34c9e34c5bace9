"""The measurements themselves, interleaved round by round."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson

from benchmarks.search import beside, workload
from benchmarks.search.clients import Client, Timings, per_second, timed
from benchmarks.search.databases import Database, Say, finish, read_through, rebuilding
from benchmarks.search.servers import MANY_CLIENTS, ONE_CLIENT, ROOT, environment, serving

SETS, CLIENTS, SECONDS = 200, 8, 6.0
WARM_UP_SEED, WARM_UPS, FIRST_SEED = 900, 5, 1000
DEEPEST, DEEP_TAIL = 500, 10
DEEP = {"deep_list": {}, "deep_keyword": {"q": "shelter"}}


@dataclass
class Round:
    """One round on one database: timings by kind, and the requests a second where they were counted."""

    timings: dict[str, Timings] = field(default_factory=dict)
    per_second: dict[str, float] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)


@dataclass
class Measured:
    """Everything of one database."""

    database: Database
    rounds: list[Round] = field(default_factory=list)
    write: dict[str, float] = field(default_factory=dict)
    quiet: Timings | None = None
    rebuilding: Timings | None = None
    index_bytes: int = 0
    answer_bytes: int = 0


@contextmanager
def all_served(databases: list[Database], how: tuple[str, ...]) -> Iterator[dict[str, int]]:
    """The port of each, by name; all at once, so that sizes and databases take turns too."""
    with ExitStack() as stack:
        yield {
            database.name: stack.enter_context(serving(database.url, database.sample, how))
            for database in databases
        }


def keep_sample(port: int, database: Database) -> int:
    """The null view repeats a real answer of 20 results; its size in bytes."""
    status, body = Client(port).get(workload.ADDRESS)
    if status != 200 or not orjson.loads(body)["results"]:
        raise SystemExit(f"{database.name}: the list answers {status}, or nothing")
    database.sample.write_bytes(body)
    return len(body)


def warm_up(port: int, budget: float) -> None:
    """Random sets of every kind, none of those that are measured: a server that has been asked before."""
    client = Client(port)
    timed(client, _null(workload.NULL), budget)
    for number in range(WARM_UPS):
        for kind in workload.KINDS:
            paths = [workload.address(params) for params in kind.sets(WARM_UP_SEED + number, SETS)]
            timed(client, paths, budget)


def one_client(port: int, number: int, budget: float) -> Round:
    """Null views, then every kind with parameters of this round's own, then two chains of pages."""
    client, found = Client(port), Round()
    for name in (workload.NULL, workload.NULL_BYTES):
        found.timings[name] = timed(client, _null(name), budget)
    for kind in workload.KINDS:
        paths = [workload.address(params) for params in kind.sets(FIRST_SEED + number, SETS)]
        found.timings[kind.key] = timed(client, paths, budget)
    for name, params in DEEP.items():
        _deep(client, name, workload.address(params), found, budget)
    client.close()
    return found


def _deep(client: Client, name: str, first: str, found: Round, budget: float) -> None:
    """Page 1 again and again, then ``next`` after ``next``: the last ten pages count."""
    found.timings[f"{name}_first"] = timed(client, [first] * 2 * DEEP_TAIL, budget)
    chain, path, pages = Timings(), first, 0
    stop = time.perf_counter() + budget
    while path and pages < DEEPEST and time.perf_counter() < stop:
        before = time.perf_counter()
        status, body = client.get(path)
        if status != 200:
            break
        chain.took.append((time.perf_counter() - before) * 1000)
        pages += 1
        following = urlsplit(orjson.loads(body)["next"] or "")
        path = f"{following.path}?{following.query}" if following.path else ""
    found.timings[name] = Timings(chain.took[-DEEP_TAIL:])
    found.pages[name] = pages


def eight_clients(port: int, number: int) -> dict[str, float]:
    paths = workload.mixed(FIRST_SEED + 500 + number, SETS)
    return {
        workload.NULL: per_second(port, _null(workload.NULL), CLIENTS, SECONDS),
        "mixed": per_second(port, paths, CLIENTS, SECONDS),
    }


def writes(database: Database) -> dict[str, float]:
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.search.writes"],
        check=False,
        cwd=ROOT,
        env=environment(database.url, database.sample),
        capture_output=True,
        text=True,
    )
    if answer.returncode:
        raise SystemExit(f"{database.name}: saving failed:\n{answer.stderr[-4000:]}")
    found: dict[str, float] = json.loads(answer.stdout)
    return found


def readers(one: Measured) -> None:
    """One reader before, and while the index is built again: keyword + near, as often as there is time."""
    kind = workload.KINDS[0]
    with serving(one.database.url, one.database.sample, ONE_CLIENT) as port:
        warm_up(port, 3.0)
        paths = [workload.address(params) for params in kind.sets(FIRST_SEED - 1, SETS)]
        client = Client(port)
        one.quiet, one.rebuilding = timed(client, paths, SECONDS), Timings()
        command = rebuilding(one.database)
        try:
            while command.poll() is None:
                some = timed(client, paths, 1.0)
                one.rebuilding.took += some.took
                one.rebuilding.refused |= some.refused
        finally:
            finish(command)


def run(
    measured: dict[str, Measured], plans: dict[str, dict[str, Any]], rounds: int, budget: float, say: Say
) -> None:
    """Latency: all servers up, one client. Round after round over all databases."""
    with all_served([one.database for one in measured.values()], ONE_CLIENT) as ports:
        for name, one in measured.items():
            say(f"{name}: warming up")
            read_through(one.database)
            one.answer_bytes = keep_sample(ports[name], one.database)
            warm_up(ports[name], budget)
        for number in range(rounds):
            for name, one in measured.items():
                say(f"round {number + 1} of {rounds}: {name}")
                read_through(one.database)
                found = one_client(ports[name], number, budget)
                found.timings |= beside.measure(plans[name], FIRST_SEED + number, budget)
                one.rounds.append(found)


def run_many(measured: dict[str, Measured], size: int, say: Say) -> None:
    """Throughput at one size: two workers a database, eight clients."""
    some = {name: one for name, one in measured.items() if one.database.size == size}
    with all_served([one.database for one in some.values()], MANY_CLIENTS) as ports:
        for name in some:
            warm_up(ports[name], 3.0)
        for number in range(max((len(one.rounds) for one in some.values()), default=0)):
            for name, one in some.items():
                say(f"eight clients, round {number + 1}: {name}")
                one.rounds[number].per_second = eight_clients(ports[name], number)


def _null(name: str) -> list[str]:
    return [f"/api/v1/{name.replace('_', '-')}/"] * SETS
