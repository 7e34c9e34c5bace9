"""The data-sharing agreement: prepared by the network, signed by the partner, ended by its last day."""

from __future__ import annotations

import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners import audit
from partners.actor import Actor
from partners.bilingual import LANGUAGES, localized
from partners.errors import Conflict, Invalid, NotSeen, type_of_message
from partners.form_words import REQUIRED
from partners.joining.network import tell_network
from partners.joining.texts import text_to_sign
from partners.models import Agreement, Organization
from partners.notifications import outbox
from partners.roles import Capability

YEAR = datetime.timedelta(days=365)
LONGEST = datetime.timedelta(days=5 * 366)
NAME_LENGTH = 150


class State(StrEnum):
    TO_SIGN = "to_sign"
    COMING = "coming"
    IN_FORCE = "in_force"
    ENDED = "ended"
    TERMINATED = "terminated"


STATE_LABELS = {
    State.TO_SIGN: _("Waits for a signature"),
    State.COMING: _("Signed, begins later"),
    State.IN_FORCE: _("In force"),
    State.ENDED: _("Ended"),
    State.TERMINATED: _("Terminated"),
}


def state_of(agreement: Agreement) -> State:
    """Agrees with ``OrganizationQuerySet.with_agreement``, suspension aside."""
    today = timezone.localdate()
    if agreement.terminated_at is not None:
        return State.TERMINATED
    if agreement.ends_on < today:
        return State.ENDED
    if agreement.signed_at is None:
        return State.TO_SIGN
    return State.IN_FORCE if agreement.starts_on <= today else State.COMING


def agreements_of(organization_id: UUID | None) -> QuerySet[Agreement]:
    """All of an organization, the newest first."""
    rows = Agreement.objects.filter(organization_id=organization_id).select_related("text")
    return rows.order_by("-starts_on", "-created_at", "pk")


def own_agreements(actor: Actor) -> QuerySet[Agreement]:
    """Of the own organization, for who signs them. Raises NotSignedIn, Refused."""
    actor.require(Capability.SIGN_AGREEMENT)
    return agreements_of(actor.organization_id)


def text_in_reader_language(agreement: Agreement) -> str | None:
    """None where the agreement was made before there were texts."""
    return localized(agreement.text, "text").text if agreement.text else None


def next_term(organization_id: UUID) -> tuple[datetime.date, datetime.date]:
    """From when until when a new agreement would run: behind the one that runs longest, for a year."""
    today = timezone.localdate()
    signed = agreements_of(organization_id).filter(signed_at__isnull=False, terminated_at__isnull=True)
    last = signed.filter(ends_on__gte=today).order_by("-ends_on").values_list("ends_on", flat=True).first()
    begins = last + datetime.timedelta(days=1) if last else today
    return begins, begins + YEAR


def prepare(
    *, actor: Actor, organization_id: UUID, starts_on: datetime.date, ends_on: datetime.date
) -> Agreement:
    """An agreement with the current text, for the partner to sign; beside the running one, if there is one.

    Raises NotSignedIn, Refused, NotSeen, Invalid (starts_on, ends_on), Conflict while another one waits
    for a signature.
    """
    actor.require(Capability.ADMIT_PARTNERS)
    with transaction.atomic():
        organization = _partner(organization_id)
        waits = agreements_of(organization.pk).filter(signed_at__isnull=True, terminated_at__isnull=True)
        if waits.filter(ends_on__gte=timezone.localdate()).exists():
            raise Conflict(_("An agreement waits for this partner’s signature already."))
        agreement, entry = draw_up(actor, organization, starts_on, ends_on)
        audit.record(entry)
    return agreement


def draw_up(
    actor: Actor, organization: Organization, starts_on: datetime.date, ends_on: datetime.date
) -> tuple[Agreement, audit.Entry]:
    """The agreement and what the caller records of it, in its own transaction. Raises Invalid."""
    check_term(starts_on, ends_on)
    agreement = Agreement.objects.create(
        organization=organization, text=text_to_sign(), starts_on=starts_on, ends_on=ends_on
    )
    outbox.add(organization.pk, "agreement_prepared", agreement.pk, "")
    return agreement, entry_of(actor, agreement, "agreement.prepare")


