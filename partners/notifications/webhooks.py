"""A partner's own system is told of every notice to the partner: which addresses, and what they are sent.

The form is that of Standard Webhooks: an id that stays the same for each attempt, a time, and an
HMAC-SHA256 over both and the body. The body has codes and ids only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import audit
from partners.actor import Actor
from partners.errors import Invalid, NotSeen
from partners.models import Delivery, Organization, Webhook
from partners.notifications import posting, recipients
from partners.roles import Capability

PREFIX = "whsec_"
SECRET_BYTES = 32
MOST = 5
LONGEST = 500


def of_organization(actor: Actor) -> QuerySet[Webhook]:
    return Webhook.objects.filter(organization_id=_organization(actor), ended_at__isnull=True)


def add(*, actor: Actor, url: str) -> tuple[Webhook, str]:
    """The webhook, and its secret for the one time it is shown. Raises Invalid."""
    organization_id, address = _organization(actor), _checked(url)
    secret = _new_secret()
    with transaction.atomic():
        Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
        own = of_organization(actor)
        if own.filter(url=address).exists():
            raise _invalid(_("This address is there already."))
        if own.count() >= MOST:
            raise _invalid(_("You have five addresses. Remove one first."))
        made = Webhook.objects.create(
            organization_id=organization_id,
            url=address,
            secret=secret,
            created_by_id=cast(UUID, actor.user_id),
        )
        _record(actor, "webhook.add", made.pk)
    return made, secret


def end(*, actor: Actor, webhook_id: UUID) -> None:
    """Nothing is sent there any more, not even what is waiting. Raises NotSeen."""
    with transaction.atomic():
        webhook = _own(actor, webhook_id)
        webhook.ended_at = timezone.now()
        webhook.save(update_fields=["ended_at"])
        _record(actor, "webhook.remove", webhook.pk)


def rotate(*, actor: Actor, webhook_id: UUID) -> tuple[Webhook, str]:
    """A new secret in place of the old one, which signs nothing from now on. Raises NotSeen."""
    with transaction.atomic():
        webhook = _own(actor, webhook_id)
        webhook.secret = secret = _new_secret()
        webhook.save(update_fields=["secret"])
        _record(actor, "webhook.rotate", webhook.pk)
    return webhook, secret


def send(delivery: Delivery) -> None:
    """Raises whatever posting.post raises. One that was removed, or of who is suspended, is told nothing."""
    webhook = Webhook.objects.filter(
        pk=delivery.recipient, ended_at__isnull=True, organization__suspended_at__isnull=True
    ).first()
    row = delivery.row
    if webhook is None or recipients.is_closed(row):  # a file may have been closed since it was owed
        return
    said = {
        "id": str(delivery.pk),
        "kind": row.kind,
        "code": row.code,
        "object": str(row.object_id),
        "at": row.created_at.isoformat(),
    }
    body = json.dumps(said).encode()
    at = str(int(timezone.now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Relais",
        "webhook-id": str(delivery.pk),
        "webhook-timestamp": at,
        "webhook-signature": signature(webhook.secret, str(delivery.pk), at, body),
    }
    posting.post(webhook.url, body, headers)


def signature(secret: str, number: str, at: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.digest(key, f"{number}.{at}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(signed).decode()


def _organization(actor: Actor) -> UUID:
    actor.require(Capability.MANAGE_NOTICES)
    return cast(UUID, actor.organization_id)


def _own(actor: Actor, webhook_id: UUID) -> Webhook:
    webhook = of_organization(actor).select_for_update().filter(pk=webhook_id).first()
    if webhook is None:
        raise NotSeen
    return webhook


def _new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _checked(url: str) -> str:
    """What is wrong with the address itself; where its name leads is looked at each time it is called."""
    address = url.strip()
    try:
        URLValidator(schemes=["https"])(address)
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except (ValidationError, ValueError):
        raise _invalid(_("Enter an address that begins with https://.")) from None
    if parts.username is not None or parts.fragment or len(address) > LONGEST:
        raise _invalid(_("The address may have no sign-in and no # in it, and at most 500 characters."))
    literal = host.replace(".", "").isdigit() or ":" in host
    if (literal and not posting.is_public(host)) or host == "localhost" or host.endswith(".localhost"):
        raise _invalid(_("This address is not on the public internet."))
    return address


def _invalid(message: str) -> Invalid:
    return Invalid({"url": [message]}, message)


def _record(actor: Actor, action: str, webhook_id: UUID) -> None:
    audit.record(
        audit.Entry(
            actor=actor,
            action=action,
            object_type="webhook",
            object_id=webhook_id,
            chains=(actor.organization_id,) if actor.organization_id else (),
        )
    )
