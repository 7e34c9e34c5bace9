"""Whether the two sides of a referral may share at all: each has an agreement with the network in force.

The one place of that rule, for a row and for a query. What stays within one organization, and what is
only logged for a body outside the network, is shared with nobody.
"""

from __future__ import annotations

from uuid import UUID

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.actor import Side
from partners.models import Organization

LACKING = "lacks_agreement"
# Who reads it, and who has no agreement in force.
WORDS = {
    (Side.RECEIVER, Side.RECEIVER): _(
        "Your organization has no agreement in force with the network. Until it has one, nothing is shown "
        "of what others sent."
    ),
    (Side.RECEIVER, Side.SENDER): _(
        "The sender has no agreement in force with the network. Until it has one, nothing is shown of what "
        "it sent."
    ),
    (Side.SENDER, Side.RECEIVER): _(
        "This partner has no agreement in force with the network. Until it has one, it sees the code and "
        "dates only."
    ),
    (Side.SENDER, Side.SENDER): _(
        "Your organization has no agreement in force with the network. Until it has one, the partner sees "
        "the code and dates only."
    ),
}


def between_partners() -> models.Q:
    """Referrals that may be shared, as ``in_force`` says it of one."""
    partners = Organization.objects.with_agreement().order_by().values("pk")
    both = models.Q(sender__in=partners, receiver__in=partners)
    return both | models.Q(sender=models.F("receiver")) | models.Q(kind="logged")


def left_open() -> models.Q:
    """Introductions that may be read: while the program has an agreement, what partners left with it too.

    What the person left herself, and what has become an own file, stays open to it.
    """
    partners = Organization.objects.with_agreement().order_by().values("pk")
    own = models.Q(introduced_by__isnull=True) | models.Q(client__isnull=False)
    return own | models.Q(receiver__in=partners)


def lacking() -> models.Case:
    """For a query of referrals: the side without an agreement, or "", as ``lacks_agreement`` answers it."""
    partners = Organization.objects.with_agreement().order_by().values("pk")
    return models.Case(
        models.When(between_partners(), then=models.Value("")),
        models.When(~models.Q(receiver__in=partners), then=models.Value("receiver")),
        default=models.Value("sender"),
        output_field=models.CharField(),
    )


def lacks_agreement(referral: models.Model) -> str:
    """ "receiver" or "sender": who has no agreement in force today; "" where sharing is free to go on.

    Asked once of a row, unless its query brought the answer along.
    """
    known = vars(referral)
    if LACKING not in known:
        rows = type(referral)._default_manager.filter(pk=referral.pk)
        known[LACKING] = rows.values_list(lacking(), flat=True).first() or ""
    return str(known[LACKING])


def received_rests(organization_id: UUID | None) -> Promise | None:
    """For the inbox: why it shows codes and dates alone; None while the organization has an agreement."""
    partners = Organization.objects.with_agreement()
    return None if partners.filter(pk=organization_id).exists() else WORDS[Side.RECEIVER, Side.RECEIVER]


def in_force(referral: models.Model) -> bool:
    return not lacks_agreement(referral)


def why_not(referral: models.Model, reader: Side) -> Promise | None:
    """For one side: whose agreement is wanting, and what follows; None where none is."""
    side = lacks_agreement(referral)
    return WORDS[reader, Side(side)] if side else None
