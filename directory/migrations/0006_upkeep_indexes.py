from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0005_partner_network"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="service",
            index=models.Index(
                condition=models.Q(("next_due__isnull", False), ("publication", "published")),
                fields=["next_due", "id"],
                name="service_check_due",
            ),
        ),
        migrations.AddIndex(
            model_name="service",
            index=models.Index(
                condition=models.Q(
                    ("accepts_referrals", True), ("next_due__isnull", True), ("publication", "published")
                ),
                fields=["created_at", "id"],
                name="service_never_asked",
            ),
        ),
    ]
