"""What was encrypted for its column alone is closed again for its row."""

from typing import Any

from django.db import migrations

from partners.binding import bind_to_columns, bind_to_rows


def forwards(apps: Any, schema_editor: Any) -> None:
    bind_to_rows(apps.get_app_config("referrals").get_models())


def backwards(apps: Any, schema_editor: Any) -> None:
    bind_to_columns(apps.get_app_config("referrals").get_models())


class Migration(migrations.Migration):
    # Each batch commits, so that a run which is broken off goes on where it stopped.
    atomic = False

    dependencies = [("referrals", "0004_consent_words_and_ages")]

    operations = [migrations.RunPython(forwards, backwards)]
