"""The first page of all that keeps an organization going. What stands on it follows from capabilities."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners.middleware import actor_of, standing_of
from partners.models import User
from partners.people.forms import role_label
from partners.people.members import in_order


@require_safe
def organization(request: HttpRequest) -> HttpResponse:
    """The frame's ``hub`` lists what there is (config.navigation)."""
    user, own = request.user, actor_of(request).organization_id
    standing = standing_of(user) if isinstance(user, User) else []
    here = [row for row in standing if row.organization_id == own]
    context = {
        "organization": here[0].organization if here else None,
        "roles": [role_label(role) for role in in_order([row.role for row in here])],
    }
    return render(request, "partners/organization.html", context)
