"""App configuration."""

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate
from django.utils.translation import gettext_lazy as _

from directory import policy_triggers
from partners import audit_words, hooks


class DirectoryConfig(AppConfig):
    name = "directory"
    verbose_name = _("Directory")

    def ready(self) -> None:
        # Models can't be imported before every app is loaded.
        from directory import audit_words as words
        from directory import partner_listings, taxonomies
        from directory.models import Service
        from directory.proposals import notices as proposal_notices
        from directory.proposals import reports
        from directory.search import index
        from directory.upkeep import links, notices, reminders

        audit_words.register(words.WORDS)
        policy_triggers.register()
        post_migrate.connect(taxonomies.load, sender=self, dispatch_uid="directory.taxonomies")
        post_migrate.connect(index.complete, sender=self, dispatch_uid="directory.search")
        post_delete.connect(index.listing_deleted, sender=Service, dispatch_uid="directory.search")
        hooks.partner_listings.register("listings", partner_listings.taking_referrals)
        hooks.found_by_everybody.register("listings", partner_listings.found_by_everybody)
        hooks.readiness_checks.register("search index", index.unindexed)
        hooks.clock_tasks.register("search base", index.fold_when_due)
        hooks.member_left.register("listing links", links.end_of_reader)
        hooks.clock_tasks.register("listing checks", reminders.remind_of_checks)
        hooks.clock_tasks.register("listing reports", reports.pass_on_due)
        hooks.clock_tasks.register("words of listing reports", reports.forget_words)
        notices.register()
        proposal_notices.register()
