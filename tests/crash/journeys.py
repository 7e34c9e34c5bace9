"""What the clients do over HTTP: journeys of requests, each with an Idempotency-Key of its own.

A request is done once it was acknowledged, and in doubt when its connection died; then it is sent again,
word for word, until it is answered. ``Step.proof`` names what must stand once it was acknowledged.
"""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from referrals.consent_texts import CURRENT_VERSION

CATEGORY = "treatment-day"
ANSWER_SECONDS = 100
Ids = dict[str, str]
Body = Callable[[Ids], dict[str, Any]]


@dataclass
class Step:
    """One request. ``refusable``: another act may have come first, and then 409 or 422 is an answer too."""

    who: str
    path: str
    body: Body = lambda ids: {}
    keep: str = ""
    proof: tuple[tuple[str, str], ...] = ()
    refusable: bool = False
    state: str = "waiting"

    @property
    def settled(self) -> bool:
        return self.state in ("done", "refused")


@dataclass
class Journey:
    """Its stages come one after another; the steps of one stage are sent at the same time."""

    number: int
    kind: str
    ids: Ids
    stages: list[list[Step]]

    @property
    def name(self) -> str:
        return f"Person {self.number}"

    @property
    def finished(self) -> bool:
        return all(step.settled for stage in self.stages for step in stage)

    def steps(self) -> Iterator[Step]:
        for stage in self.stages:
            yield from stage


KINDS = ("answered", "unanswered", "at_once", "in_turn", "taken_back")


def journey(number: int, kind: str, partners: list[str], services: list[str]) -> Journey:
    """``partners`` and ``services`` are three ids each, of which a journey needs one or all."""
    ids = {f"partner{n}": one for n, one in enumerate(partners)}
    ids |= {f"service{n}": one for n, one in enumerate(services)}
    made = Journey(number, kind, ids, [])
    person = {"chosen_name": made.name, "age_band": "25_34", "situation": f"Situation {number}"}
    made.stages.append([Step("sender", "/clients/", lambda _: person, "client", (("client", "client"),))])
    if kind in ("at_once", "in_turn"):
        made.stages += [[_consent(n) for n in range(3)], *_several(kind)]
    else:
        made.stages += [[_consent(0)], *_single(kind)]
    return made


def _single(kind: str) -> list[list[Step]]:
    def draft(ids: Ids) -> dict[str, Any]:
        return {"client": ids["client"], "service": ids["service0"], "need": {"category": CATEGORY}}

    drafted = Step("sender", "/referrals/", draft, "referral0", (("referral", "referral0"),))
    sent = _act("sender", "send", 0)
    withdrawn = Step(
        "sender",
        "/consents/{consent0}/withdraw/",
        lambda _: {"how": "phone"},
        proof=(("withdrawn", "consent0"),),
    )
    after = {
        "answered": [[_act("partner0", "accept", 0)], [withdrawn]],
        "unanswered": [],
        "taken_back": [[withdrawn, _act("partner0", "accept", 0, refusable=True)]],
    }
    return [[drafted], [sent], *after[kind]]


def _several(mode: str) -> list[list[Step]]:
    def need(ids: Ids) -> dict[str, Any]:
        return {"client": ids["client"], "category": CATEGORY}

    def offer(ids: Ids) -> dict[str, Any]:
        return {"services": [ids[f"service{n}"] for n in range(3)], "mode": mode}

    asked = range(3) if mode == "at_once" else range(1)
    stages = [
        [Step("sender", "/needs/", need, "need", (("need", "need"),))],
        [
            Step(
                "sender",
                "/needs/{need}/offers/several/",
                offer,
                "offers",
                tuple(("referral", f"referral{n}") for n in range(3)),
            )
        ],
        [
            Step(
                "sender",
                "/needs/{need}/offers/send/",
                proof=tuple(("send", f"referral{n}") for n in asked),
            )
        ],
    ]
    if mode == "at_once":
        return [*stages, [_act(f"partner{n}", "accept", n, refusable=True) for n in range(2)]]
    declined = _act("partner0", "decline", 0, {"reason": "no_capacity"})
    declined.proof += (("send", "referral1"),)
    return [*stages, [declined], [_act("partner1", "accept", 1)]]


