"""Deletion: what Relais holds of a person goes, on both sides. The audit log, without identity, stays.

Each deleted object leaves a row of ids and dates on the deletion list, which a restore replays.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners import audit, hooks
from partners.actor import SYSTEM, Actor
from partners.errors import Conflict, DomainError, Invalid
from partners.models import ClockMark, OutboxRow
from partners.notifications import outbox
from referrals.access import held
from referrals.actions import apply_action
from referrals.links import minting
from referrals.models import Client, Consent, Deletion, Introduction, Need, Referral
from referrals.rights import holdings
from referrals.rights.access import PLAIN_FIELDS, held_client
from referrals.rights.holds import is_held, require_no_hold
from referrals.rights.released import Release, left
from referrals.telling import concerned
from referrals.workflow import OPEN, Status

REASONS: dict[str, Promise] = {
    "request": _("The person asked for it"),
    "retention": _("Kept as long as it may be"),
}
STARTED = frozenset(status.value for status in OPEN - {Status.DRAFT})
# What a notice about a referral that is gone may still say.
LAST_NOTICES = ("sharing_ended", minting.ENDED)


@dataclass(frozen=True)
class Preview:
    """What would go, and what deletion can't call back. Codes and numbers, no names."""

    client_id: UUID
    code: str
    counts: list[tuple[Promise, int]]
    referrals: list[tuple[str, str]]
    withdrawn_first: int
    released: list[Release]
    held: bool


def preview(client: Client) -> Preview:
    """A dry run."""
    rows = list(Referral.objects.filter(client_id=client.pk).values_list("code", "status"))
    return Preview(
        client_id=client.pk,
        code=client.code,
        counts=holdings.counts(client.pk),
        referrals=rows,
        withdrawn_first=sum(status in STARTED for _code, status in rows),
        released=left(client.pk, client.organization_id).all(),
        held=is_held(client.pk),
    )


def delete_on_request(*, actor: Actor, client_id: UUID, code: str) -> None:
    """The page's second step: the code is typed again. A refusal is recorded.

    Raises Refused, NotSeen, Invalid (code), Conflict (hold).
    """
    try:
        client = held_client(client_id, actor)
        if not hmac.compare_digest(code.strip().upper().encode(), client.code.encode()):
            raise Invalid({"code": [_("This is not the code of the file.")]})
        delete_client(actor=actor, client_id=client.pk, reason="request")
    except DomainError as error:
        if not actor.is_anonymous:
            audit.record_refusal(
                audit.Entry(
                    actor=actor,
                    action="client.delete",
                    object_type="client",
                    object_id=client_id,
                    result=audit.REFUSED,
                    details={"code": error.code, "status": error.status},
                )
            )
        raise


def delete_client(*, actor: Actor, client_id: UUID, reason: str) -> None:
    """Delete a file and all that hangs on it. Raises Conflict on a legal hold, NotSeen.

    First its drafts and open needs end, so that nothing new is offered; then what is open is withdrawn,
    each by its own act, so that both sides are told; then everything goes in one transaction. Killed in
    between, it can be run again.
    """
    _end_plans(client_id, actor, reason)
    for referral_id in Referral.objects.filter(client_id=client_id, status__in=STARTED).values_list(
        "pk", flat=True
    ):
        apply_action(referral_id=referral_id, action="withdraw", actor=SYSTEM, reason="client_choice")
    with transaction.atomic():
        client = lock(client_id)
        if Referral.objects.filter(client_id=client_id, status__in=STARTED).exists():
            raise Conflict(_("Somebody is working on this file. Try again."))
        remove_client(client, actor, reason)
        transaction.on_commit(overwrite_log)


def remove_client(client: Client, actor: Actor, reason: str) -> None:
    """The deletion itself, in the caller's transaction, whatever stands against it. Replays call it."""
    own = client.organization_id
    referrals = list(Referral.objects.filter(client_id=client.pk).select_related("receiver"))
    introductions = Introduction.objects.filter(client_id=client.pk).values_list("pk", flat=True)
    gone = left(client.pk, own)
    _list("client", client.pk, own, actor, reason, gone.all())
    for pk in introductions:
        _list("introduction", pk, own, actor, reason)
    for referral in referrals:
        _list("referral", referral.pk, own, actor, reason, gone.through(referral.pk))
    _forget(holdings.ids_of(client.pk), own)
    pk = client.pk
    Referral.objects.filter(client_id=pk).only("id").delete()
    client.delete()
    told = [entry for referral in referrals for entry in _entries_of(referral, actor, reason)]
    audit.record(_entry(actor, "client", pk, own, reason=reason, referrals=len(referrals)), *told)


