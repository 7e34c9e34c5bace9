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

        hooks.clock_tasks.register("clear_sessions", clock.clear_sessions)
        # Django drops every trigger of a table that it rebuilds on SQLite, silently.
        post_migrate.connect(triggers.reinstall, sender=self, dispatch_uid="partners.triggers")