def _consent(number: int) -> Step:
    def body(ids: Ids) -> dict[str, Any]:
        return {
            "recipient": ids[f"partner{number}"],
            "field_groups": ["identity", "situation"],
            "text_version": CURRENT_VERSION,
            "language": "en",
            "how": "written",
        }

    name = f"consent{number}"
    return Step("sender", "/clients/{client}/consents/", body, name, (("consent", name),))


def _act(
    who: str, action: str, number: int, given: dict[str, Any] | None = None, refusable: bool = False
) -> Step:
    path = f"/referrals/{{referral{number}}}/actions/{action}/"
    proof = ((action, f"referral{number}"),)
    return Step(who, path, lambda _: given or {}, proof=proof, refusable=refusable)


@dataclass
class Clients:
    """Hands that take up one journey after another until they are told to stop or the server is gone."""

    tokens: dict[str, str]
    plan: Iterator[Journey]
    journeys: list[Journey] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, port: int, hands: int, stop: threading.Event) -> None:
        """What was begun before goes first."""
        begun = deque(journey for journey in self.journeys if not journey.finished)
        with ThreadPoolExecutor(hands) as threads:
            for done in [threads.submit(self._hand, port, begun, stop) for _ in range(hands)]:
                done.result()

    def _hand(self, port: int, begun: deque[Journey], stop: threading.Event) -> None:
        while not stop.is_set():
            with self._lock:
                following = begun.popleft() if begun else self._begin()
            if following is None:
                return
            for stage in following.stages:
                if stop.is_set() or not self._take(port, following, stage):
                    return

    def _begin(self) -> Journey | None:
        following = next(self.plan, None)
        if following is not None:
            self.journeys.append(following)
        return following

    def _take(self, port: int, of: Journey, stage: list[Step]) -> bool:
        """Whether all of the stage is settled. One in doubt means that the server is gone."""
        left = [step for step in stage if not step.settled]
        if len(left) > 1:
            with ThreadPoolExecutor(len(left)) as threads:
                list(threads.map(lambda step: self._send(port, of, step), left))
        elif left:
            self._send(port, of, left[0])
        return all(step.settled for step in stage)

    def _send(self, port: int, of: Journey, step: Step) -> None:
        path = "/api/v1" + step.path.format(**of.ids)
        key = f"{of.number} {step.who} {step.path}"
        if step.keep.startswith("consent"):
            key += step.keep
        headers = {
            "Authorization": f"Bearer {self.tokens[step.who]}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        again = step.state == "doubt"
        try:
            connection.request("POST", path, json.dumps(step.body(of.ids)), headers)
            answer = connection.getresponse()
            body = json.loads(answer.read())
        except (OSError, http.client.HTTPException):
            step.state = "doubt"
            self._count("in doubt")
            return
        finally:
            connection.close()
        self._settle(of, step, answer.status, body)
        if again:
            self._count("done before" if answer.getheader("Idempotent-Replayed") else "done again")

    def _settle(self, of: Journey, step: Step, status: int, body: dict[str, Any]) -> None:
        if status in (200, 201):
            with self._lock:
                of.ids |= _kept(step, body, of.ids)
            step.state = "done"
            self._count("acknowledged")
        elif step.refusable and status in (409, 422) and body["code"] != "still_running":
            step.state = "refused"
            self._count("refused")
        else:
            self.faults.append(f"{of.kind} {step.path} {step.state}: {status} {body}")
            step.state = "doubt"

    def _count(self, what: str) -> None:
        with self._lock:
            self.answers[what] += 1


def _kept(step: Step, body: dict[str, Any], ids: Ids) -> Ids:
    if step.keep == "offers":
        found = {offer["receiver"]["id"]: offer["id"] for offer in body["offers"]}
        return {f"referral{n}": found[ids[f"partner{n}"]] for n in range(3)}
    return {step.keep: body["id"]} if step.keep else {}
