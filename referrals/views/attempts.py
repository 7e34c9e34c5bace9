"""An attempt to reach the person, written down from the page of the referral."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from referrals.attempts import record_attempt
from referrals.forms.reaching import AttemptForm
from referrals.views.steps import step


@require_POST
def attempt_new(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    form = AttemptForm(request.POST, auto_id="attempt-%s")
    return step(request, referral_id, "attempt", form, record_attempt, "#attempts")
