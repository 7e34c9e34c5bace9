"""The mails that ask whether a listing is still true, written when they are sent: each holds its own link.

Neither the listing's name nor what it offers stands in them: the link shows it.
"""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from directory.models import Service
from directory.upkeep.lapse import due_on
from directory.upkeep.links import DAYS, address_of, new_link, stands
from partners.models import OutboxRow, User
from partners.notifications.kinds import Letter
from partners.roles import Capability, roles_with

EDITORS = roles_with(Capability.EDIT_LISTINGS)
ADMINISTRATORS = roles_with(Capability.MANAGE_MEMBERS)


def ask_editors(row: OutboxRow) -> list[Letter]:
    """To the editors; where there are none, to the administrators; else to the listing's own address."""
    return _letters(row, [EDITORS, ADMINISTRATORS]) if _is_still_due(row) else []


def ask_administrators(row: OutboxRow) -> list[Letter]:
    return _letters(row, [sorted({*EDITORS, *ADMINISTRATORS})]) if _is_still_due(row) else []


def new_link_asked(row: OutboxRow) -> list[Letter]:
    """Somebody opened an old link and wants a new one: it goes where the old one went, never on the page."""
    return _letters(row, [EDITORS, ADMINISTRATORS])


def _is_still_due(row: OutboxRow) -> bool:
    service = Service.objects.filter(pk=row.object_id).first()
    due = due_on(service) if service else None
    return due is not None and due <= timezone.localdate()


def _letters(row: OutboxRow, roles_in_turn: list[list[str]]) -> list[Letter]:
    service = Service.objects.select_related("organization").filter(pk=row.object_id).first()
    if service is None or not stands(service):
        return []
    for roles in roles_in_turn:
        if members := _members(service.organization_id, roles):
            return [_letter(row, service, user.pk, user.email, user.language) for user in members]
    return _to_address(row, service)


def _members(organization_id: UUID, roles: list[str]) -> list[User]:
    held = User.objects.filter(
        is_active=True,
        memberships__organization_id=organization_id,
        memberships__ended_at__isnull=True,
        memberships__role__in=roles,
    )
    return list(held.distinct().order_by("pk"))


def _to_address(row: OutboxRow, service: Service) -> list[Letter]:
    """Of a partner without sign-ins nobody's language is known but the one its name stands in."""
    organization = service.organization
    address = service.email or organization.email or organization.referral_email
    if not address:
        return []
    return [_letter(row, service, service.pk, address, "en" if organization.name_en else "fr")]


def _letter(row: OutboxRow, service: Service, recipient: UUID, address: str, language: str) -> Letter:
    with translation.override(language):
        named = {"number": row.code}
        return Letter(
            recipient=recipient,
            address=address,
            language=language,
            subject=_("Relais: is your listing %(number)s still true?") % named,
            lines=[
                _("People find your listing %(number)s in Relais and rely on it.") % named,
                _("Open it, and say with one tap that it is still true, or what is not."),
            ],
            url=address_of(new_link(service, row.created_at)),
            url_label=_("Look at the listing"),
            closing=[_("The link works for %(days)s days. You need no account.") % {"days": DAYS}],
        )
