"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from partners import audit_words, hooks, triggers


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Partners")

    def ready(self) -> None:
        # Models can't be imported before every app is loaded.
        from partners import clock
        from partners.joining import applications, notices, reminders, texts
        from partners.joining.words import WORDS as JOINING_WORDS
        from partners.notifications import clearing, digest, tasks
        from partners.people import letters
        from partners.people.words import WORDS
        from partners.signing import registering

        hooks.clock_tasks.register("clear_sessions", clock.clear_sessions)
        hooks.clock_tasks.register("clear_tasks", tasks.clear)
        hooks.clock_tasks.register("clear_notices", clearing.clear)
        hooks.clock_tasks.register("digests", digest.owe_due)
        hooks.forgetters.register("notices", clearing.forget)
        hooks.clock_tasks.register("contacts of applications", applications.forget_contacts)
        hooks.clock_tasks.register("remind_of_ends", reminders.remind_of_ends)
        hooks.clock_tasks.register("tell_ended", reminders.tell_ended)
        letters.register()
        notices.register()
        registering.register()
        audit_words.register(WORDS | JOINING_WORDS)
        # Django drops every trigger of a table that it rebuilds on SQLite, silently.
        post_migrate.connect(triggers.reinstall, sender=self, dispatch_uid="partners.triggers")
        post_migrate.connect(texts.load_first, sender=self, dispatch_uid="partners.agreement_text")
