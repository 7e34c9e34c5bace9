from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partners', '0006_open_sessions'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='outboxrow',
            name='outbox_due',
        ),
        migrations.RenameField(
            model_name='outboxrow',
            old_name='delivered_at',
            new_name='fanned_out_at',
        ),
        migrations.RemoveField(
            model_name='outboxrow',
            name='attempts',
        ),
        migrations.RemoveField(
            model_name='outboxrow',
            name='told',
        ),
        migrations.AlterField(
            model_name='delivery',
            name='channel',
            field=models.CharField(choices=[('mail', 'E-mail'), ('letter', 'E-mail to an address outside'), ('webhook', 'Webhook')], max_length=8),
        ),
        migrations.AddIndex(
            model_name='outboxrow',
            index=models.Index(condition=models.Q(('fanned_out_at__isnull', True)), fields=['next_attempt_at'], name='outbox_due'),
        ),
    ]
