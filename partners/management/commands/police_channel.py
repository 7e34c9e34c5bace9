"""Switch an organization's police channel."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from partners.actor import SYSTEM
from partners.errors import Refused
from partners.models import Organization
from partners.police_channel import switch


class Command(BaseCommand):
    help = "Says whether the workers of an organization may ask a police liaison to call. Off until then."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("organization", metavar="ORGANIZATION", help="its name in either language")
        wanted = parser.add_mutually_exclusive_group(required=True)
        wanted.add_argument("--on", action="store_true")
        wanted.add_argument("--off", action="store_true")

    def handle(self, *args: Any, organization: str, on: bool, **options: Any) -> None:
        found = list(Organization.objects.filter(Q(name_en=organization) | Q(name_fr=organization))[:2])
        if len(found) != 1:
            raise CommandError(f"{'No' if not found else 'More than one'} organization is named so.")
        try:
            switch(actor=SYSTEM, on=on, organization_id=found[0].pk)
        except Refused:
            raise CommandError("A police liaison asks no police to call.") from None
        self.stdout.write(f"The police channel is {'on' if on else 'off'}.")
