"""The code keeps the rules, and each rule notices when it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import rules, source


@pytest.mark.parametrize("rule", rules.EVERYWHERE, ids=lambda rule: rule.__name__)
def test_the_code_keeps_the_rule(rule: rules.Rule) -> None:
    assert [fault for file in source.python(*source.PACKAGES) for fault in rule(file)] == []


@pytest.mark.parametrize("rule", rules.IN_TESTS_TOO, ids=lambda rule: rule.__name__)
def test_test_files_keep_it_too(rule: rules.Rule) -> None:
    assert [fault for file in source.python("tests") for fault in rule(file)] == []


PLANTED = [
    (rules.long_files, "partners/roles.py", "x = 1\n" * 300),
    (rules.long_functions, "partners/roles.py", "def f():\n" + "    x = 1\n" * 40),
    (rules.hidden_imports, "partners/roles.py", "def f():\n    from partners import audit\n"),
    (rules.hidden_imports, "partners/roles.py", "def f():\n    import referrals.models\n"),
    (rules.hidden_imports, "partners/roles.py", "def f():\n    from . import audit\n"),
    (rules.impure_workflow, "referrals/workflow.py", "from django.db import models"),
    (rules.impure_workflow, "referrals/workflow.py", "import django.apps"),
    (rules.impure_workflow, "referrals/workflow.py", "from referrals.models import Referral"),
    (rules.reaching_into_clients, "referrals/views/pages.py", "name = referral.client.chosen_name"),
    (rules.reaching_into_clients, "referrals/views.py", "name = referral.client.chosen_name"),
    (rules.reaching_into_clients, "api/v1/referrals.py", "f = CharField(source='client.chosen_name')"),
    (rules.reaching_into_clients, "referrals/exports.py", "rows.values('client__chosen_name')"),
    (rules.status_writes, "referrals/views.py", "referral.status = 'sent'"),
    (rules.status_writes, "api/v1/referrals.py", "referrals.update(status='sent')"),
    (rules.status_writes, "referrals/events.py", "referral.save(update_fields=['status'])"),
    (rules.status_writes, "referrals/events.py", "Referral(status='sent')"),
    (rules.status_writes, "referrals/events.py", "setattr(referral, 'status', 'sent')"),
    (rules.status_writes, "referrals/events.py", "Referral.objects.bulk_update(rows, ['status'])"),
    (rules.second_writers, "referrals/actions.py", "AuditEvent(action='x')"),
    (rules.second_writers, "partners/views.py", "AuditEvent.objects.filter(pk=1).delete()"),
    (rules.second_writers, "referrals/actions.py", "TimelineEvent.objects.create(kind='sent')"),
    (rules.second_writers, "referrals/actions.py", "referral.events.create(kind='sent')"),
    (rules.unseen_managers, "referrals/views.py", "Referral.objects.get(pk=1)"),
    (rules.unseen_managers, "api/v1/referrals.py", "queryset = Referral.objects.all()"),
    (rules.unseen_managers, "api/v1/clients.py", "Client._default_manager.get(pk=1)"),
    (rules.days_in_utc, "referrals/calls.py", "day = referral.sent_at.date()"),
    (rules.days_in_utc, "referrals/calls.py", "day = timezone.now().date()"),
]


@pytest.mark.parametrize(
    ("rule", "path", "text"), PLANTED, ids=[f"{rule.__name__}-{text[:40]}" for rule, _, text in PLANTED]
)
def test_a_planted_fault_is_found(rule: rules.Rule, path: str, text: str) -> None:
    assert list(rule(source.Source(path, text))) != []


ALLOWED = [
    (rules.hidden_imports, "partners/roles.py", "from partners import audit\ndef f():\n    import json\n"),
    (rules.impure_workflow, "referrals/workflow.py", "from django.utils.translation import gettext_lazy"),
    (rules.reaching_into_clients, "referrals/views.py", '"""Never referral.client.chosen_name here."""'),
    (rules.reaching_into_clients, "referrals/consent.py", "name = referral.client.chosen_name"),
    (rules.status_writes, "referrals/actions.py", "rows.update(status='sent')"),
    (rules.status_writes, "api/errors.py", "Response(body, status=404)"),
    (rules.second_writers, "partners/audit.py", "AuditEvent.objects.bulk_create(rows)"),
    (rules.second_writers, "partners/views.py", "AuditEvent.objects.filter(chain=chain)"),
    (rules.unseen_managers, "referrals/views.py", "Referral.objects.visible_to(actor).get(pk=1)"),
    (rules.days_in_utc, "referrals/calls.py", "day = timezone.localtime(referral.sent_at).date()"),
]


@pytest.mark.parametrize(
    ("rule", "path", "text"), ALLOWED, ids=[f"{rule.__name__}-{text[:40]}" for rule, _, text in ALLOWED]
)
def test_what_is_allowed_is_left_alone(rule: rules.Rule, path: str, text: str) -> None:
    assert list(rule(source.Source(path, text))) == []


def test_imports_run_one_way() -> None:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    answer = subprocess.run(command, cwd=source.ROOT, capture_output=True, text=True)

    assert answer.returncode == 0, answer.stdout
