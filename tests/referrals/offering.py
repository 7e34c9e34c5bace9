"""A need, several partners with a service each, and consents for them: what the tests of offers share."""

from __future__ import annotations

from collections.abc import Sequence

from directory.models import Service
from partners.models import Organization, User
from referrals.consent_acts import record_consent
from referrals.consent_texts import CURRENT_VERSION
from referrals.models import Client, Consent, Need, Referral
from referrals.needs import create_need
from referrals.offers import offer_need, send_offers
from tests.factories.listings import make_service
from tests.referrals.pages import GROUPS, World, admitted, member


class Offering(World):
    """Northern and two more partners, each with somebody who answers."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.partners = [self.northern, *(admitted(f"Partner {n}", "addiction_service") for n in (2, 3))]
        self.answers: list[User] = [self.tom]
        self.answers += [member(f"Worker{n}", self.partners[n], "worker") for n in (1, 2)]
        self.services: list[Service] = [self.service]
        self.services += [self.service_of(organization) for organization in self.partners[1:]]

    def service_of(self, organization: Organization, **given: object) -> Service:
        data = {"accepts_referrals": True, "categories": ["treatment-day"], **given}
        return make_service(organization=organization, **data)

    def need(self, person: Client | None = None) -> Need:
        client = person or self.person
        return create_need(actor=self.actor(self.nadia), client_id=client.pk, category="treatment-day")

    def agree(self, *partners: Organization, person: Client | None = None) -> list[Consent]:
        return [
            record_consent(
                actor=self.actor(self.nadia),
                client_id=(person or self.person).pk,
                recipient_id=partner.pk,
                text_version=CURRENT_VERSION,
                field_groups=GROUPS,
                how="written",
                language="en",
            )
            for partner in partners
        ]

    def offered(self, mode: str, services: Sequence[Service] | None = None) -> list[Referral]:
        need = self.need()
        chosen = [service.pk for service in services or self.services]
        return offer_need(actor=self.actor(self.nadia), need_id=need.pk, services=chosen, mode=mode)

    def asked(self, mode: str) -> list[Referral]:
        """Offered to all partners with a consent for each, and sent as far as the mode goes."""
        self.agree(*self.partners)
        drafts = self.offered(mode)
        send_offers(actor=self.actor(self.nadia), need_id=drafts[0].need_id)
        return self.again(drafts)

    def again(self, referrals: Sequence[Referral]) -> list[Referral]:
        found = Referral.objects.select_related("need", "consent").in_bulk([r.pk for r in referrals])
        return [found[referral.pk] for referral in referrals]

    def states(self, referrals: Sequence[Referral]) -> list[str]:
        return [referral.status for referral in self.again(referrals)]