def remove_referral(referral: Referral, actor: Actor, reason: str) -> None:
    """One referral alone, where the file goes on. In the caller's transaction."""
    own = referral.sender_id
    gone = left(referral.client_id, own).through(referral.pk)
    _list("referral", referral.pk, own, actor, reason, gone)
    _forget({referral.pk}, own)
    entries = _entries_of(referral, actor, reason)
    referral.delete()
    audit.record(*entries)


def remove_introduction(introduction: Introduction, actor: Actor, reason: str) -> None:
    """One introduction that made no file. In the caller's transaction. Whoever introduced learns nothing."""
    pk, own = introduction.pk, introduction.receiver_id
    _list("introduction", pk, own, actor, reason)
    _forget({pk}, own)
    introduction.delete()
    audit.record(_entry(actor, "introduction", pk, own, reason=reason))


def overwrite_log() -> None:
    """On SQLite the deleted pages still stand in the write-ahead log until it is written back and cut."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def lock(client_id: UUID) -> Client:
    """Its needs, the file, its consents and referrals, in the order of every act (ADR 008); not on hold.

    Once the file is held no need comes to it. The keys stay free until the rows go.
    """
    _hold_all(Need, client_id)
    client = held(Client.objects.only(*PLAIN_FIELDS), client_id)
    require_no_hold(client_id)
    for model in (Need, Consent, Referral):
        _hold_all(model, client_id)
    return client


def _hold_all(model: type[Need] | type[Consent] | type[Referral], client_id: UUID) -> None:
    rows = model._default_manager.select_for_update(no_key=True).filter(client_id=client_id)
    list(rows.order_by("pk").values_list("pk"))


def _end_plans(client_id: UUID, actor: Actor, reason: str) -> None:
    with transaction.atomic():
        lock(client_id)
        Need.objects.filter(client_id=client_id, closed_at__isnull=True).update(closed_at=timezone.now())
        drafts = Referral.objects.filter(client_id=client_id, status=Status.DRAFT.value)
        for draft in drafts.select_related("receiver"):
            remove_referral(draft, actor, reason)


def _list(kind: str, pk: UUID, own: UUID, actor: Actor, reason: str, gone: Iterable[Release] = ()) -> None:
    """On the deletion list, once: a replay finds its line there already."""
    Deletion.objects.get_or_create(
        object_id=pk,
        defaults={
            "object_type": kind,
            "organization_id": own,
            "reason": reason,
            "by": actor.user_id,
            "at": timezone.now(),
            "released": [one.as_json() for one in gone],
        },
    )


def _forget(ids: Collection[UUID], own: UUID) -> None:
    """What stands beside the rows by their ids: clock marks, notices, and what other apps keep.

    A partner is still told that a referral is no longer shared.
    """
    ClockMark.objects.filter(object_id__in=ids).delete()
    last = Q(outbox.waiting(), kind__in=LAST_NOTICES) & ~Q(organization_id=own)
    OutboxRow.objects.filter(object_id__in=ids).exclude(last).delete()
    for _name, forget in hooks.forgetters:
        forget(ids)


def _entries_of(referral: Referral, actor: Actor, reason: str) -> list[audit.Entry]:
    """For whom the referral's log belongs to; why, for the own organization alone."""
    own = _entry(actor, "referral", referral.pk, referral.sender_id, reason=reason)
    others = [chain for chain in concerned(referral) if chain != referral.sender_id]
    return [own, *(_entry(actor, "referral", referral.pk, chain) for chain in others)]


def _entry(actor: Actor, kind: str, pk: UUID, chain: UUID, **details: str | int) -> audit.Entry:
    return audit.Entry(
        actor=actor,
        action=f"{kind}.delete",
        object_type=kind,
        object_id=pk,
        chains=(chain,),
        details=details,
    )


WORDS: dict[str, str | Promise] = {
    "client.delete": _("Deletion of a client file"),
    "referral.delete": _("Referral deleted"),
    "introduction.delete": _("Introduction deleted"),
    "detail.referrals": _("Referrals"),
    **{f"reason.{code}": label for code, label in REASONS.items()},
}
