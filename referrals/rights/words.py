"""The audit codes of these acts in plain words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referrals.rights import corrections, deletion, holds, retention
from referrals.rights.released import EXPORTED

WORDS: dict[str, str | Promise] = {
    **corrections.WORDS,
    **deletion.WORDS,
    **holds.WORDS,
    **retention.WORDS,
    EXPORTED: _("Everything held about the person exported"),
}
