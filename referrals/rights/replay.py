"""The deletion list as a file, and a restore that deletes again what stands on it.

JSON Lines: a head, one row each, and at the end an HMAC over everything before it under a key that the
database does not hold. A list that was changed, cut or made up is refused whole.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.actor import SYSTEM
from partners.crypto import derived_key
from partners.errors import Invalid
from referrals.models import Client, Deletion, Introduction, Referral
from referrals.rights.access import PLAIN_FIELDS
from referrals.rights.deletion import overwrite_log, remove_client, remove_introduction, remove_referral

FORMAT = "relais-deletions-1"
COLUMNS = ("object_type", "object_id", "organization_id", "reason", "by", "at", "released")


def export_list() -> str:
    """The whole list, signed."""
    rows = Deletion.objects.order_by("at", "id").values(*COLUMNS)
    lines = [json.dumps(_plain(row), sort_keys=True) for row in rows.iterator(chunk_size=1000)]
    head = json.dumps({"format": FORMAT, "count": len(lines)})
    text = "".join(f"{line}\n" for line in (head, *lines))
    return f"{text}{json.dumps({'hmac': _signature(text)})}\n"


def replay(text: str) -> Counter[str]:
    """Delete again what stands in the database and on the list. Answers how many of each kind went.

    Holds are not asked: each line was an act that no hold stopped. Nobody is told anew. The lines
    themselves come back with it. Safe to run twice. Raises Invalid before anything is changed.
    """
    lines = _read(text)
    done: Counter[str] = Counter()
    # Files first: their referrals and introductions go with them.
    for line in sorted(lines, key=lambda one: one["object_type"] != "client"):
        with transaction.atomic():
            _list_again(line)
            done[line["object_type"]] += _remove(line)
    transaction.on_commit(overwrite_log)
    return +done


def _remove(line: dict[str, Any]) -> bool:
    kind, pk, reason = line["object_type"], UUID(line["object_id"]), line["reason"]
    if kind == "client":
        client = Client.objects.select_for_update().only(*PLAIN_FIELDS).filter(pk=pk).first()
        if client:
            remove_client(client, SYSTEM, reason)
        return client is not None
    if kind == "referral":
        referral = Referral.objects.select_for_update().filter(pk=pk).first()
        if referral:
            remove_referral(referral, SYSTEM, reason)
        return referral is not None
    introduction = Introduction.objects.select_for_update().filter(pk=pk).first()
    if introduction:
        remove_introduction(introduction, SYSTEM, reason)
    return introduction is not None


def _list_again(line: dict[str, Any]) -> None:
    """As it was: who asked, when, and what had been released then."""
    kept = {name: line[name] for name in COLUMNS if name != "object_id"}
    kept["at"] = datetime.fromisoformat(line["at"])
    Deletion.objects.get_or_create(object_id=line["object_id"], defaults=kept)


def _read(text: str) -> list[dict[str, Any]]:
    body, _end, last = text.rstrip("\n").rpartition("\n")
    body += "\n"
    try:
        signature = json.loads(last)["hmac"]
        genuine = hmac.compare_digest(str(signature).encode(), _signature(body).encode())
    except (ValueError, KeyError, TypeError):
        genuine = False
    if not genuine:
        raise Invalid({}, _("This is no deletion list of this installation, or it was changed."))
    head, *lines = (json.loads(line) for line in body.splitlines())
    if head["format"] != FORMAT:
        raise Invalid({}, _("This deletion list was written by another version of Relais."))
    return lines


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    ids = {name: str(row[name]) if row[name] else None for name in ("object_id", "organization_id", "by")}
    return {**row, **ids, "at": row["at"].isoformat()}


def _signature(text: str) -> str:
    return hmac.new(derived_key("deletion-list"), text.encode(), hashlib.sha256).hexdigest()
