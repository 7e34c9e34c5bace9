"""Export everything that is held about a person."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partners.actor import SYSTEM
from partners.errors import DomainError
from referrals.rights.access import client_for_the_system
from referrals.rights.export import export_for

OWNER_ONLY = 0o600


class Command(BaseCommand):
    help = "Writes everything that is held about a person into a zip that only you can read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE", help="the code of the client file")
        parser.add_argument("--organization", required=True, metavar="NAME", help="whose file it is")
        parser.add_argument("--output", required=True, metavar="PATH", type=Path)

    def handle(self, *args: Any, code: str, organization: str, output: Path, **options: Any) -> None:
        try:
            client = client_for_the_system(code, organization)
            opened = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
        except DomainError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{output} can't be made: {error.strerror}.") from error
        with os.fdopen(opened, "wb") as file:
            file.write(export_for(replace(SYSTEM, organization_id=client.organization_id), client))
        self.stdout.write(f"{output}: {output.stat().st_size} bytes")