def check_term(starts_on: datetime.date, ends_on: datetime.date) -> None:
    """Raises Invalid (ends_on)."""
    message: type_of_message | None = None
    if ends_on < starts_on:
        message = _("The last day comes before the first.")
    elif ends_on < timezone.localdate():
        message = _("The last day has passed already.")
    elif ends_on - starts_on > LONGEST:
        message = _("An agreement runs five years at most.")
    if message is not None:
        raise Invalid({"ends_on": [message]}, message)


def sign(
    *, actor: Actor, agreement_id: UUID, name: str, title: str, language: str, accepted: bool
) -> Agreement:
    """By a member who may bind the organization, in the language that was read.

    Raises NotSignedIn, Refused, NotSeen, Invalid (name, title, language, accepted), Conflict where it
    waits for no signature.
    """
    if not own_agreements(actor).filter(pk=agreement_id).exists():
        raise NotSeen
    name, title = " ".join(name.split()), " ".join(title.split())
    _check_signature(name, title, language, accepted)
    with transaction.atomic():
        agreement = Agreement.objects.select_for_update(no_key=True).get(pk=agreement_id)
        if state_of(agreement) is not State.TO_SIGN:
            raise Conflict(_("This agreement does not wait for a signature."))
        agreement.text = agreement.text or text_to_sign()
        agreement.signatory_name, agreement.signatory_title = name, title
        agreement.signed_language = language
        agreement.signed_at, agreement.signed_by_id = timezone.now(), actor.user_id
        agreement.save()
        tell_network("agreement_signed", agreement.organization_id)
        audit.record(entry_of(actor, agreement, "agreement.sign", version=agreement.text.version))
    return agreement


def _check_signature(name: str, title: str, language: str, accepted: bool) -> None:
    errors: dict[str, list[type_of_message]] = {}
    for field, text in (("name", name), ("title", title)):
        if not text:
            errors[field] = [REQUIRED]
        elif len(text) > NAME_LENGTH:
            errors[field] = [_("This text is too long.")]
    if language not in LANGUAGES:
        errors["language"] = [_("Choose English or French.")]
    if not accepted:
        errors["accepted"] = [_("Tick that your organization agrees.")]
    if errors:
        raise Invalid(errors)


def terminate(*, actor: Actor, agreement_id: UUID) -> Agreement:
    """End it now, signed or not. Raises NotSignedIn, Refused, NotSeen, Conflict where it has ended."""
    actor.require(Capability.ADMIT_PARTNERS)
    with transaction.atomic():
        agreement = Agreement.objects.select_for_update(no_key=True).filter(pk=agreement_id).first()
        if agreement is None:
            raise NotSeen
        if state_of(agreement) in (State.ENDED, State.TERMINATED):
            raise Conflict(_("This agreement has ended already."))
        agreement.terminated_at = timezone.now()
        agreement.save(update_fields=["terminated_at"])
        outbox.add(agreement.organization_id, "agreement_terminated", agreement.pk, "")
        audit.record(entry_of(actor, agreement, "agreement.terminate"))
    return agreement


def _partner(organization_id: UUID) -> Organization:
    """A partner, held: of two who prepare an agreement at once the second sees the first's."""
    if not Organization.objects.partners().filter(pk=organization_id).exists():
        raise NotSeen
    return Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def entry_of(actor: Actor, agreement: Agreement, action: str, **details: str) -> audit.Entry:
    return audit.Entry(
        actor=actor,
        action=action,
        object_type="agreement",
        object_id=agreement.pk,
        chains=(agreement.organization_id, audit.NETWORK_CHAIN),
        details={"until": agreement.ends_on.isoformat(), **details},
    )
