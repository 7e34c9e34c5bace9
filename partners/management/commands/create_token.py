"""Make an API token."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q

from partners import access, audit
from partners.actor import SYSTEM
from partners.models import Organization, User
from partners.roles import Capability

DAYS = 90


class Command(BaseCommand):
    help = "Prints a new API token, alone on the last line. It can't be read again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--organization", metavar="NAME", help="where the member has several")
        parser.add_argument(
            "--scopes",
            default="",
            metavar="a,b",
            help=f"any of {', '.join(Capability)}; without it all that the member may do",
        )
        parser.add_argument("--days", type=int, default=DAYS, help=f"until it expires ({DAYS})")

    def handle(
        self, *args: Any, email: str, organization: str | None, scopes: str, days: int, **options: Any
    ) -> None:
        user = User.objects.filter(email=email.lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"No active user signs in as {email}.")
        if days < 1:
            raise CommandError("--days must be 1 or more.")
        chosen = self.organization_of(user, organization)
        wanted = self.scopes_of(scopes)
        with transaction.atomic():
            secret = access.create_token(user, chosen, wanted, days)
            audit.record(
                audit.Entry(
                    actor=SYSTEM,
                    action="token.create",
                    object_type="user",
                    object_id=user.pk,
                    chains=(chosen.pk,),
                    details={"days": days, "scopes": wanted},
                )
            )
        self.stdout.write(f"For {email}, {chosen}, {days} days. It will not be shown again:")
        self.stdout.write(secret)

    def organization_of(self, user: User, name: str | None) -> Organization:
        own = Organization.objects.of_user(user.pk)
        found = list(own.filter(Q(name_en=name) | Q(name_fr=name)) if name else own)
        if len(found) == 1:
            return found[0]
        names = ", ".join(str(one) for one in own) or "none"
        raise CommandError(f"Name one organization of this member with --organization: {names}.")

    def scopes_of(self, text: str) -> list[str]:
        wanted = [part.strip() for part in text.split(",") if part.strip()]
        if unknown := sorted(set(wanted) - set(Capability)):
            raise CommandError(f"Unknown scopes: {', '.join(unknown)}.")
        return wanted
