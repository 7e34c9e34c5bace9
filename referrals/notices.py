"""The notices of the referral workflow: who is told, where they read it, and what the mail may say."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partners.models import Notification, OutboxRow
from partners.notifications import kinds
from partners.notifications.kinds import Notice
from partners.police_channel import is_police
from partners.roles import Capability, roles_with

ANSWERERS = tuple(roles_with(Capability.ANSWER))
WITH_CLIENTS = tuple(roles_with(Capability.CLIENTS))
_WORK_LIST = (
    "referrals:home",
    _("Relais: something on your work list"),
    _("Something on your work list is due."),
)
# Most notices are about a referral and for all who work on it; these kinds are not.
NOTICES: dict[str, Notice] = {
    "glass_broken": Notice(
        roles_with(Capability.READ_AUDIT),
        "referrals:glass_break",
        _("Relais: something to review"),
        _("A restricted file was opened with a reason. Please review it."),
        urgent=True,
        inside=True,
    ),
    "introduction": Notice(
        roles_with(Capability.CLIENTS),
        "referrals:introduction",
        _("Relais: news about %(code)s"),
        _("Somebody would like to be contacted: %(code)s."),
    ),
    "sharing_asked": Notice(
        roles_with(Capability.REVIEW_SHARING),
        "referrals:sharing",
        _("Relais: something to review"),
        _("Somebody asks for your decision."),
        inside=True,
    ),
    "link_killed": Notice(
        roles_with(Capability.SEND),
        "referrals:detail",
        _("Relais: %(code)s needs a new link"),
        _("A wrong code was entered five times: the link of referral %(code)s is closed. Send a new one."),
    ),
    "escalation": Notice(
        roles_with(Capability.VOID),
        "referrals:detail",
        _("Relais: %(code)s waits for an answer"),
        _("Referral %(code)s still waits for an answer from your organization."),
        otherwise=ANSWERERS,
        urgent=True,
    ),
    "protection_due": Notice(
        roles_with(Capability.VOID),
        *_WORK_LIST,
        otherwise=WITH_CLIENTS,
        at_object=False,
        urgent=True,
        inside=True,
    ),
    "introduction_due": Notice(list(WITH_CLIENTS), *_WORK_LIST, at_object=False),
    "housing_ending": Notice(list(WITH_CLIENTS), *_WORK_LIST, at_object=False, inside=True),
}
OF_A_REFERRAL = Notice(
    roles_with(Capability.SEND, Capability.ANSWER),
    "referrals:detail",
    _("Relais: news about %(code)s"),
    _("There is news about referral %(code)s."),
)


# Whatever happens, police are told that a call is asked for or changed, and where: their own channel.
TO_POLICE = Notice(
    roles_with(Capability.POLICE_CHANNEL),
    "referrals:call",
    _("Relais: news about %(code)s"),
    _("There is news about call %(code)s."),
)


def to_police(row: OutboxRow | Notification) -> Notice | None:
    """What this app tells of. What others tell a police organization of its own is theirs to word."""
    of_others = kinds.is_registered(row.kind) and row.kind not in NOTICES
    return TO_POLICE if is_police(row.organization) and not of_others else None


def register() -> None:
    kinds.register(NOTICES)
    kinds.register_fallback(OF_A_REFERRAL)
    kinds.register_override(to_police)
