"""What the send screen shows before anything is sent: the partner's two views, and the text to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from directory.models import Service
from partners import audit
from partners.actor import Actor
from partners.bilingual import LANGUAGES, other_than
from partners.models import Organization
from referrals.consent import POLICE, ClientView, Offer, Stage, disclosed, offer_of, preview
from referrals.drafts import category_term
from referrals.forms.consents import groups_for
from referrals.forms.send import STANDING, SendForm
from referrals.models import Client, Consent, Referral
from referrals.presenting import GROUP_LABELS, VEILS, Row, opening_rows, person_rows
from referrals.safe_contact import Rule, contact_rules
from referrals.workflow import OPEN

MULTIPLE = frozenset({"field_groups"})
NOT_FIELDS = frozenset({"csrfmiddlewaretoken", "do", "client", "service", "draft", "as"})


@dataclass(frozen=True)
class Preview:
    """The partner's view before and after acceptance. ``after`` holds a row for each allowed field;
    ``chosen`` says which groups are ticked, so that the page can hide the others' rows."""

    before: list[Row]
    after: list[Row]
    never: list[str]
    chosen: frozenset[str]
    rules: list[Rule]
    language: str


def preview_of(actor: Actor, client: Client, service: Service, form: SendForm) -> Preview:
    """By what the form holds now, valid or not. Releases the own file to the own worker."""
    allowed = groups_for(service.organization)
    before, after = preview_pair(
        actor=actor,
        client=client,
        service=service,
        category_code=_value(form, "category"),
        urgency=_value(form, "urgency"),
        field_groups=allowed,
        note=_value(form, "note"),
    )
    rows = person_rows(after)
    chosen = frozenset(form["field_groups"].value() or ())
    return Preview(
        before=opening_rows(before),
        after=_after(rows, allowed),
        # Every group that may be opened is open here, so what is still hidden this partner never sees.
        never=[row.label for row in rows if row.hidden == VEILS["not_for_this_partner"]],
        chosen=chosen,
        rules=contact_rules(after.safe_contact),
        language=after.language or "",
    )


def preview_of_consent(
    actor: Actor, client_id: UUID, recipient: Organization, chosen: Iterable[str]
) -> Preview | None:
    """What the partner would see of the newest open referral by a new consent; None without a referral.

    Releases the own file to the own worker.
    """
    allowed = groups_for(recipient)
    standing = Referral.objects.visible_to(actor).for_page()
    referral = standing.filter(
        client_id=client_id, receiver=recipient, status__in=[status.value for status in OPEN]
    ).first()
    if referral is None:
        return None
    offer = offer_of(referral)
    after = disclosed(offer, frozenset(allowed))
    _record_release(actor, client_id, after.groups_shown)
    rows = person_rows(after)
    return Preview(
        before=opening_rows(preview(offer)),
        after=_after(rows, allowed),
        never=[row.label for row in rows if row.hidden == VEILS["not_for_this_partner"]],
        chosen=frozenset(chosen),
        rules=contact_rules(after.safe_contact),
        language=after.language or "",
    )


def preview_pair(
    *,
    actor: Actor,
    client: Client,
    service: Service,
    category_code: str,
    urgency: str,
    field_groups: Iterable[str],
    note: str = "",
) -> tuple[ClientView, ClientView]:
    """What the partner would see before and after acceptance, for the sender's own eyes.

    Made by the same functions as the partner's page, of a client that ``access_client`` has answered.
    Raises Invalid (category).
    """
    current = client.phases.filter(left_on__isnull=True).first()
    offer = Offer(
        client=client,
        service=service,
        receiver=service.organization,
        category=category_term(category_code),
        urgency=urgency,
        note=note,
        phase=current.phase if current else None,
    )
    pair = preview(offer), disclosed(offer, frozenset(field_groups))
    _record_release(actor, client.pk, pair[1].groups_shown)
    return pair


def _record_release(actor: Actor, client_id: UUID, groups: list[str]) -> None:
    """The own file shown to the own worker; committed before it is."""
    audit.release(
        audit.Entry(
            actor=actor,
            action="disclose",
            object_type="client",
            object_id=client_id,
            chains=(actor.organization_id,),
            details={"stage": Stage.OWN.value, "field_groups": groups},
        )
    )


def _after(rows: list[Row], allowed: list[str]) -> list[Row]:
    """What is written down, and for a group of which nothing is, that nothing is."""
    written = [row for row in rows if row.group in allowed and not row.hidden]
    bare = [group for group in allowed if group not in {row.group for row in written}]
    return written + [Row(str(GROUP_LABELS[g]), _("Nothing is written down"), group=g) for g in bare]


def _value(form: SendForm, name: str) -> str:
    """What is chosen, or the first choice: a preview of something beats none."""
    value = form[name].value()
    choices = [code for code, _label in getattr(form.fields[name], "choices", [])]
    if choices and value not in choices:
        return str(choices[0])
    return str(value or "")


def standing_consent(actor: Actor, client_id: UUID, recipient_id: UUID) -> Consent | None:
    """The consent that is in force for this partner, if there is one. For police each call has its own."""
    own = Consent.objects.visible_to(actor).live().exclude(recipient__kind=POLICE)
    return own.filter(client_id=client_id, recipient_id=recipient_id, purpose="referral").first()


def first_values(language: str, draft: Referral | None, standing: Consent | None) -> dict[str, Any]:
    """What the screen holds when it is first opened. Only a consent in force is ticked beforehand."""
    values: dict[str, Any] = {"consent_language": language}
    if draft:
        values |= {"category": draft.need.category.code, "urgency": draft.need.urgency, "note": draft.note}
    if standing:
        values |= {"field_groups": standing.field_groups, "consent_state": STANDING}
    return values


def typed(given: QueryDict) -> dict[str, Any]:
    """What was typed so far, to be shown again with a new preview and without complaints."""
    return {
        name: given.getlist(name) if name in MULTIPLE else given.get(name, "")
        for name in given
        if name not in NOT_FIELDS
    }


def own_organization(actor: Actor) -> Organization:
    return Organization.objects.get(pk=actor.organization_id)


@dataclass(frozen=True)
class Reading:
    """The text to read aloud, in her language where it exists, and in the other one."""

    language: str
    text: tuple[str, ...]
    other_language: str
    other_text: tuple[str, ...]


def reading(texts: Mapping[str, tuple[str, ...]], language: str) -> Reading:
    first = language if language in LANGUAGES else LANGUAGES[0]
    other = other_than(first)
    return Reading(first, texts[first], other, texts[other])
