"""The sessions a member has open: told apart by kind of browser and hour, and ended from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from partners.models import OpenSession, User

# In this order: most browsers also name those that they want to be taken for.
FAMILIES = (
    ("Edge", re.compile(r"Edg(e|A|iOS)?/")),
    ("Opera", re.compile(r"OPR/|Opera")),
    ("Samsung Internet", re.compile(r"SamsungBrowser/")),
    ("Firefox", re.compile(r"Firefox/|FxiOS/")),
    ("Chrome", re.compile(r"Chrome/|CriOS/|Chromium/")),
    ("Safari", re.compile(r"Safari/")),
)
MOST = 50


def family_of(user_agent: str) -> str:
    """Empty for one that is none of the known."""
    return next((name for name, pattern in FAMILIES if pattern.search(user_agent)), "")


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def open_one(request: HttpRequest, user: User) -> None:
    """The session that a sign-in has just made."""
    if not request.session.session_key:
        request.session.save()
    now = timezone.now()
    OpenSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "browser": family_of(request.META.get("HTTP_USER_AGENT", "")),
            "started_at": now,
            "last_seen_at": hour_of(now),
        },
    )


def seen(request: HttpRequest) -> None:
    OpenSession.objects.filter(session_key=request.session.session_key).update(
        last_seen_at=hour_of(timezone.now())
    )


def of_user(user_id: UUID) -> QuerySet[OpenSession]:
    """Those that are still open, the last seen first."""
    living = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return OpenSession.objects.filter(Exists(living), user_id=user_id)


def end(rows: Iterable[OpenSession]) -> int:
    """How many were ended. Their next request is one without a sign-in."""
    keys = [row.session_key for row in rows]
    Session.objects.filter(session_key__in=keys).delete()
    OpenSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def end_all(user_id: UUID, *, but: str | None = None) -> int:
    """Every session of the member, ``but`` the one with this key: their password or place has changed."""
    return end(OpenSession.objects.filter(user_id=user_id).exclude(session_key=but or ""))


def on_sign_out(sender: object, request: HttpRequest, **_more: Any) -> None:
    OpenSession.objects.filter(session_key=request.session.session_key or "").delete()


def on_password_changed(sender: object, request: HttpRequest, user: User, **_more: Any) -> None:
    """The session that changed it goes on under a new key; every other one ends."""
    end_all(user.pk, but=request.session.session_key)
    open_one(request, user)


def forget_ended() -> None:
    """Rows of sessions that are over leave the database. One that is being made has a moment's grace."""
    living = Session.objects.filter(session_key=OuterRef("session_key"))
    begun = OpenSession.objects.filter(started_at__lt=timezone.now() - timedelta(hours=1))
    begun.filter(~Exists(living)).delete()
