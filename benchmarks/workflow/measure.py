"""The pages of one worker, in process, over the database of the environment. Prints one line of JSON.

Each page: median and 95th percentile of the server's time in milliseconds, and its queries. A page that
does not answer 200 stops the run: an error page would be fast.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - Django is set up first
from django.db.models import Count  # noqa: E402
from django.test import Client as Browser  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from partners.models import Membership, User  # noqa: E402
from referrals.load.people import POLICE  # noqa: E402
from referrals.models import Client, Referral  # noqa: E402
from referrals.workflow import Status  # noqa: E402

SAMPLE = 20
WARM_UP = 3


def worker_of(field: str) -> tuple[User, Any]:
    """The worker of the organization with the most rows, and that organization."""
    rows = Referral.objects.order_by().exclude(**{f"{field}__kind": POLICE})
    most = rows.values(field).annotate(rows=Count("pk")).order_by("-rows", field)
    organization = most[0][field]
    member = Membership.objects.select_related("user").filter(organization_id=organization)[0]
    return member.user, organization


def pages() -> dict[str, tuple[User, list[str]]]:
    sender, sends = worker_of("sender")
    receiver, receives = worker_of("receiver")
    clients = Client.objects.filter(organization_id=sends).order_by("pk").values_list("pk", flat=True)
    sent = Referral.objects.filter(sender_id=sends, status=Status.CLOSED.value).order_by("pk")
    open_ones = Referral.objects.filter(receiver_id=receives, status=Status.ACCEPTED.value).order_by("pk")
    return {
        "work-list of the largest sender": (sender, [reverse("referrals:home")]),
        "work-list of the largest receiver": (receiver, [reverse("referrals:home")]),
        "inbox of the largest receiver": (receiver, [reverse("referrals:inbox")]),
        "inbox, accepted alone": (receiver, [reverse("referrals:inbox") + "?status=accepted"]),
        "sent box of the largest sender": (sender, [reverse("referrals:sent")]),
        "sent box, page 7": (sender, [reverse("referrals:sent") + "?page=7"]),
        "clients of the largest sender": (sender, [reverse("referrals:clients")]),
        "client page": (sender, _each("referrals:client", clients)),
        "referral page, sender": (sender, _each("referrals:detail", sent.values_list("pk", flat=True))),
        "referral page, receiver": (
            receiver,
            _each("referrals:detail", open_ones.values_list("pk", flat=True)),
        ),
    }


def _each(route: str, keys: Any) -> list[str]:
    return [reverse(route, args=[key]) for key in keys[:SAMPLE]]


def figures(user: User, addresses: list[str], calls: int) -> dict[str, float]:
    browser = Browser(HTTP_HOST="127.0.0.1")
    browser.force_login(user)
    for address in (addresses * WARM_UP)[:WARM_UP]:
        _get(browser, address)
    with CaptureQueriesContext(connection) as captured:
        _get(browser, addresses[0])
    asked = [one["sql"] for one in captured.captured_queries]  # the next request forgets them
    took = []
    for number in range(calls):
        before = time.perf_counter()
        _get(browser, addresses[number % len(addresses)])
        took.append((time.perf_counter() - before) * 1000)
    return {
        "p50": statistics.median(took),
        "p95": sorted(took)[int(len(took) * 0.95)],
        "queries": len([sql for sql in asked if not _frames(sql)]),
    }


def _frames(sql: str) -> bool:
    """What opens and ends a transaction asks for no rows."""
    return sql.split(" ")[0].strip(";") in {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"}


def _get(browser: Browser, address: str) -> None:
    answer = browser.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"a page answers {answer.status_code}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=40)
    given = parser.parse_args()
    found = {name: figures(user, urls, given.calls) for name, (user, urls) in pages().items() if urls}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
