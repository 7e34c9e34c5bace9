"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from partners import hooks, triggers


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Partners")

    def ready(self) -> None:
        # Models can't be imported before every app is loaded.
        from partners import clock
        from partners.notifications import clearing, digest, tasks
        from partners.people import letters
        from partners.people.words import WORDS
        from partners.signing import registering

        hooks.clock_tasks.register("clear_sessions", clock.clear_sessions)
        hooks.clock_tasks.register("clear_tasks", tasks.clear)
        hooks.clock_tasks.register("clear_notices", clearing.clear)
        hooks.clock_tasks.register("digests", digest.owe_due)
        hooks.forgetters.register("notices", clearing.forget)
        letters.register()
        registering.register()
        audit_words.register(WORDS)
        # Django drops every trigger of a table that it rebuilds on SQLite, silently.
        post_migrate.connect(triggers.reinstall, sender=self, dispatch_uid="partners.triggers")
