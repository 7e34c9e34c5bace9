"""The other direction: a partner introduces a person to a program, or she asks it herself (ADR 010).

What is left belongs to the program. Whoever introduced her sees "received" of it and nothing more.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.models import Service
from partners import audit
from partners.actor import ANONYMOUS, Actor
from partners.errors import AgreementRequired, Conflict, Invalid, NotSeen
from partners.models import Membership, Organization
from partners.notifications import outbox
from partners.roles import Capability, roles_with
from referrals import introduction_terms
from referrals.access import access_client, held
from referrals.clients import create_client
from referrals.clock import add_working_days
from referrals.consent import POLICE
from referrals.introduction_texts import SELF_VERSION
from referrals.models import Client, Introduction, IntroductionKind, IntroductionState

PAGE_SIZE = 20
ANSWER_DAYS = 3
MADE_SHOWN = 100
END_REASONS: dict[str, Promise] = {
    "could_not_reach": _("Could not reach the person"),
    "no_longer_wanted": _("No longer wanted by the person"),
    "not_eligible": _("Not eligible"),
    "no_capacity": _("No space available"),
    "referred_on": _("Referred to another service"),
    "other": _("Another reason"),
}
_WAITING_FIRST = Case(When(state=IntroductionState.RECEIVED, then=Value(0)), default=Value(1))
_ENDED = _("Somebody has already taken this up or closed it.")


@dataclass(frozen=True)
class Received:
    """All that whoever introduced her ever sees of it."""

    code: str
    received_on: datetime.date


def takers() -> QuerySet[Organization]:
    """Programs that take introductions: an agreement in force, somebody who works with clients, no police."""
    workers = Membership.objects.filter(
        organization=OuterRef("pk"), ended_at__isnull=True, role__in=roles_with(Capability.CLIENTS)
    )
    admitted = Organization.objects.with_agreement().exclude(kind=POLICE)
    return admitted.filter(Exists(workers)).order_by("name_en", "pk")


def introduce(
    *, actor: Actor, receiver_id: UUID | None = None, service_id: UUID | None = None, **given: Any
) -> Introduction:
    """Leave a person's name and safe contact with a program, by its listing or by itself.

    ``given`` holds chosen_name, safe_contact, language, text_version, consented_on and
    no_consequence_told, as ``introduction_terms.read`` takes them.
    Raises Refused, AgreementRequired (the own one), NotSeen (listing), Invalid field by field.
    """
    actor.require(Capability.INTRODUCE)
    if not Organization.objects.with_agreement().filter(pk=actor.organization_id).exists():
        raise AgreementRequired
    receiver, service = _receiver(actor, receiver_id, service_id)
    terms = introduction_terms.read(given)
    return _leave(
        actor,
        receiver,
        service,
        kind=IntroductionKind.INTRODUCTION.value,
        introduced_by_id=actor.organization_id,
        created_by_id=actor.user_id,
        **terms,
    )


def ask_for_contact(*, service_id: UUID, **given: Any) -> Introduction:
    """The person herself, from the public page. Raises NotSeen where that way is not open, Invalid."""
    service = open_to_self_referral(service_id)
    terms = introduction_terms.read_own(given)
    return _leave(
        ANONYMOUS,
        service.organization,
        service,
        kind=IntroductionKind.SELF_REFERRAL.value,
        consent_text_version=SELF_VERSION,
        consented_at=timezone.now(),
        **terms,
    )


def open_to_self_referral(service_id: UUID) -> Service:
    """The published listing, if it takes self-referrals and its program takes introductions."""
    listed = Service.objects.visible_to(ANONYMOUS).filter(pk=service_id, status="active")
    asked = listed.filter(attributes__term__taxonomy="intake", attributes__term__code="self_referral")
    service = asked.filter(organization__in=takers()).select_related("organization").first()
    if service is None:
        raise NotSeen
    return service


def made_by(actor: Actor) -> list[Received]:
    """What the own organization introduced: codes and dates, the newest first, and nothing else of it."""
    found = _made(actor).order_by("-created_at", "pk").values_list("code", "created_at")[:MADE_SHOWN]
    return [Received(code, timezone.localdate(at)) for code, at in found]


def received(actor: Actor, introduction_id: UUID) -> Received | None:
    """One of them."""
    found = _made(actor).filter(pk=introduction_id).values_list("code", "created_at").first()
    return Received(found[0], timezone.localdate(found[1])) if found else None


def _made(actor: Actor) -> QuerySet[Introduction]:
    actor.require(Capability.INTRODUCE)
    return Introduction.objects.filter(introduced_by_id=actor.organization_id)


def access_introduction(introduction_id: UUID, actor: Actor) -> Introduction:
    """What was left for the own program. Missing and foreign ones answer the same 404."""
    actor.require(Capability.CLIENTS)
    found = Introduction.objects.visible_to(actor).select_related("introduced_by", "service")
    introduction = found.filter(pk=introduction_id).first()
    if introduction is None:
        raise NotSeen
    return introduction


def list_introductions(*, actor: Actor, page: int | str = 1) -> Page:
    """The own program's, what waits first. A row names nobody, so listing is no release."""
    actor.require(Capability.CLIENTS)
    return Paginator(introductions_of(actor), PAGE_SIZE).get_page(page)


