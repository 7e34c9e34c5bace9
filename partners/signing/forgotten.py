"""A lost password: a letter with a link that works once and for an hour, whoever asked.

The link holds Django's signed token over the password and the last sign-in, so that nothing is stored
and setting a password, or signing in, ends every link. It opens no session: the new password is entered
at the sign-in, and the second step follows there as always.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import audit
from partners.access import account_of, memberships_of
from partners.actor import Actor, Channel
from partners.models import Organization, OutboxRow, User
from partners.notifications import outbox, tasks
from partners.notifications.kinds import Letter
from partners.rate_limit import within_limit, within_limit_of
from partners.signing import sessions
from partners.signing.forms import ForgottenPassword, NewPassword

KIND = "sign_in.password"
HOUR = 60 * 60
ASKED_FROM_ONE_PLACE, ASKED_FOR_ONE_ADDRESS = 10, 3


class Links(PasswordResetTokenGenerator):
    """In UTC: Django's own counts by the clock on the wall, which has an hour twice in autumn."""

    def _now(self) -> datetime:
        return datetime.now(UTC).replace(tzinfo=None)


links = Links()


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """The answer is the same for an address that nobody has, a closed account and one letter too many."""
    form = ForgottenPassword(request.POST or None)
    if not form.is_valid():
        return render(request, "account/forgotten.html", {"form": form})
    if not within_limit(request, "password", attempts=ASKED_FROM_ONE_PLACE, seconds=HOUR):
        return render(request, "errors/400.html", {"message": too_many(), "code": "rate_limited"}, status=429)
    email = form.cleaned_data["email"].lower()
    if within_limit_of(email, "password", attempts=ASKED_FOR_ONE_ADDRESS, seconds=HOUR):
        owe_letter(email)
    return render(request, "account/forgotten_sent.html")


def too_many() -> str:
    return _("Too many attempts. Wait an hour and try again.")


def owe_letter(email: str) -> None:
    user = account_of(email)
    standing = memberships_of(user.pk).first() if user and user.is_active else None
    if user is None or standing is None:
        _take_as_long()
        return
    with transaction.atomic():
        outbox.add(standing.organization_id, KIND, user.pk, "")


def _take_as_long() -> None:
    """The same work for nobody, taken back: the time of the answer must not tell who has an account."""
    organization = Organization.objects.order_by("pk").first()
    if organization is not None:
        with transaction.atomic():
            outbox.add(organization.pk, KIND, uuid4(), "")
            transaction.set_rollback(True)
        tasks.wake(uuid4())


def letter(row: OutboxRow) -> list[Letter]:
    """Written when it is sent: the hour begins then."""
    user = User.objects.filter(pk=row.object_id, is_active=True).first()
    if user is None:
        return []
    with translation.override(user.language):
        return [
            Letter(
                recipient=user.pk,
                address=user.email,
                language=user.language,
                subject=_("Relais: choose a new password"),
                lines=[
                    _("Somebody asked for a new password for this address."),
                    _("The link works once, for one hour."),
                ],
                url=settings.BASE_URL + reverse("account_new_password", args=[token_of(user)]),
                url_label=_("Choose a new password"),
                closing=[_("If it was not you, do nothing. Your password stays as it is.")],
            )
        ]


def token_of(user: User) -> str:
    return f"{user.pk.hex}.{links.make_token(user)}"


def user_of(token: str) -> User | None:
    """Nobody for a link that is made up, used, too old, or of a closed account."""
    number, _dot, signed = token.partition(".")
    try:
        user = User.objects.filter(pk=UUID(hex=number), is_active=True).first()
    except ValueError:
        return None
    return user if user and links.check_token(user, signed) else None


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    user = user_of(token)
    if user is None:
        return render(request, "account/new_password_dead.html", status=404)
    form = NewPassword(user, request.POST or None)
    if not form.is_valid():
        return render(request, "account/new_password.html", {"form": form})
    if not _change(user.pk, token, form):
        return render(request, "account/new_password_dead.html", status=404)
    return redirect("account_login")


def _change(user_id: UUID, token: str, form: NewPassword) -> bool:
    """False where another request has used the link meanwhile."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user_id)
        user = user_of(token)
        if user is None:
            return False
        user.set_password(form.cleaned_data["new_password1"])
        user.save(update_fields=["password"])
        sessions.end_all(user.pk)
        chains = tuple(memberships_of(user.pk).values_list("organization_id", flat=True))
        actor = Actor(channel=Channel.LINK, user_id=user.pk)
        audit.record(audit.Entry(actor, "password.reset", "user", user.pk, chains=chains))
    return True
