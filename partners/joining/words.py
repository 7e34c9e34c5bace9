"""The codes of joining, agreements and suspension in words for the audit log."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.joining.referral_address import CHANGED
from partners.joining.suspension import LIFT, REASONS, SUSPEND

WORDS: dict[str, str | Promise] = {
    "application.make": _("Application to join received"),
    "application.approve": _("Application approved"),
    "application.refuse": _("Application refused"),
    "organization.admit": _("Admitted to the network"),
    "agreement.prepare": _("Agreement prepared"),
    "agreement.sign": _("Agreement signed"),
    "agreement.terminate": _("Agreement terminated"),
    CHANGED: _("Address for referrals changed"),
    "agreement_text.write": _("Agreement text written"),
    "agreement_text.publish": _("Agreement text published"),
    SUSPEND: _("Organization suspended"),
    LIFT: _("Suspension lifted"),
    "type.application": _("Application"),
    "type.agreement": _("Agreement"),
    "type.agreement_text": _("Agreement text"),
    "detail.until": _("Until"),
    "detail.version": _("Version"),
    **{f"reason.{code}": words for code, words in REASONS.items()},
}
