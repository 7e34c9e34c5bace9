"""What presses on an open referral, kept with its row so that an index has it in its order.

``sender_news_at`` and ``receiver_news_at``: when the other side last wrote what this side has not read.
``handoff_due_at``: the first planned handoff of which nobody has said whether it took place. Each is
worked out anew from the rows themselves, in the transaction that changes one of them.
"""

from __future__ import annotations

import datetime
from uuid import UUID

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, NullIf

from referrals.access import held
from referrals.models import Document, Handoff, Message, ReadMark, Referral
from referrals.order import ENDED

COLUMNS = ("sender_news_at", "receiver_news_at", "handoff_due_at")
NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def refresh(referral_id: UUID) -> None:
    """Holds the row first: of two at once the later one reads what the earlier one wrote."""
    held(Referral.objects, referral_id)
    refresh_all(Referral.objects.filter(pk=referral_id))


def refresh_open() -> None:
    """Of every referral under way; for rows that were written past the acts."""
    refresh_all(Referral.objects.filter(box_order__lt=ENDED))


def refresh_all(rows: QuerySet[Referral]) -> None:
    """A file is open to the receiver only after acceptance; before, it is no news to them."""
    planned = Handoff.objects.filter(referral=OuterRef("pk"), result="", when__isnull=False)
    due = Subquery(planned.order_by("when").values("when")[:1])
    rows.update(
        handoff_due_at=due,
        sender_news_at=_news("sender", Message, Document),
        receiver_news_at=Case(
            When(accepted_at__isnull=True, then=_news("receiver", Message)),
            default=_news("receiver", Message, Document),
        ),
    )


def _news(side: str, *models: type[Message | Document]) -> NullIf:
    never = Value(NEVER)
    latest = [Coalesce(Subquery(_latest(side, model)), never) for model in models]
    return NullIf(Greatest(*latest) if len(latest) > 1 else latest[0], never)


def _latest(side: str, model: type[Message | Document]) -> QuerySet[Message | Document]:
    """Of the other side, since the own side's mark. Between two services of one house nothing is new."""
    own = OuterRef(f"{side}_id")
    mark = ReadMark.objects.filter(referral=OuterRef("referral"), organization_id=OuterRef(own))
    read = Coalesce(Subquery(mark.values("read_at")[:1]), Value(NEVER))
    rows = model._default_manager.filter(referral=OuterRef("pk")).exclude(organization_id=own)
    return rows.alias(until=read).filter(sent_at__gt=F("until")).order_by("-sent_at").values("sent_at")[:1]
