import django.db.models.deletion
import partners.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0005_partner_network'),
        ('referrals', '0012_worklist_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnswerLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('code', partners.fields.EncryptedTextField(blank=True)),
                ('preview_only', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('wrong_codes', models.PositiveSmallIntegerField(default=0)),
                ('replaced_at', models.DateTimeField(blank=True, null=True)),
                ('killed_at', models.DateTimeField(blank=True, null=True)),
                ('referral', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answer_links', to='referrals.referral')),
            ],
            options={
                'ordering': ['-created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='LinkVisit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('name', partners.fields.EncryptedTextField(blank=True)),
                ('started_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='referrals.answerlink')),
            ],
            options={
                'ordering': ['-started_at', 'id'],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="ClockMark")],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE referrals_clockmark RENAME TO partners_clockmark",
                    "ALTER TABLE partners_clockmark RENAME TO referrals_clockmark",
                )
            ],
        ),
    ]
