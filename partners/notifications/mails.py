"""How a mail of Relais looks: text and HTML, in the reader's language, with a code and one link.

What happened, to whom and why stands behind the sign-in only; a letter says what its writer wrote.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from partners.bilingual import HTML_LANGUAGES, reader_language
from partners.models import Notification, OutboxRow, User
from partners.notifications.kinds import Letter, notice_of

# So many notices stand in a digest one by one.
LISTED = 50


@dataclass(frozen=True)
class Words:
    """What one mail says, already in its language."""

    subject: str
    lines: Sequence[str]
    url: str
    url_label: str
    closing: Sequence[str] = ()


def of_notice(number: UUID, row: OutboxRow, user: User) -> EmailMultiAlternatives:
    """To a member: that there is something, and where to sign in to read it."""
    notice, words = notice_of(row), {"code": row.code}
    with translation.override(user.language):
        where = [row.object_id] if notice.at_object else []
        said = Words(
            str(notice.subject) % words,
            [str(notice.line) % words],
            settings.BASE_URL + reverse(notice.route, args=where),
            _("Sign in to read it"),
        )
        return _mail(number, user.email, said)


def of_digest(number: UUID, notices: Sequence[Notification], user: User) -> EmailMultiAlternatives:
    """To a member who wants one mail a day: everything that is new, each in the words of its own mail."""
    with translation.override(user.language):
        lines = [str(notice_of(one).line) % {"code": one.code} for one in notices[:LISTED]]
        if len(notices) > LISTED:
            lines.append(_("And %(more)s more.") % {"more": len(notices) - LISTED})
        said = Words(
            _("Relais: your notices of today"),
            lines,
            settings.BASE_URL + reverse("partners:notices"),
            _("Sign in to read it"),
        )
        return _mail(number, user.email, said)


def of_letter(number: UUID, letter: Letter) -> EmailMultiAlternatives:
    """To an address outside, in the words of its writer."""
    with translation.override(letter.language):
        said = Words(letter.subject, letter.lines, letter.url, letter.url_label, letter.closing)
        return _mail(number, letter.address, said)


def message_id(number: UUID) -> str:
    """The same for each attempt, so that a mail program can tell that one came twice."""
    return f"<{number}@{urlsplit(settings.BASE_URL).hostname}>"


def _mail(number: UUID, address: str, said: Words) -> EmailMultiAlternatives:
    """In the language that is switched on."""
    closing = [*said.closing, _("Relais sends this message by itself. Please do not answer it.")]
    label = said.url_label or _("Open it in Relais")
    colon = pgettext("between a name and its value", ":")
    lines = [*said.lines, *([label + colon, said.url] if said.url else []), "", *closing]
    message = EmailMultiAlternatives(
        subject=said.subject,
        body="\n".join(lines) + "\n",
        to=[address],
        headers={"Message-ID": message_id(number), "Auto-Submitted": "auto-generated"},
    )
    context = {
        "said": said,
        "label": label,
        "closing": closing,
        "html_language": HTML_LANGUAGES[reader_language()],
    }
    message.attach_alternative(render_to_string("partners/mail.html", context), "text/html")
    return message
