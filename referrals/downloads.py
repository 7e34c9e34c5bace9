"""How a file leaves: as a download under a neutral name, which no browser opens on our own origin."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse

from partners.uploads import MAX_BYTES
from referrals.documents import DocumentView

HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store, private",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def as_download(document: DocumentView, content: bytes) -> HttpResponse:
    disposition = f'attachment; filename="{document.file_name}"'
    return HttpResponse(
        content,
        content_type=document.media_type,
        headers={**HEADERS, "Content-Disposition": disposition},
    )


def received(upload: UploadedFile | None) -> bytes | None:
    """The bytes that came; of a file that was too large to keep, as many as to tell that it was."""
    if upload is None:
        return None
    content: bytes = upload.read()
    return content if len(content) == upload.size else bytes(MAX_BYTES + 1)
