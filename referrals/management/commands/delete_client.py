"""Delete everything that is held about a person."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partners.actor import SYSTEM
from partners.errors import DomainError
from partners.models import Organization
from referrals.models import Client
from referrals.rights import deletion
from referrals.rights.access import client_for_the_system
from referrals.rights.released import Release


class Command(BaseCommand):
    help = "Deletes a client file and all that hangs on it, on both sides. Can't be undone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help="the code of the client file")
        parser.add_argument("--organization", required=True, metavar="NAME", help="whose file it is")
        parser.add_argument("--dry-run", action="store_true", help="list what would go, change nothing")

    def handle(self, *args: Any, code: str, organization: str, dry_run: bool, **options: Any) -> None:
        try:
            client = client_for_the_system(code, organization)
            self.list(client)
            if dry_run:
                self.stdout.write("Nothing was changed.")
                return
            deletion.delete_client(actor=SYSTEM, client_id=client.pk, reason="request")
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Deleted.")

    def list(self, client: Client) -> None:
        found = deletion.preview(client)
        for label, count in found.counts:
            self.stdout.write(f"{label}: {count}")
        for code, status in found.referrals:
            self.stdout.write(f"referral {code}: {status}")
        for release in found.released:
            self.stdout.write(f"already released: {self.words(release)}")
        if found.held:
            self.stdout.write("A legal hold is on this file.")

    def words(self, release: Release) -> str:
        to = Organization.objects.filter(pk=release.recipient).first()
        days = f"{release.first:%Y-%m-%d} to {release.last:%Y-%m-%d}"
        return f"{release.what}, {to or 'outside the network'}, {days}, {', '.join(release.field_groups)}"
