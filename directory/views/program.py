"""The complete profile of one program."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from directory.models import Program
from directory.program_profile import program_view
from directory.vocabulary import vocabulary
from partners.errors import NotSeen


@login_not_required
@require_safe
@gzip_page
def program(request: HttpRequest, program_id: UUID) -> HttpResponse:
    found = (
        Program.objects.select_related("organization")
        .prefetch_related("aliases", "attributes__term")
        .filter(pk=program_id)
        .first()
    )
    if found is None:
        raise NotSeen
    return render(request, "directory/program.html", {"program": program_view(found, vocabulary())})
