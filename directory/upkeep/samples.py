"""Phone samples: listings drawn by lot, called by a human, and what the calls found.

Crisis lines are left out, and listings that have no other number than that of one: a call about a listing
must never take the line from somebody in need.
"""

from __future__ import annotations

from collections.abc import Iterable
from secrets import SystemRandom
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.crisis import crisis_lines
from directory.models import (
    Attribute,
    CheckMethod,
    Phone,
    PhoneCheck,
    PhoneSample,
    ReportKind,
    Service,
    Taxonomy,
)
from directory.models.attachments import PhoneKind
from directory.proposals import reports
from directory.querysets import is_public
from directory.upkeep.access import is_published
from directory.upkeep.accuracy import is_all_right
from directory.upkeep.checks import confirm
from directory.vocabulary import vocabulary
from partners import audit
from partners.actor import ANONYMOUS, Actor
from partners.errors import Conflict, Invalid, NotSeen
from partners.phones import digits
from partners.roles import Capability

MOST = 500
NEWEST = 24
CRISIS = "crisis"
ANSWERS = ("reached", "still_offered", "hours_right", "eligibility_right", "intake_right")
KINDS = {
    "reached": ReportKind.PHONE,
    "still_offered": ReportKind.CLOSED,
    "hours_right": ReportKind.HOURS,
    "eligibility_right": ReportKind.ELIGIBILITY,
    "intake_right": ReportKind.OTHER,
}
_lot = SystemRandom()


def samples(actor: Actor) -> list[PhoneSample]:
    """The newest two years' worth, newest first, with their checks."""
    actor.require(Capability.KEEP_CATALOGUE)
    return list(PhoneSample.objects.prefetch_related("checks")[:NEWEST])


def sample_of(actor: Actor, sample_id: UUID) -> PhoneSample:
    """With its checks, and of each the listing's names."""
    actor.require(Capability.KEEP_CATALOGUE)
    checks = PhoneCheck.objects.select_related("service__organization").order_by("pk")
    rows = PhoneSample.objects.prefetch_related(Prefetch("checks", checks))
    sample = rows.filter(pk=sample_id).first()
    if sample is None:
        raise NotSeen
    return sample


def check_of(actor: Actor, check_id: UUID) -> PhoneCheck:
    actor.require(Capability.KEEP_CATALOGUE)
    check = PhoneCheck.objects.select_related("sample").filter(pk=check_id).first()
    if check is None:
        raise NotSeen
    return check


@transaction.atomic
def draw(actor: Actor, size: int) -> PhoneSample:
    """So many published listings with a number to call, each as likely as any other; all, if there are fewer.

    Raises Refused and Invalid.
    """
    actor.require(Capability.KEEP_CATALOGUE)
    if not 1 <= size <= MOST:
        raise Invalid({"size": [_("Enter a number from 1 to %(most)s.") % {"most": MOST}]})
    ids = list(callable_listings().order_by("pk").values_list("pk", flat=True))
    if not ids:
        raise Invalid({"size": [_("There is no listing with a phone number.")]})
    sample = PhoneSample.objects.create(drawn_by_id=actor.user_id, population=len(ids))
    drawn = _lot.sample(ids, min(size, len(ids)))
    PhoneCheck.objects.bulk_create(PhoneCheck(sample=sample, service_id=service_id) for service_id in drawn)
    details = {"drawn": len(drawn)}
    audit.record(audit.Entry(actor, "draw_sample", "sample", sample.pk, details=details))
    return sample


def callable_listings() -> QuerySet[Service]:
    voice = Phone.objects.filter(service=OuterRef("pk"), kind=PhoneKind.VOICE)
    voice = voice.exclude(number__in=_crisis_numbers())
    crisis = Attribute.objects.filter(service=OuterRef("pk"), term__in=_crisis_terms())
    return Service.objects.visible_to(ANONYMOUS).filter(Exists(voice), ~Exists(crisis))


def _crisis_numbers() -> list[str]:
    """Those of the help lines and of listings under crisis, in every way in which a listing writes them."""
    lines = {digits(number) for line in crisis_lines().sourced for number in line.calls}
    voice = Phone.objects.filter(kind=PhoneKind.VOICE, service__isnull=False).order_by().distinct()
    under = voice.filter(service__attributes__term__in=_crisis_terms()).values_list("number", flat=True)
    lines |= {digits(number) for number in under}
    return [number for number in voice.values_list("number", flat=True) if digits(number) in lines]


def _crisis_terms() -> list[UUID]:
    return [term.id for term in vocabulary().with_below(Taxonomy.CATEGORY, CRISIS)]


@transaction.atomic
def record(
    actor: Actor, check_id: UUID, answers: dict[str, bool | None], *, report: bool = False
) -> PhoneCheck:
    """What the call found, once. All right: the listing is confirmed by it. ``report``: what was wrong is
    reported to its owner. Raises Refused, NotSeen, Invalid, and Conflict where somebody called already."""
    actor.require(Capability.KEEP_CATALOGUE)
    given = {name: answers.get(name) for name in ANSWERS}
    if given["reached"] is None:
        raise Invalid({"reached": [_("Say whether somebody answered.")]})
    if given["reached"] and given["still_offered"] is None:
        raise Invalid({"still_offered": [_("Say whether the service is still offered.")]})
    if not given["reached"]:
        given = dict.fromkeys(ANSWERS, None) | {"reached": False}
    check = check_of(actor, check_id)
    now = timezone.now()
    open_check = PhoneCheck.objects.filter(pk=check.pk, called_at__isnull=True)
    if not open_check.update(**given, called_at=now, called_by_id=actor.user_id):
        raise Conflict(_("Somebody has recorded this call already."))
    check.refresh_from_db()
    service = Service.objects.get(pk=check.service_id)
    if is_all_right(check) and is_published(service):
        confirm(actor, service, method=CheckMethod.CALL)
    if report:
        _report(service, [name for name in ANSWERS if given[name] is False])
    left = PhoneCheck.objects.filter(sample=check.sample_id, called_at__isnull=True)
    if not left.exists():
        PhoneSample.objects.filter(pk=check.sample_id).update(closed_at=now)
    details = {"right": is_all_right(check)}
    audit.record(audit.Entry(actor, "record_call", "sample", check.sample_id, details=details))
    return check


def _report(service: Service, wrong: Iterable[str]) -> None:
    """Of what everybody sees alone: the rest is nobody's harm."""
    if is_public(service):
        for kind in dict.fromkeys(KINDS[name] for name in wrong):
            reports.report(service_id=service.pk, kind=kind.value)
