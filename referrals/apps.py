"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from partners import audit_words
from partners.hooks import clock_tasks, member_left, notice_readers, partner_figures


class ReferralsConfig(AppConfig):
    name = "referrals"
    verbose_name = _("Referrals")

    def ready(self) -> None:
        # Models can't be imported before every app is loaded.
        from directory import hooks
        from referrals import audit_words as words
        from referrals import capacity_hints, care_team, consent_acts, leaving, merging, notices, panels
        from referrals.clock_tasks import TASKS
        from referrals.links import letters
        from referrals.network import times
        from referrals.rights import retention
        from referrals.rights import words as rights_words

        hooks.register_public_listing_panel(panels.ask_panel)
        hooks.register_listing_panel(panels.send_panel)
        hooks.register_listing_panel(panels.record_panel)
        audit_words.register(words.WORDS | rights_words.WORDS)
        notices.register()
        letters.register()
        notice_readers.register("care_team", care_team.notice_readers)
        partner_figures.register("times", times.partner_figures)
        member_left.register("referrals", leaving.member_left)
        clock_tasks.register("expire_consents", consent_acts.expire_consents)
        for task in TASKS:
            clock_tasks.register(task.__name__, task)
        clock_tasks.register("retention", retention.run_daily)
        clock_tasks.register("capacity hints", capacity_hints.suggest_daily)
        hooks.capacity_suggestions.register("referrals", capacity_hints.capacity_hints)
        hooks.open_referrals.register("referrals", merging.count_open)
        hooks.before_service_delete.register("referrals", merging.refuse_while_needed)
        hooks.listing_merged.register("referrals", merging.move_to_kept)
