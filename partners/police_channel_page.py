"""The page on which a manager switches the police channel."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners.errors import Invalid
from partners.middleware import actor_of
from partners.police_channel import switch, uses_channel
from partners.roles import Capability


@require_http_methods(["GET", "HEAD", "POST"])
def police_channel(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Capability.SWITCH_POLICE_CHANNEL)
    if request.method != "POST":
        return render(request, "partners/police_channel.html", {"on": uses_channel(actor.organization_id)})
    wanted = request.POST.get("channel", "")
    if wanted not in ("on", "off"):
        choose = _("Choose on or off.")
        raise Invalid({"channel": [choose]}, choose)
    switch(actor=actor, on=wanted == "on")
    messages.success(request, _("Recorded."))
    return redirect("partners:police_channel")
