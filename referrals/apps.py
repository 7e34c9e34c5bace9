"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from partners import audit_words
from partners.hooks import clock_tasks


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = _("Referrals")

    def ready(self) -> None:
        # Models can't be imported before every app is loaded.
        from directory import hooks
        from referrals import audit_words as words
        from referrals import consent_acts, panels
        from referrals.clock_tasks import TASKS

        hooks.register_listing_panel(panels.send_panel)
        audit_words.register(words.WORDS)
        clock_tasks.register("expire_consents", consent_acts.expire_consents)
        for task in TASKS:
            clock_tasks.register(task.__name__, task)
