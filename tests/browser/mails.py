"""What Relais writes to members: each mail whole, word for word, but for a code and an address."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email.message import EmailMessage

from django.conf import settings
from django.utils import translation

from referrals.notices import NOTICES, OF_A_REFERRAL, TO_POLICE
from tests.browser.server import Site

CODE = r"[0-9A-Z]{3}-[0-9A-Z]{3}"
ADDRESS = re.compile(r"^https?://[^/\s]+/(?:en|fr)/[a-z/-]*(?:[0-9a-f-]{36}/)?$")
SIGN_IN, NO_ANSWER = "Sign in to read it", "Relais sends this message by itself. Please do not answer it."
LISTINGS = settings.BASE_DIR / "fixtures" / "network" / "services" / "demo.json"


@dataclass
class Mails:
    """Who was written to, and in which languages."""

    readers: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)


def read_mails(site: Site, secrets: list[str]) -> Mails:
    """Everything that is owed is sent, and read: nothing stands in it but what may stand in any mail."""
    told = Mails()
    kept_out = [*secrets, *service_names()]
    for message in site.mails():
        subject, content = str(message["Subject"]).strip(), plain(message)
        text = f"{subject}\n{content}"
        assert [word for word in kept_out if word in text] == [], text
        told.languages.add(language_of(subject, content.splitlines()))
        told.readers.add(str(message["To"]))
        told.codes |= set(re.findall(CODE, text))
    assert told.readers
    return told


def plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).rstrip()


def language_of(subject: str, lines: list[str]) -> str:
    """The one language all of it is written in. Every line is one of ours; what is not fails."""
    for language in ("en", "fr"):
        with translation.override(language):
            notices = [*NOTICES.values(), OF_A_REFERRAL, TO_POLICE]
            subjects = {pattern(str(notice.subject)) for notice in notices}
            said = {pattern(str(notice.line)) for notice in notices}
            ends = [translation.gettext(SIGN_IN), translation.gettext(NO_ANSWER)]
        line, sign_in, address, empty, no_answer = lines
        if not any(re.fullmatch(one, subject) for one in subjects):
            continue
        assert any(re.fullmatch(one, line) for one in said), line
        assert sign_in in (f"{ends[0]}:", f"{ends[0]}\u00a0:")
        assert no_answer == ends[1]
        assert ADDRESS.match(address), address
        assert empty == ""
        if f"/{language}/" in address:
            return language
    raise AssertionError(f"no mail of ours: {subject}")


def pattern(words: str) -> str:
    return re.escape(words).replace(re.escape("%(code)s"), CODE)


def service_names() -> list[str]:
    rows = json.loads(LISTINGS.read_text(encoding="utf-8"))
    return [row[name] for row in rows for name in ("name_en", "name_fr")]
