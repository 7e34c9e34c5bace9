"""What the partner network keeps, one of each, for the cast of the API's tests."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.utils import timezone

from directory.models import PhoneCheck, PhoneSample
from partners.actor import ANONYMOUS
from partners.joining.applications import apply
from partners.models import Invitation, Notification, PartnerApplication, Webhook
from partners.notifications import webhooks
from partners.people.invitations import invite


class NetworkWorld:
    """For a world that has a cast, organizations and a service."""

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def invitation(self) -> Invitation:
        """Paula has invited somebody to Lantern."""
        return invite(
            self.paula,
            organization=self.lantern,
            email="asked@api.example",
            full_name="Asked",
            language="en",
            roles=["worker"],
        )

    def notice(self) -> Notification:
        """To Paula alone."""
        return Notification.objects.create(
            row_id=uuid4(),
            user_id=self.paula.user_id,
            organization=self.lantern,
            kind="accept",
            object_id=uuid4(),
            code="K7Q-4MD",
            created_at=timezone.now(),
        )

    def webhook(self) -> Webhook:
        """Of the network."""
        return webhooks.add(actor=self.lea, url="https://system.example/hook")[0]

    def application(self) -> PartnerApplication:
        """Somebody outside asks to join."""
        return apply(
            actor=ANONYMOUS,
            name="Newcomer (demo)",
            kind="basic_needs",
            contact_name="Planted contact",
            contact_email="newcomer@api.example",
            language="fr",
        )

    def phone_check(self) -> PhoneCheck:
        sample = PhoneSample.objects.create(drawn_by_id=self.lea.user_id, population=1)
        return PhoneCheck.objects.create(sample=sample, service=self.service)
