"""Pages of the demo that no link of the first page of their kind leads to: one for each state of a thing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from uuid import UUID

from tests.browser.server import Site

LANTERN = "nadia@lantern.example"
# Who looks at what an organization sent or received. What the others received, their senders look at.
WORKERS = {
    "prairie-lantern": LANTERN,
    "red-river-chc": "tom@redriver.example",
    "northern-light": "ines@northernlight.example",
    "two-rivers": "pat@tworivers.example",
}
OFFICER = "paula@lantern.example"
MEMBERS = (
    LANTERN,
    "rosa@lantern.example",
    OFFICER,
    "tom@redriver.example",
    "ines@northernlight.example",
    "pat@tworivers.example",
    "mo@police.example",
    "lea@relais.example",
    "eva@evaluation.example",
)
# A referral looks different in each state, on each side, and by what is unusual about it.
REFERRALS = """
    SELECT min(r.id), substr(o.source_id, 6), o.id = r.sender_id, r.status, r.kind,
           r.confirmed_at IS NOT NULL, p.kind = 'police_liaison', r.position IS NOT NULL
    FROM referrals_referral r
    JOIN partners_organization p ON p.id = r.receiver_id
    JOIN partners_organization o ON o.id IN (r.sender_id, r.receiver_id)
    WHERE o.kind <> 'police_liaison' AND o.is_demo AND (r.status <> 'draft' OR o.id = r.sender_id)
    GROUP BY 2, 3, 4, 5, 6, 7, 8
"""
REPORT = "SELECT client_id FROM referrals_childprotectionrecord WHERE "
# view, what is special, and the ids of what to open
OF_LANTERN = (
    (
        "clients/{}/",
        "reported",
        "SELECT client_id FROM referrals_childprotectionrecord WHERE state='reported'",
    ),
    ("clients/{}/", "late", "SELECT client_id FROM referrals_childprotectionrecord WHERE state<>'reported'"),
    ("clients/{}/", "restricted", "SELECT id FROM referrals_client WHERE is_restricted"),
    ("clients/{}/", "housed", "SELECT client_id FROM referrals_supportentry"),
    ("clients/{}/plan/", "housed", "SELECT client_id FROM referrals_supportentry"),
    ("clients/{}/seen/", "long", "SELECT client_id FROM referrals_supportentry"),
    ("needs/{}/", "at once", "SELECT id FROM referrals_need WHERE offer_mode='at_once'"),
    ("needs/{}/", "in turn", "SELECT id FROM referrals_need WHERE offer_mode='in_turn'"),
    ("needs/{}/matches/", "some", "SELECT id FROM referrals_need WHERE offer_mode='in_turn'"),
    ("needs/{}/offers/new/", "some", "SELECT id FROM referrals_need WHERE offer_mode='in_turn'"),
    ("consents/{}/", "live", "SELECT id FROM referrals_consent WHERE superseded_at IS NULL"),
    ("consents/{}/", "ended", "SELECT id FROM referrals_consent WHERE superseded_at IS NOT NULL"),
)
OF_OFFICER = (("rights/clients/{}/", "held", "SELECT client_id FROM referrals_legalhold"),)


def declared(site: Site, language: str) -> Iterator[tuple[str, str, str]]:
    """(member, path, what is special about it)."""
    with closing(sqlite3.connect(f"file:{site.database}?mode=ro", uri=True)) as database:
        for key, owner, *what in database.execute(REFERRALS):
            if member := WORKERS.get(owner):
                yield member, f"/{language}/referrals/{UUID(key)}/", " ".join(map(str, [owner, *what]))
        for member, places in ((LANTERN, OF_LANTERN), (OFFICER, OF_OFFICER)):
            for path, special, question in places:
                found = database.execute(question).fetchone()
                assert found, f"the demo shows nothing that is {special}"
                yield member, f"/{language}/{path.format(UUID(found[0]))}", special


def service_id(site: Site, key: str) -> UUID:
    """Of one of the demo's listings."""
    with closing(sqlite3.connect(f"file:{site.database}?mode=ro", uri=True)) as database:
        found = database.execute("SELECT id FROM directory_service WHERE source_id=?", (f"demo:{key}",))
        return UUID(found.fetchone()[0])
