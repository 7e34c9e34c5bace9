"""What must hold of the database whenever everything that wrote to it has just been killed.

Each function answers the faults it finds, in words for whoever reads the failed test.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from partners import audit
from partners.fields import encrypted_fields
from partners.models import AuditEvent, ClockMark, Delivery, Notification, OutboxRow
from partners.notifications import mails, recipients
from partners.rotation import _encrypted_models
from referrals import workflow
from referrals.models import Client, Consent, Need, Referral, TimelineEvent
from tests.crash.journeys import Journey, Step
from tests.crash.mailbox import Mailbox

Rows = Counter[tuple[UUID, str]]
# Beside the status: which side is told of it, and under which name; whose log it stands in.
NOTICES = {
    "sharing_ended": [("receiver", "sharing_ended")],
    "reminder": [("receiver", "reminder")],
    "escalation": [("receiver", "escalation"), ("sender", "unanswered")],
}
LOGGED = {"drafted": [("sender", "draft")], "opened": [("sender", "opened"), ("receiver", "opened")]}
MARKS = {"reminder": "reminder", "escalation": "escalation", "expiry": "expire"}


def faults_of_referrals() -> list[str]:
    """Status, events, audit rows and notices of each referral tell of the same acts, each once."""
    events: dict[UUID, list[TimelineEvent]] = defaultdict(list)
    for event in TimelineEvent.objects.order_by("at", "id"):
        events[event.referral_id].append(event)
    told = _counted(OutboxRow.objects.values_list("object_id", "organization_id", "kind"))
    rows = AuditEvent.objects.filter(object_type="referral", result=audit.DONE)
    logged = _counted((UUID(pk), *rest) for pk, *rest in rows.values_list("object_id", "chain", "action"))
    faults = []
    for referral in Referral.objects.all():
        status, notices, records = _expected(referral, events[referral.pk])
        where = f"{referral.pk} {[event.kind for event in events[referral.pk]]}"
        faults += _differ(f"{where} status", status, referral.status)
        faults += _differ(f"{where} notices", notices, told[referral.pk])
        faults += _differ(f"{where} log", records, logged[referral.pk])
    return faults


def _counted(rows: Iterable[tuple[Any, ...]]) -> dict[UUID, Rows]:
    counted: dict[UUID, Rows] = defaultdict(Counter)
    for object_id, organization_id, name in rows:
        counted[object_id][organization_id, name] += 1
    return counted


def _differ(what: str, expected: object, found: object) -> list[str]:
    return [] if expected == found else [f"{what}: {expected} expected, {found} found"]


def _expected(referral: Referral, events: list[TimelineEvent]) -> tuple[str, Rows, Rows]:
    """Told again from the events alone."""
    status, sent = "draft", False
    notices: Rows = Counter()
    records: Rows = Counter()
    sides = {"sender": referral.sender_id, "receiver": referral.receiver_id}
    for event in events:
        row = workflow.ACTIONS.get(event.kind)
        if row is None:
            notices.update((sides[side], kind) for side, kind in NOTICES.get(event.kind, []))
            records.update((sides[side], f"referral.{kind}") for side, kind in LOGGED.get(event.kind, []))
            continue
        status, sent = row.target.value, sent or event.kind == "send"
        for side in ("sender", "receiver") if sent else ("sender",):
            blind = side == "receiver" and row.target in workflow.TOMBSTONED and event.side != "receiver"
            kind = "sharing_ended" if blind else event.kind
            records[sides[side], f"referral.{kind}"] += 1
            if event.side != side:
                notices[sides[side], kind] += 1
    return status, notices, records


def faults_of_needs() -> list[str]:
    """Of each need one partner at most has it, and then nobody else is asked any more."""
    faults = []
    of_need: dict[UUID, Counter[str]] = defaultdict(Counter)
    for need_id, status in Referral.objects.values_list("need_id", "status"):
        of_need[need_id][status] += 1
    for need_id, states in of_need.items():
        if states["accepted"] > 1 or (states["accepted"] and states["sent"]):
            faults.append(f"need {need_id}: {dict(states)}")
    return faults


def faults_of_consents() -> list[str]:
    """A consent taken back is taken back in every referral on it, and recorded once."""
    records = Counter(AuditEvent.objects.filter(result=audit.DONE).values_list("action", "object_id"))
    ended = Counter(TimelineEvent.objects.filter(kind="sharing_ended").values_list("referral_id", flat=True))
    faults = []
    for consent in Consent.objects.prefetch_related("referrals"):
        faults += _differ(f"consent {consent.pk} record", 1, records["consent.record", str(consent.pk)])
        withdrawn = int(consent.withdrawn_at is not None)
        faults += _differ(
            f"consent {consent.pk} end", withdrawn, records["consent.withdraw", str(consent.pk)]
        )
        for referral in consent.referrals.all() if withdrawn else ():
            buried = ended[referral.pk] == 1 if referral.status == "accepted" else referral.status != "sent"
            if not buried:
                faults.append(f"{referral.pk} is {referral.status} without a consent")
    return faults


def faults_of_the_clock() -> list[str]:
    """Each effect stands with its mark: as many events as marks, and never two."""
    of_system = TimelineEvent.objects.filter(side="system", kind__in=MARKS.values())
    events = Counter(
        (event.kind, event.referral_id)
        for event in of_system
        if event.details.get("reason") != "consent_expired"
    )
    marks = Counter(
        (MARKS[kind], object_id)
        for kind, object_id in ClockMark.objects.filter(kind__in=MARKS).values_list("kind", "object_id")
    )
    return _differ("clock", marks, events) + [f"twice: {key}" for key, n in events.items() if n > 1]


def faults_of_copies() -> list[str]:
    """A request that was sent again has made nothing twice."""
    names = [client.chosen_name for client in Client.objects.all()]
    made: dict[str, list[Any]] = {
        "client": names,
        "consent": list(Consent.objects.values_list("client_id", "recipient_id")),
        "need": list(Need.objects.values_list("client_id", flat=True)),
        "referral": list(Referral.objects.values_list("client_id", "service_id")),
    }
    return [f"{what} {key}: {n}" for what, keys in made.items() for key, n in Counter(keys).items() if n > 1]


def faults_of_journeys(journeys: Iterable[Journey]) -> list[str]:
    """What was acknowledged stands."""
    standing: dict[str, set[Any]] = defaultdict(set)
    models = {"client": Client, "consent": Consent, "need": Need, "referral": Referral}
    for name, model in models.items():
        standing[name] = set(model._base_manager.values_list("pk", flat=True))
    standing["withdrawn"] = set(
        Consent.objects.filter(withdrawn_at__isnull=False).values_list("pk", flat=True)
    )
    for kind, referral_id in TimelineEvent.objects.values_list("kind", "referral_id"):
        standing[kind].add(referral_id)
    return [
        f"lost: {step.path} of journey {journey.number}"
        for journey in journeys
        for step in journey.steps()
        if step.state == "done" and not _stands(journey, step, standing)
    ]


def _stands(journey: Journey, step: Step, standing: dict[str, set[Any]]) -> bool:
    return all(UUID(journey.ids[name]) in standing[kind] for kind, name in step.proof)


def message_ids(deliveries: Iterable[Delivery]) -> set[str]:
    return {mails.message_id(delivery.pk) for delivery in deliveries}


def faults_of_mails(box: Mailbox) -> list[str]:
    """What counts as told has arrived, whatever arrived was owed, and nothing came twice without a cause."""
    arrived = set(box.copies())
    lost = message_ids(Delivery.objects.filter(done_at__isnull=False)) - arrived
    strange = arrived - message_ids(Delivery.objects.all())
    half = faults_of_fan_out()
    doubled = box.doubled_without_cause()
    return [f"{what}: {found}" for what, found in locals().items() if what in MAIL_FAULTS and found]


def faults_of_fan_out() -> list[str]:
    """Each member is told of each row that was handed on, in Relais and by mail; of any other nobody is."""
    found = []
    for row in OutboxRow.objects.select_related("organization"):
        due = {user.pk for user in recipients.members(row)} if row.fanned_out_at else set()
        read = list(Notification.objects.filter(row_id=row.pk).values_list("user_id", flat=True))
        mailed = list(row.deliveries.values_list("recipient", flat=True))
        if not (sorted(due) == sorted(read) == sorted(mailed)):
            found.append(f"{row.pk} {row.kind}: {due} {read} {mailed}")
    return found


MAIL_FAULTS = ("lost", "strange", "half", "doubled")


def faults_of_chains() -> list[str]:
    _checked, broken = audit.verify()
    return [str(broken)] if broken else []


def faults_of_opening() -> list[str]:
    """Everything that is encrypted opens under the keys that the settings hold. Raises where not."""
    opened = 0
    for model in _encrypted_models():
        names = [field.attname for field in encrypted_fields(model)]
        for row in model._base_manager.all():
            opened += sum(getattr(row, name) is not None for name in names)
    return [] if opened else ["nothing was encrypted"]


def everywhere() -> list[str]:
    checks: list[Callable[[], list[str]]] = [
        faults_of_referrals,
        faults_of_needs,
        faults_of_consents,
        faults_of_the_clock,
        faults_of_copies,
        faults_of_chains,
    ]
    return [fault for check in checks for fault in check()]
