"""What the two sides write and give to each other, as their page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms import Form

from partners.actor import Actor, Side
from referrals.access import side_of
from referrals.consent import POLICE, Stage, may_share, stage_of
from referrals.documents import documents_of
from referrals.forms.acts import DocumentForm, MessageForm, ReadForm
from referrals.messages import messages_of
from referrals.models import Referral, ReferralKind
from referrals.reading import record_reading
from referrals.workflow import OPEN, Status


def panel(referral: Referral, actor: Actor, bound: Mapping[str, Form]) -> dict[str, Any]:
    """Messages and files, what of them is new, and the forms that are open now."""
    side = side_of(referral, actor)
    shown, files = messages_of(referral, actor), documents_of(referral, actor)
    if shown and stage_of(referral, side) is Stage.PREVIEW:  # later the page itself is a release
        record_reading(referral, actor, "messages.open")
    is_open = referral.sent_at is not None and Status(referral.status) in OPEN
    can_write = is_open and may_share(referral) and referral.receiver.kind != POLICE
    can_write = can_write and referral.kind != ReferralKind.LOGGED
    disclosed = side is Side.SENDER or stage_of(referral, side) is Stage.DISCLOSED
    latest = max((one.sent_at for one in [*shown, *files]), default=None)
    until = {"until": latest.isoformat() if latest else ""}
    return {
        "messages_shown": shown,
        "documents_shown": files,
        "unread": sum(one.unread for one in [*shown, *files]),
        "read_form": ReadForm(initial=until, auto_id="read-%s"),
        "can_write": can_write,
        "message_form": bound.get("message") or MessageForm(initial=until, auto_id="message-%s"),
        "can_send_file": can_write and disclosed and actor.user_id is not None,
        "document_form": bound.get("document") or DocumentForm(auto_id="document-%s"),
    }
