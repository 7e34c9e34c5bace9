"""How the demo's partners joined: their agreements, and who is not a partner, not yet or no longer."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from partners.actor import ANONYMOUS
from partners.joining import admission, agreements, applications, suspension
from partners.joining.admission import Administrator, Newcomer, Term
from partners.joining.referral_address import set_referral_email
from partners.models import Agreement, Organization
from partners.people.invitations import invite
from referrals.demo.past import today

if TYPE_CHECKING:
    from referrals.demo.story import Story

# Nobody of it answers in Relais: referrals go there as links.
BY_LINK, ADDRESS = "birchwood", "desk@birchwood.example"
YEAR = datetime.timedelta(days=365)


def sign_agreements(story: Story) -> None:
    """Prepared by Léa and signed by each partner's own signatory; those that have one are left alone."""
    for row in story.data["agreements"]:
        organization = story.organization(row["organization"])
        if not organization.agreements.exists():
            _sign(story, organization, row)


def _sign(story: Story, organization: Organization, row: dict[str, Any]) -> None:
    """Set back to the days that the story tells; one that has ended ran until then."""
    starts = today() - datetime.timedelta(days=row["begun_days_ago"])
    ends = today() + datetime.timedelta(days=row["days_left"])
    before = timezone.now() - datetime.timedelta(days=row["begun_days_ago"] + 3)
    Organization.objects.filter(pk=organization.pk).update(admitted_at=before)
    made = agreements.prepare(
        actor=story.actor("lea"),
        organization_id=organization.pk,
        starts_on=starts,
        ends_on=max(ends, today()),
    )
    signatory = story.user(row["signatory"])
    agreements.sign(
        actor=story.actor(row["signatory"]),
        agreement_id=made.pk,
        name=signatory.full_name,
        title=row["title"],
        language=signatory.language,
        accepted=True,
    )
    Agreement.objects.filter(pk=made.pk).update(ends_on=ends, created_at=before, signed_at=before)


def _address(story: Story) -> None:
    set_referral_email(
        actor=story.actor("ruth"), organization_id=story.organization(BY_LINK).pk, email=ADDRESS
    )


def _invitations(story: Story) -> None:
    """A partner that has not signed, whose first administrator has not come; a colleague of Paula's."""
    listed = story.organization("sunflower")
    admission.invite_organization(
        actor=story.actor("lea"),
        newcomer=Newcomer(kind=listed.kind, organization_id=listed.pk),
        administrator=Administrator("Sol (demo)", "sol@sunflower.example", "fr"),
        term=Term(today(), today() + YEAR),
    )
    invite(
        story.actor("paula"),
        organization=story.organization("prairie-lantern"),
        email="kim@lantern.example",
        full_name="Kim (demo)",
        language="en",
        roles=["worker"],
    )


def _applications(story: Story) -> None:
    """One waits for Léa; the other one she has answered."""
    _apply("Seven Steps Bicycle Repair (demo)", "other", "Sam (demo)", "sam@sevensteps.example", "en", "")
    refused = _apply(
        "Cuisine du Coin (démo)",
        "basic_needs",
        "Remi (demo)",
        "remi@cuisine.example",
        "fr",
        "Des repas chauds, sept jours sur sept.",
    )
    note = "Your place is listed already. Join once you can answer referrals."
    admission.refuse(actor=story.actor("lea"), application_id=refused, note=note)


def _apply(name: str, kind: str, contact: str, email: str, language: str, reason: str) -> Any:
    return applications.apply(
        actor=ANONYMOUS,
        name=name,
        kind=kind,
        contact_name=contact,
        contact_email=email,
        language=language,
        reason=reason,
    ).pk


def _suspended(story: Story) -> None:
    suspended = story.organization("old-mill").pk
    suspension.suspend(actor=story.actor("lea"), organization_id=suspended, reason="account_taken")


TOLD = (_address,)
NEWS = (_invitations, _applications, _suspended)
