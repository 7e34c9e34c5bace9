"""Sending and fetching a file, and saying what has been read."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from partners.actor import Actor
from partners.errors import NotSeen
from referrals.documents import add_document, open_document
from referrals.downloads import as_download, received
from referrals.forms.acts import DocumentForm, ReadForm
from referrals.unread import mark_read
from referrals.views.shared import actor_of, to_referral
from referrals.views.steps import step


@require_POST
def document_new(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    def send(*, referral_id: UUID, actor: Actor, file: UploadedFile) -> object:
        name = file.name or ""
        return add_document(referral_id=referral_id, actor=actor, name=name, content=received(file))

    form = DocumentForm(request.POST, request.FILES, auto_id="document-%s")
    return step(request, referral_id, "document", form, send, "#documents")


@require_GET
def document(request: HttpRequest, referral_id: UUID, document_id: UUID) -> HttpResponse:
    return as_download(
        *open_document(referral_id=referral_id, document_id=document_id, actor=actor_of(request))
    )


@require_POST
def messages_read(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    form = ReadForm(request.POST)
    if not form.is_valid():
        raise NotSeen
    mark_read(referral_id=referral_id, actor=actor, **form.cleaned_data)
    messages.success(request, _("Marked as read."))
    return to_referral(referral_id, actor, "#messages")
