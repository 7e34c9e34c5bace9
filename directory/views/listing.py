"""One listing, as the public sees it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from directory.hooks import listing_panels
from directory.listing_page import listing_view
from directory.models import Service
from directory.upkeep.merging import kept_instead
from directory.vocabulary import vocabulary
from partners.actor import ANONYMOUS
from partners.errors import NotSeen


@login_not_required
@require_safe
@gzip_page
def listing(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """404 for what is not published, whoever asks: an editor's drafts have their own pages.

    What was merged with another listing leads to that one.
    """
    services = Service.objects.visible_to(ANONYMOUS).for_listing()
    service = services.filter(pk=service_id).first()
    if service is None:
        kept = kept_instead(service_id)
        if kept is None or not services.filter(pk=kept).exists():
            raise NotSeen
        return redirect("directory:listing", service_id=kept)
    context = {
        "listing": listing_view(service, vocabulary()),
        "panels": listing_panels(request, service),
    }
    return render(request, "directory/listing.html", context)
