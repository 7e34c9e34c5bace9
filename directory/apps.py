"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate
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
        from directory.models import Service
        from directory.search import index

        audit_words.register(words.WORDS)
        policy_triggers.register()
        post_migrate.connect(taxonomies.load, sender=self, dispatch_uid="directory.taxonomies")
        post_migrate.connect(index.complete, sender=self, dispatch_uid="directory.search")
        post_delete.connect(index.listing_deleted, sender=Service, dispatch_uid="directory.search")
        hooks.readiness_checks.register("search index", index.unindexed)
        hooks.clock_tasks.register("search base", index.fold_when_due)
