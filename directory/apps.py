"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from directory import audit_words as words
from directory import policy_triggers
from partners import audit_words, hooks


class DirectoryConfig(AppConfig):
    name = "directory"
    verbose_name = _("Directory")

    def ready(self) -> None:
        # Models can't be imported before every app is loaded.
        from directory import taxonomies
        from directory.search import index

        audit_words.register(words.WORDS)
        policy_triggers.register()
        post_migrate.connect(taxonomies.load, sender=self, dispatch_uid="directory.taxonomies")
        hooks.readiness_checks.register("search index", index.unindexed)
