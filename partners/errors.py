"""The errors of the domain. HTML and API only translate them; the wording is fixed here, once.

Each error carries its HTTP status, a stable code and a sentence in the reader's language.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type_of_message = str | Promise


class DomainError(Exception):
    """A refusal that the reader can act on. ``extra`` goes into the API's problem body as it is."""

    status = 400
    code = "invalid"
    message: type_of_message = _("Check what was entered.")

    def __init__(self, message: type_of_message | None = None, *, code: str | None = None, **extra: Any):
        self.message = message or self.message
        self.code = code or self.code
        self.extra = extra
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message)


class Invalid(DomainError):
    """400. ``errors`` maps a field's name to its messages."""

    def __init__(self, errors: dict[str, list[type_of_message]], message: type_of_message | None = None):
        super().__init__(message)
        self.errors = errors


class NotSignedIn(DomainError):
    status = 401
    code = "not_signed_in"
    message = _("Sign in first.")


class SessionLocked(NotSignedIn):
    """Nobody has used the session for a while; its member opens it again on a page."""

    code = "session_locked"
    message = _("Nobody has used this session for a while. Unlock it first.")


class Refused(DomainError):
    """403: seen, but the wrong side, role or capability."""

    status = 403
    code = "refused"
    message = _("You do not have access to this page.")


class Suspended(Refused):
    """The network has shut the actor's organization out, until it lets it in again."""

    code = "suspended"
    message = _("Your organization is suspended from the network. Contact the network.")


class NotSeen(DomainError):
    """404: missing and foreign objects answer alike."""

    status = 404
    code = "not_found"
    message = _("Page not found")


class Conflict(DomainError):
    """409: somebody acted first. ``current_status`` says where the referral stands now."""

    status = 409
    code = "conflict"
    message = _("Someone else acted first. Here is what happened.")

    def __init__(self, message: type_of_message | None = None, *, current_status: str = "", **extra: Any):
        super().__init__(message, current_status=current_status, **extra)


class TooMany(DomainError):
    """429: tried too often in a short time. Nothing was kept."""

    status = 429
    code = "rate_limited"
    message = _("Too many requests were sent in a short time. Nothing was kept. Try again in an hour.")


class Unmet(DomainError):
    """422: a precondition that somebody can still meet."""

    status = 422


class ConsentRequired(Unmet):
    code = "consent_required"
    message = _("There is no consent for this recipient.")


class AgreementRequired(Unmet):
    code = "agreement_required"
    message = _("This organization has no agreement in force with the network.")


class ChildProtectionRequired(Unmet):
    code = "child_protection_required"
    message = _("This person is under 18, or the age is not known. Report to child protection first.")


class ListingNotOpen(Unmet):
    code = "listing_not_open"
    message = _("This listing does not take referrals at the moment.")


class ChannelOff(Unmet):
    """The sender has not decided to use the police channel, which is off until then."""

    code = "police_channel_off"
    message = _("Your organization does not use the police channel. Your manager can switch it on.")


class LastAdministrator(Unmet):
    code = "last_administrator"
    message = _("Somebody has to look after this organization. Give the role to somebody else first.")


class SecondWorkerRequired(Unmet):
    code = "second_worker_required"
    message = _("A colleague has to check this and send it. It now stands on their work list.")


class PoliceAlone(Unmet):
    """Police are never one of several who are asked for the same need."""

    code = "police_alone"
    message = _("Police are asked alone: this need is also offered to somebody else.")
