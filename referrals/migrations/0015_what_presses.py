import datetime
from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, NullIf

NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def fill(apps: Any, schema_editor: Any) -> None:
    """As referrals.pressing says it on the day of this migration, of what is open."""
    models_of = {
        name: apps.get_model("referrals", name)._base_manager
        for name in ("Message", "Document", "ReadMark", "Handoff")
    }

    def latest(side: str, name: str) -> Coalesce:
        own = OuterRef(f"{side}_id")
        mark = models_of["ReadMark"].filter(referral=OuterRef("referral"), organization_id=OuterRef(own))
        read = Coalesce(Subquery(mark.values("read_at")[:1]), Value(NEVER))
        rows = models_of[name].filter(referral=OuterRef("pk")).exclude(organization_id=own)
        rows = rows.alias(until=read).filter(sent_at__gt=F("until")).order_by("-sent_at")
        return Coalesce(Subquery(rows.values("sent_at")[:1]), Value(NEVER))

    def news(side: str) -> NullIf:
        return NullIf(Greatest(latest(side, "Message"), latest(side, "Document")), Value(NEVER))

    planned = models_of["Handoff"].filter(referral=OuterRef("pk"), result="", when__isnull=False)
    rows = apps.get_model("referrals", "Referral").objects.filter(box_order__lt=6).order_by()
    # Each row once: on PostgreSQL a second update would leave checks of the transaction open, and no index
    # can be made above them.
    rows.update(
        handoff_due_at=Subquery(planned.order_by("when").values("when")[:1]),
        sender_news_at=news("sender"),
        receiver_news_at=Case(
            When(accepted_at__isnull=True, then=NullIf(latest("receiver", "Message"), Value(NEVER))),
            default=news("receiver"),
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0007_report_reason"),
        ("partners", "0007_notification_delivery"),
        ("referrals", "0014_message_by_link"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="handoff_due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referral",
            name="receiver_news_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="referral",
            name="sender_news_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        *(
            migrations.AddIndex(
                model_name="referral",
                index=models.Index(
                    condition=models.Q(("box_order__lt", 6), (f"{at}__isnull", False)),
                    fields=[side, at, "id"],
                    name=f"referral_{side}_{what}",
                ),
            )
            for side in ("sender", "receiver")
            for what, at in (("news", f"{side}_news_at"), ("handoff", "handoff_due_at"))
        ),
    ]
