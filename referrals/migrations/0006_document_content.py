from django.db import migrations

import partners.fields


class Migration(migrations.Migration):
    dependencies = [("referrals", "0005_bind_to_rows")]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="content",
            field=partners.fields.EncryptedBinaryField(),
        ),
    ]
