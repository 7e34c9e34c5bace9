import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0004_search_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='service',
            name='verify_days',
            field=models.PositiveSmallIntegerField(default=90),
        ),
        migrations.CreateModel(
            name='CapacityReport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('value', models.CharField(choices=[('open', 'Spaces available'), ('limited', 'Few spaces'), ('waitlist', 'Waitlist'), ('full', 'Full'), ('unknown', 'Not known')], max_length=8)),
                ('available', models.PositiveIntegerField(blank=True, null=True)),
                ('wait_weeks', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('method', models.CharField(choices=[('session', 'In Relais'), ('link', 'From the reminder mail'), ('call', 'By a phone call'), ('token', 'By the API')], max_length=8)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='capacity_reports', to='directory.service')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ListingLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('expires_at', models.DateTimeField()),
                ('replaced_at', models.DateTimeField(blank=True, null=True)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='directory.service')),
            ],
            options={
                'ordering': ['-created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ListingMerge',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dropped', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='merged_into', to='directory.service')),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merged_from', to='directory.service')),
            ],
            options={
                'ordering': ['-at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ListingProposal',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('data', models.JSONField()),
                ('before', models.JSONField()),
                ('note', models.CharField(blank=True, max_length=500)),
                ('state', models.CharField(choices=[('proposed', 'Waiting for approval'), ('published', 'Published'), ('rejected', 'Not accepted'), ('withdrawn', 'Taken back')], default='proposed', max_length=9)),
                ('proposed_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decision_note', models.CharField(blank=True, max_length=500)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='directory.service')),
            ],
            options={
                'ordering': ['-proposed_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ListingReport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('phone', 'The phone number is wrong'), ('closed', 'It no longer exists, or is closed'), ('hours', 'The hours are wrong'), ('place', 'The place is wrong, or should not be shown'), ('eligibility', 'Who it is for is wrong'), ('language', 'The English or the French is wrong'), ('other', 'Something else')], max_length=12)),
                ('text', models.CharField(blank=True, max_length=500)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('passed_on_at', models.DateTimeField(blank=True, null=True)),
                ('handled_at', models.DateTimeField(blank=True, null=True)),
                ('result', models.CharField(blank=True, choices=[('changed', 'Listing changed'), ('no_change', 'Nothing to change')], max_length=9)),
                ('handled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to='directory.listingproposal')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='directory.service')),
            ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='NotADuplicate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.service')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.service')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PhoneSample',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('drawn_at', models.DateTimeField(auto_now_add=True)),
                ('population', models.PositiveIntegerField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('drawn_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-drawn_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PhoneCheck',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('called_at', models.DateTimeField(blank=True, null=True)),
                ('reached', models.BooleanField(blank=True, null=True)),
                ('still_offered', models.BooleanField(blank=True, null=True)),
                ('hours_right', models.BooleanField(blank=True, null=True)),
                ('eligibility_right', models.BooleanField(blank=True, null=True)),
                ('intake_right', models.BooleanField(blank=True, null=True)),
                ('called_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phone_checks', to='directory.service')),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='directory.phonesample')),
            ],
            options={
                'ordering': ['sample', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('method', models.CharField(choices=[('session', 'In Relais'), ('link', 'From the reminder mail'), ('call', 'By a phone call'), ('token', 'By the API')], max_length=8)),
                ('changed', models.BooleanField(default=False)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verifications', to='directory.service')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at', 'id'],
            },
        ),
        migrations.AddIndex(
            model_name='listingproposal',
            index=models.Index(condition=models.Q(('state', 'proposed')), fields=['service', 'proposed_at'], name='proposal_open'),
        ),
        migrations.AddIndex(
            model_name='listingreport',
            index=models.Index(condition=models.Q(('handled_at__isnull', True)), fields=['created_at', 'id'], name='report_open'),
        ),
        migrations.AddConstraint(
            model_name='notaduplicate',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='not_a_duplicate_once'),
        ),
        migrations.AddConstraint(
            model_name='phonecheck',
            constraint=models.UniqueConstraint(fields=('sample', 'service'), name='phone_check_once'),
        ),
    ]
