"""What could not be told after the last attempt: who may see it, and how it is tried again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import audit
from partners.actor import Actor
from partners.bilingual import localized
from partners.errors import NotSeen
from partners.models import Channel, Delivery, User, Webhook
from partners.notifications import delivery, tasks
from partners.roles import Capability

WOKEN = 50
# The kinds of errors that an administrator can do something about, in words.
_WORDS: dict[str, str | Promise] = {
    "SMTPRecipientsRefused": gettext_lazy("The mail server does not take mail for this address."),
    "NotPublic": gettext_lazy("The address leads nowhere on the public internet."),
    "SSLCertVerificationError": gettext_lazy("The certificate of the address is not valid."),
    "TimeoutError": gettext_lazy("There was no answer in time."),
    "ConnectionRefusedError": gettext_lazy("The connection was refused."),
}


@dataclass(frozen=True)
class Line:
    """One that was given up. ``to`` names a member or a system to the own organization alone."""

    id: UUID
    channel: str
    to: str
    organization: str
    why: str
    attempts: int
    given_up_at: datetime | None


def given_up(actor: Actor) -> QuerySet[Delivery]:
    """The own organization's; for the administrators of the network, everybody's. The latest first."""
    actor.require(Capability.MANAGE_NOTICES)
    found = Delivery.objects.filter(given_up_at__isnull=False, done_at__isnull=True)
    if not actor.can(Capability.ADMIT_PARTNERS):
        found = found.filter(row__organization_id=cast(UUID, actor.organization_id))
    return found.select_related("row__organization").order_by("-given_up_at", "id")


def lines(actor: Actor, rows: Sequence[Delivery]) -> list[Line]:
    ids = [row.recipient for row in rows if row.row.organization_id == actor.organization_id]
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}
    names |= {hook.pk: urlsplit(hook.url).hostname or "" for hook in Webhook.objects.filter(pk__in=ids)}
    return [
        Line(
            id=row.pk,
            channel=str(Channel(row.channel).label),
            to=names.get(row.recipient, ""),
            organization=localized(row.row.organization, "name").text,
            why=why(row.error),
            attempts=row.attempts,
            given_up_at=row.given_up_at,
        )
        for row in rows
    ]


def why(error: str) -> str:
    if match := re.fullmatch(r"http_(\d+)", error):
        return _("It answered with %(status)s.") % {"status": match[1]}
    return str(_WORDS.get(error) or _("It could not be handed over (%(kind)s).") % {"kind": error})


def retry(*, actor: Actor, delivery_id: UUID | None = None) -> int:
    """One or all of them are owed again from the beginning. Answers how many. Raises NotSeen."""
    found = given_up(actor)
    if delivery_id is not None:
        found = found.filter(pk=delivery_id)
    with transaction.atomic():
        rows = list(found.values_list("pk", "row_id"))
        if delivery_id is not None and not rows:
            raise NotSeen
        count = delivery.again(pk for pk, _row_id in rows)
        if count:
            for row_id in {row_id for _pk, row_id in rows[:WOKEN]}:
                transaction.on_commit(partial(tasks.wake, row_id))
            audit.record(
                audit.Entry(
                    actor=actor,
                    action="notice.retry",
                    object_type="organization",
                    object_id=str(actor.organization_id),
                    chains=(actor.organization_id,),
                    details={"count": count},
                )
            )
    return count
