"""The audit codes of this app in plain words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referrals import events, workflow
from referrals.consent import FIELD_GROUPS, Stage

STAGES: dict[Stage, Promise] = {
    Stage.OWN: _("The own file"),
    Stage.PREVIEW: _("Before acceptance, without identity"),
    Stage.DISCLOSED: _("What was consented to"),
    Stage.TOMBSTONE: _("Code and dates only"),
}
REASONS = (
    workflow.DECLINE_REASONS | workflow.WITHDRAW_REASONS | workflow.EXPIRE_REASONS | workflow.VOID_REASONS
)
WORDS: dict[str, str | Promise] = {
    **{f"referral.{kind}": text for kind, text in events.TEXTS.items()},
    # What was tried and refused did not happen: the action's own name, not its result.
    **{f"referral.{name}": action.label for name, action in workflow.ACTIONS.items()},
    "referral.draft": _("Draft made"),
    "referral.change_draft": _("Draft changed"),
    "referral.confirm": _("Outcome confirmed"),
    "need.create": _("Need recorded"),
    "consent.record": _("Consent recorded"),
    "consent.refuse": _("Consent refused by the person"),
    "consent.withdraw": _("Consent withdrawn"),
    "disclose": _("File of a person shown"),
    "type.referral": _("Referral"),
    "type.client": _("Client"),
    "type.consent": _("Consent"),
    "type.need": _("Need"),
    "detail.from": _("Status before"),
    "detail.to": _("Status after"),
    "detail.reason": _("Reason"),
    "detail.outcome": _("Outcome"),
    "detail.date": _("Date"),
    "detail.expected_date": _("Date expected"),
    "detail.recipient": _("Recipient"),
    "detail.field_groups": _("Shown or consented"),
    "detail.stage": _("How much"),
    "detail.referral": _("Referral"),
    "detail.how": _("How"),
    **{f"from.{status}": label for status, label in workflow.STATUS_LABELS.items()},
    **{f"to.{status}": label for status, label in workflow.STATUS_LABELS.items()},
    **{f"reason.{code}": label for code, label in REASONS.items()},
    **{f"outcome.{code}": label for code, label in workflow.OUTCOMES.items()},
    **{f"field_groups.{code}": label for code, label in FIELD_GROUPS.items()},
    **{f"stage.{stage}": label for stage, label in STAGES.items()},
}
