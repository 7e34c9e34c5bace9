"""What keeping listings refuses, each with its own code."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.errors import Unmet


class NotPublished(Unmet):
    code = "listing_not_published"
    message = _("This listing is not published.")


class ReferralsOpen(Unmet):
    """``open_referrals``: how many."""

    code = "referrals_open"
    message = _("Referrals to this listing are still open.")

    def __init__(self, count: int):
        words = ngettext_lazy(
            "%(count)s referral to this listing is still open. It cannot be deleted before it ends.",
            "%(count)s referrals to this listing are still open. It cannot be deleted before they end.",
            count,
        )
        super().__init__(words % {"count": count}, open_referrals=count)


class ReferralsKept(Unmet):
    code = "referrals_kept"
    message = _("Referrals that have ended still need this listing. Archive it instead.")


class NotMergeable(Unmet):
    code = "not_mergeable"
    message = _("These two listings cannot be merged.")
