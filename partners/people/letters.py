"""What is written to those who are invited, given other roles, or no longer members."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import one_time
from partners.bilingual import localized
from partners.models import Invitation, Organization, OutboxRow, User
from partners.notifications import kinds
from partners.notifications.kinds import Letter, Notice
from partners.people import accepting, invitations, leaving, members
from partners.roles import Capability, roles_with

JOINED = Notice(
    roles_with(Capability.MANAGE_MEMBERS),
    "partners:members",
    gettext_lazy("Relais: a new member"),
    gettext_lazy("Somebody you invited has become a member."),
    at_object=False,
)


def invitation_letter(row: OutboxRow) -> list[Letter]:
    """The letter with a link made for it alone: an older one of the same invitation opens nothing more."""
    invitation = invitations.open_invitations(row.organization_id).filter(pk=row.object_id).first()
    if invitation is None:
        return []
    secret, digest = one_time.mint()
    Invitation.objects.filter(pk=invitation.pk).update(
        digest=digest, expires_at=timezone.now() + invitations.VALID_FOR
    )
    with translation.override(invitation.language):
        return [
            Letter(
                recipient=invitation.pk,
                address=invitation.email,
                language=invitation.language,
                subject=_("Relais: an invitation"),
                lines=[
                    _("%(organization)s invites you to become a member in Relais.")
                    % {"organization": localized(row.organization, "name").text},
                    _("The link is for you alone, works once and ends in 7 days."),
                ],
                url=settings.BASE_URL + reverse("partners:invitation", args=[secret]),
                url_label=_("Read the invitation"),
                closing=[_("You did not expect this? Then do nothing: nothing happens.")],
            )
        ]


def roles_letter(row: OutboxRow) -> list[Letter]:
    return _to_user(
        row.object_id,
        lambda: (
            _("Relais: your roles have changed"),
            _("%(organization)s has changed what you may do in Relais. Sign in to see it.")
            % {"organization": _name(row.organization)},
        ),
    )


def left_letter(row: OutboxRow) -> list[Letter]:
    return _to_user(
        row.object_id,
        lambda: (
            _("Relais: your membership has ended"),
            _("You are no longer a member of %(organization)s in Relais. Your access has ended.")
            % {"organization": _name(row.organization)},
        ),
    )


def handed_over_letter(row: OutboxRow) -> list[Letter]:
    return _to_user(
        row.object_id,
        lambda: (
            _("Relais: work was handed over to you"),
            _("A colleague has left, and you were named to take over. Sign in to see your work list."),
        ),
    )


def register() -> None:
    kinds.register({accepting.KIND: JOINED})
    kinds.register_letter(invitations.KIND, invitation_letter)
    kinds.register_letter(members.KIND, roles_letter)
    kinds.register_letter(leaving.KIND, left_letter)
    kinds.register_letter(members.KIND_OVER, handed_over_letter)


def _to_user(user_id: UUID, words: Callable[[], tuple[str, str]]) -> list[Letter]:
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return []
    with translation.override(user.language):
        subject, line = words()
        return [Letter(user.pk, user.email, user.language, subject, [line])]


def _name(organization: Organization) -> str:
    return localized(organization, "name").text
