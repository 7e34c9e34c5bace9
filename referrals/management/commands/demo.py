"""``manage.py demo [--reset] [--no-serve]``: an invented network on this machine, for looking around."""

from __future__ import annotations

import os
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from directory.fixtures_loader import NetworkRefused, load_network
from partners import triggers
from partners.models import Membership, Organization, User
from partners.notifications import mailbox
from referrals.demo import telling
from referrals.demo.story import Story

NETWORK = settings.BASE_DIR / "fixtures" / "network"
PASSWORD = "RELAIS_DEMO_PASSWORD"  # noqa: S105 - the name of a variable, not a password
INVENTED = "example"


class Command(BaseCommand):
    help = "Make or bring up to date the demo network, then serve it on 127.0.0.1:${PORT:-8000}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="begin with an empty demo database")
        parser.add_argument("--no-serve", action="store_true", help="only make the data")

    def handle(self, *args: Any, **options: Any) -> None:
        password = settings.ENVIRONMENT.get(PASSWORD, "")
        if not settings.DEMO or not password:
            raise CommandError(
                f"The demo runs with RELAIS_DEMO=on and {PASSWORD}, or in an environment without any "
                "RELAIS_ variable: then it makes keys of its own."
            )
        self._tell("Preparing the database ...")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        refuse_real_data()
        if options["reset"]:
            self._tell("Emptying the demo ...")
            empty()
            if settings.MAILBOX:
                mailbox.empty()
        self._load(password)
        port = os.environ.get("PORT") or "8000"
        self._print_sign_ins(port, password)
        if not options["no_serve"]:
            self._serve(port)

    def _load(self, password: str) -> None:
        story = Story(NETWORK)
        try:
            load_network(NETWORK, lambda line: self._tell(f"  {line}"))
        except NetworkRefused as refusal:
            raise CommandError(f"The demo network can't be loaded. {refusal}") from refusal
        self._tell("  people who sign in ...")
        story.people(password)
        self._tell("  clients and referrals ...")
        if story.clients_and_referrals():
            self._tell("  notices and mails ...")
            telling.deliver()
        else:
            self._tell("  (they are there already; --reset begins anew)")

    def _print_sign_ins(self, port: str, password: str) -> None:
        address = f"http://127.0.0.1:{port}"
        self._tell("")
        self._tell(f"English    {address}/en/")
        self._tell(f"Français   {address}/fr/")
        self._tell(f"API        {address}/api/v1/docs/")
        if settings.MAILBOX:
            self._tell(f"Mailbox    {address}/en/mailbox/   every mail of the demo")
        self._tell(f"Sign in    {address}/en/sign-in/   with one of:")
        memberships = Membership.objects.filter(ended_at__isnull=True).select_related("user", "organization")
        roles: dict[tuple[str, str], list[str]] = {}
        for row in memberships.order_by("organization__name_en", "user__email", "role"):
            roles.setdefault((row.user.email, str(row.organization)), []).append(row.get_role_display())
        for (email, organization), names in roles.items():
            self._tell(f"  {email:28} {organization}: {', '.join(names)}")
        self._tell(f"Password   {password}   (the same for all)")

    def _serve(self, port: str) -> None:
        """Hand the process over to gunicorn, which writes no access log; the worker ends with it."""
        if not _assets_are_collected(Path(settings.STATIC_ROOT)):
            call_command("collectstatic", verbosity=0, interactive=False)
        self._tell("\nServing. Stop with Ctrl+C.")
        self.stdout.flush()
        os.chdir(settings.BASE_DIR)
        worker = [sys.executable, "manage.py", "worker", "--interval", "10", "--with-parent"]
        subprocess.Popen(worker, stdout=subprocess.DEVNULL)  # noqa: S603 - our own interpreter, no shell
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
        command += ["--worker-class", "gthread", "--threads", "4", "--log-level", "warning"]
        os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, no shell

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def refuse_real_data() -> None:
    """Raises CommandError for a database that holds anything but what the demo makes."""
    made_here = Q(is_demo=True) | Q(source_id__startswith="winnipeg:")
    real = {
        "organizations": Organization.objects.exclude(made_here).count(),
        "users": User.objects.exclude(email__endswith=f".{INVENTED}").count(),
        "members of real organizations": Membership.objects.filter(organization__is_demo=False).count(),
    }
    if found := [f"{count} {what}" for what, count in real.items() if count]:
        raise CommandError(
            f"This database holds more than demo data ({', '.join(found)}). The demo leaves it alone: "
            "name another one in DATABASE_URL."
        )


def empty() -> None:
    """Everything goes, the audit rows too; the taxonomies and the triggers come back by themselves."""
    triggers.remove()
    try:
        call_command("flush", verbosity=0, interactive=False)
        cache.clear()  # the network's numbers of the month
    finally:
        triggers.install()


def _assets_are_collected(folder: Path) -> bool:
    manifest = folder / "staticfiles.json"
    if not manifest.exists():
        return False
    sources = [path for root in settings.STATICFILES_DIRS for path in Path(root).rglob("*")]
    sources.append(settings.BASE_DIR / "requirements.lock")
    return max(path.stat().st_mtime for path in sources) < manifest.stat().st_mtime
