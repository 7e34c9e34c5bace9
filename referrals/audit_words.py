"""The audit codes of this app in plain words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referrals import events, workflow
from referrals.consent import FIELD_GROUPS, Stage
from referrals.introductions import END_REASONS
from referrals.models import ChildProtectionRecord, LegalBasis, OfferMode, SupportKind
from referrals.presenting import FIELD_LABELS, PHASE_LABELS

STAGES: dict[Stage, Promise] = {
    Stage.OWN: _("The own file"),
    Stage.PREVIEW: _("Before acceptance, without identity"),
    Stage.DISCLOSED: _("What was consented to"),
    Stage.TOMBSTONE: _("Code and dates only"),
}
REASONS = (
    workflow.DECLINE_REASONS
    | workflow.WITHDRAW_REASONS
    | workflow.EXPIRE_REASONS
    | workflow.VOID_REASONS
    | workflow.CORRECTION_REASONS
)
WORDS: dict[str, str | Promise] = {
    **{f"referral.{kind}": text for kind, text in events.TEXTS.items()},
    # What was tried and refused did not happen: the action's own name, not its result.
    **{f"referral.{name}": action.label for name, action in workflow.ACTIONS.items()},
    "referral.draft": _("Draft made"),
    "referral.change_draft": _("Draft changed"),
    "referral.confirm": _("Outcome confirmed"),
    "referral.confirmation_code": _("Code for the person’s answer made"),
    "referral.messages_read": _("Messages marked as read"),
    "document.open": _("File downloaded"),
    "messages.open": _("Messages read"),
    "handoffs.open": _("Handoffs read"),
    "attempts.open": _("Attempts to reach the person read"),
    "client.list": _("List of clients shown"),
    "client.open": _("Client file opened"),
    "client.create": _("Client file made"),
    "client.change": _("Client file changed"),
    "client.phase": _("Program phase entered"),
    "client.protection": _("Reports to child protection shown"),
    "client.child_protection": _("Report to child protection recorded"),
    "client.restrict": _("Client file restricted to its care team"),
    "client.unrestrict": _("Client file opened to everybody who works with clients"),
    "client.hand_over": _("Place on the care team handed over, because a member left"),
    "detail.member": _("Member"),
    "detail.successor": _("Who took over"),
    "glass.break": _("Restricted file opened with a reason"),
    "glass.review": _("Opening of a restricted file reviewed"),
    "legal_basis.request": _("Sharing without consent asked for"),
    "legal_basis.approve": _("Sharing without consent approved"),
    "legal_basis.refuse": _("Sharing without consent refused"),
    "legal_basis.release": _("Shared without consent, on a legal basis"),
    "need.create": _("Need recorded"),
    "need.change": _("Need changed"),
    "need.open": _("Need opened"),
    "need.offer": _("Need offered"),
    "plan.open": _("Plan opened"),
    "plan.add": _("Support recorded"),
    "plan.end_stay": _("Stay in transitional housing ended"),
    "outreach.record": _("Outreach counted"),
    "consent.record": _("Consent recorded"),
    "consent.refuse": _("Consent refused by the person"),
    "consent.open": _("Consent opened"),
    "consent.withdraw": _("Consent withdrawn"),
    "introduction.introduction": _("Person introduced by a partner"),
    "introduction.self_referral": _("Contact asked for by the person"),
    "introduction.open": _("Introduction opened"),
    "introduction.take_up": _("Introduction taken up"),
    "introduction.close": _("Introduction closed"),
    "disclose": _("File of a person shown"),
    "type.referral": _("Referral"),
    "type.client": _("Client"),
    "type.consent": _("Consent"),
    "type.need": _("Need"),
    "type.outreach": _("Outreach"),
    "type.introduction": _("Introduction"),
    "detail.client": _("Client file"),
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
    "detail.document": _("File"),
    "detail.how": _("How"),
    "detail.count": _("How many"),
    "detail.kind": _("Kind"),
    **{f"kind.{kind}": kind.label for kind in SupportKind},
    "detail.mode": _("How they are asked"),
    **{f"mode.{mode}": mode.label for mode in OfferMode},
    "fields.category": _("Need"),
    "fields.urgency": _("How soon"),
    "fields.matters": _("What matters to the person"),
    "fields.barriers": _("Help that is needed to get there"),
    "fields.closed_at": _("Closed or open"),
    "detail.phase": _("Program phase"),
    "detail.state": _("Where the report stands"),
    "detail.fields": _("What was changed"),
    "detail.basis": _("Legal basis"),
    "detail.share": _("Request"),
    "detail.glass_break": _("Opening"),
    **{f"from.{status}": label for status, label in workflow.STATUS_LABELS.items()},
    **{f"to.{status}": label for status, label in workflow.STATUS_LABELS.items()},
    **{f"reason.{code}": label for code, label in REASONS.items()},
    **{f"reason.{code}": label for code, label in END_REASONS.items()},
    **{f"outcome.{code}": label for code, label in workflow.OUTCOMES.items()},
    **{f"field_groups.{code}": label for code, label in FIELD_GROUPS.items()},
    **{f"fields.{name}": label for name, label in FIELD_LABELS.items()},
    "fields.age_band": _("Age group"),
    "fields.language": _("Language"),
    "fields.safe_area": _("Safe area"),
    **{f"phase.{number}": label for number, label in PHASE_LABELS.items()},
    **{f"state.{code}": label for code, label in ChildProtectionRecord.STATES},
    **{f"basis.{basis}": label for basis, label in LegalBasis.choices},
    **{f"stage.{stage}": label for stage, label in STAGES.items()},
}
