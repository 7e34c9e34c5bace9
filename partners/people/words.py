"""The audit codes of members and invitations, in plain words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partners.models.members import RoleChoices

WORDS = {
    "member.invite": _("Somebody invited to become a member"),
    "member.uninvite": _("Invitation taken back"),
    "member.join": _("Invitation accepted"),
    "member.roles": _("Roles changed"),
    "member.leave": _("Membership ended"),
    "type.invitation": _("Invitation"),
    "detail.roles": _("Roles"),
    "detail.given": _("Given"),
    "detail.taken": _("Taken away"),
    "detail.tokens": _("API tokens revoked"),
    "detail.why": _("Why"),
    "why.replaced": _("A newer one was sent"),
    "why.revoked": _("Taken back by an administrator"),
    "why.inviter_left": _("Whoever sent it manages no members any more"),
    **{
        f"{key}.{value}": label for key in ("roles", "given", "taken") for value, label in RoleChoices.choices
    },
}