def introductions_of(actor: Actor) -> QuerySet[Introduction]:
    """The own program's, what waits for an answer first, and of these what is due soonest."""
    rows = Introduction.objects.visible_to(actor).select_related("introduced_by", "service")
    return rows.order_by(_WAITING_FIRST, "answer_due_on", "created_at", "pk")


def open_introduction(*, actor: Actor, introduction_id: UUID) -> Introduction:
    """One with what she left, for the program's own worker. The release is committed first."""
    introduction = access_introduction(introduction_id, actor)
    _record_release(actor, introduction)
    return introduction


def take_up(*, actor: Actor, introduction_id: UUID, client_id: UUID | None = None) -> Introduction:
    """Make a client file of it, or link one of the own that stands. Once.

    A new file gets the name (the code where she left none), the safe contact and the language; the age
    is asked before anything is sent. Raises NotSeen (introduction, client), Conflict.
    """
    access_introduction(introduction_id, actor)
    with transaction.atomic():
        introduction = _held(introduction_id)
        client = _client(actor, introduction, client_id)
        _end(introduction, IntroductionState.TAKEN_UP, client=client)
        _record(actor, introduction, "introduction.take_up", client=str(client.pk))
    return access_introduction(introduction_id, actor)


def client_of_code(actor: Actor, code: str) -> UUID | None:
    """The own client with this code, as a worker types it."""
    own = Client.objects.visible_to(actor).filter(code=code.strip().upper())
    return own.values_list("pk", flat=True).first()


def close(*, actor: Actor, introduction_id: UUID, reason: str) -> Introduction:
    """End it with a coded reason. Raises NotSeen, Invalid, Conflict."""
    access_introduction(introduction_id, actor)
    if reason not in END_REASONS:
        raise Invalid({"reason": [_("Choose one of the listed reasons.")]})
    with transaction.atomic():
        introduction = _held(introduction_id)
        _end(introduction, IntroductionState.CLOSED, end_reason=reason)
        _record(actor, introduction, "introduction.close", reason=reason)
    return access_introduction(introduction_id, actor)


def _receiver(
    actor: Actor, receiver_id: UUID | None, service_id: UUID | None
) -> tuple[Organization, Service | None]:
    """The program, by its listing or by itself; never the own one."""
    service = None
    if service_id is not None:
        service = Service.objects.visible_to(ANONYMOUS).filter(pk=service_id).first()
        if service is None:
            raise NotSeen
        receiver_id = service.organization_id
    receiver = takers().filter(pk=receiver_id).first()
    if receiver is None:
        raise Invalid({"receiver": [_("This organization takes no introductions.")]})
    if receiver.pk == actor.organization_id:
        raise Invalid({"receiver": [_("For your own organization, open a client file.")]})
    return receiver, service


def _leave(actor: Actor, receiver: Organization, service: Service | None, **row: Any) -> Introduction:
    """The row, the notice to the program, and the audit rows of both."""
    days = service.response_days if service else ANSWER_DAYS
    with transaction.atomic():
        introduction = Introduction.objects.create(
            receiver=receiver,
            service=service,
            answer_due_on=add_working_days(timezone.localdate(), days),
            **row,
        )
        outbox.add(receiver.pk, "introduction", introduction.pk, introduction.code)
        audit.record(
            audit.Entry(
                actor=actor,
                action=f"introduction.{introduction.kind}",
                object_type="introduction",
                object_id=introduction.pk,
                chains=(receiver.pk, introduction.introduced_by_id),
            )
        )
    return introduction


def _held(introduction_id: UUID) -> Introduction:
    """Locked, and still waiting."""
    introduction = held(Introduction.objects, introduction_id)
    if introduction.state != IntroductionState.RECEIVED:
        raise Conflict(_ENDED)
    return introduction


def _client(actor: Actor, introduction: Introduction, client_id: UUID | None) -> Client:
    if client_id is not None:
        return held(Client.objects, access_client(client_id, actor).pk)
    return create_client(
        actor=actor,
        chosen_name=introduction.chosen_name or introduction.code,
        safe_contact=introduction.safe_contact,
        language=introduction.language,
    )


def _end(introduction: Introduction, state: IntroductionState, **changes: Any) -> None:
    introduction.state, introduction.ended_at = state.value, timezone.now()
    for name, value in changes.items():
        setattr(introduction, name, value)
    introduction.save(update_fields=["state", "ended_at", *changes])


def _record(actor: Actor, introduction: Introduction, action: str, **details: str) -> None:
    audit.record(
        audit.Entry(
            actor=actor,
            action=action,
            object_type="introduction",
            object_id=introduction.pk,
            chains=(introduction.receiver_id,),
            details=details,
        )
    )


def _record_release(actor: Actor, introduction: Introduction) -> None:
    audit.release(
        audit.Entry(
            actor=actor,
            action="introduction.open",
            object_type="introduction",
            object_id=introduction.pk,
            chains=(introduction.receiver_id,),
        )
    )
