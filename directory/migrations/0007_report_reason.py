from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_upkeep_indexes")]

    operations = [
        migrations.AddField(
            model_name="listingreport",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("right", "The listing is right as it is"),
                    ("done", "It has been put right already"),
                    ("not_clear", "It is not clear what is meant"),
                    ("not_about_it", "It is not about this listing"),
                ],
                max_length=20,
            ),
        ),
    ]
