"""What members of a suspended organization are shown, whatever page of theirs they ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from partners.joining.network import network_contacts
from partners.middleware import actor_of


class SuspensionMiddleware:
    """To members of a suspended organization every page of theirs says so, and whom to ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Public pages stay, and the pages of one's own account; another organization can be chosen."""
        match = request.resolver_match
        name = match.view_name if match is not None else ""
        own = name.startswith(("account_", "mfa_")) or name == "partners:organization_switch"
        if own or not getattr(view, "login_required", True):
            return None
        if not actor_of(request).suspended:
            return None
        return render(request, "partners/suspended.html", {"contacts": network_contacts()}, status=403)
