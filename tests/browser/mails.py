"""What Relais writes: each mail whole, word for word, but for codes, names of organizations and addresses."""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation

from directory.proposals.notices import NOTICES as OF_LISTINGS
from directory.upkeep.notices import NOTICES as OF_UPKEEP
from partners.joining.notices import NOTICES as OF_JOINING
from partners.people.letters import JOINED
from referrals.notices import NOTICES, OF_A_REFERRAL, TO_POLICE
from tests.browser.server import Site

EVERY_NOTICE = [
    *(notice for part in (NOTICES, OF_LISTINGS, OF_UPKEEP, OF_JOINING) for notice in part.values()),
    *(OF_A_REFERRAL, TO_POLICE, JOINED),
]
CODE = r"[0-9A-Z]{3}-[0-9A-Z]{3}"
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# What a code may be: a referral's, or the number of a listing.
FILLED = {"code": "[0-9A-Za-z-]+", "number": "[0-9A-Za-z-]+", "days": r"\d+"}
ADDRESS = re.compile(r"^https?://[^/\s]+/(?:en|fr)/[a-z/-]*(?:[0-9a-f-]{36}/(?:[a-z]+/)?)?$")
SECRET_ADDRESS = re.compile(r"^https?://[^/\s]+/(?:(?:en|fr)/[a-z/-]+|r)/[\w-]+/$")
SIGN_IN, NO_ANSWER = "Sign in to read it", "Relais sends this message by itself. Please do not answer it."
DIGEST = "Relais: your notices of today"
LISTINGS = settings.BASE_DIR / "fixtures" / "network" / "services" / "demo.json"
CATALOG = Path(settings.LOCALE_PATHS[0]) / "fr" / "LC_MESSAGES" / "django.po"
# Where the words of letters stand: what goes to one address, with a link of its own.
LETTERS = ("/letters.py", "/notices.py", "/forgotten.py", "/mails.py")


@dataclass
class Mails:
    """Who was written to, and in which languages."""

    readers: set[str] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)


def read_mails(site: Site, secrets: list[str]) -> Mails:
    """Everything that is owed is sent, and read: nothing stands in it but what may stand in any mail."""
    told = Mails()
    for message in sent(site, secrets):
        subject, content = words(message)
        told.languages.add(language_of(subject, content.splitlines()))
        told.readers.add(str(message["To"]))
        told.codes |= set(re.findall(CODE, f"{subject}\n{content}"))
    assert told.readers
    return told


def link_for(site: Site, address: str, language: str, secrets: list[str]) -> str:
    """The path with a secret in it, of the one mail to this address that has one. Others are read too."""
    paths = []
    for message in sent(site, secrets):
        subject, content = words(message)
        spoken, lines = language_of(subject, content.splitlines()), content.splitlines()
        links = [line for line in lines if SECRET_ADDRESS.match(line) and not ADDRESS.match(line)]
        if message["To"] == address and links:
            assert spoken == language, subject
            paths += [urlsplit(line).path for line in links]
    (path,) = paths
    return path


def sent(site: Site, secrets: list[str]) -> list[EmailMessage]:
    """Everything that is owed, without one of these words or the name of a listing in it."""
    kept_out = [*secrets, *service_names()]
    messages = site.mails()
    for message in messages:
        text = "\n".join(words(message))
        assert [word for word in kept_out if word in text] == [], text
    return messages


def words(message: EmailMessage) -> tuple[str, str]:
    return str(message["Subject"]).strip(), plain(message)


def plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).rstrip()


def language_of(subject: str, lines: list[str]) -> str:
    """The one language all of it is written in. Every line is one of ours; what is not fails."""
    for language in ("en", "fr"):
        with translation.override(language):
            ends = [translation.gettext(SIGN_IN), translation.gettext(NO_ANSWER)]
        if any(line.startswith(ends[0]) for line in lines):
            if _is_notice(language, subject, lines, ends):
                return language
        elif _is_letter(language, subject, lines):
            return language
    raise AssertionError(f"no mail of ours: {subject}\n" + "\n".join(lines))


def _is_notice(language: str, subject: str, lines: list[str], ends: list[str]) -> bool:
    """What a member may read at once: one line, or one for each notice of the day."""
    with translation.override(language):
        subjects = [pattern(str(notice.subject)) for notice in EVERY_NOTICE]
        says = [pattern(str(notice.line)) for notice in EVERY_NOTICE]
        digest = translation.gettext(DIGEST)
    *said, sign_in, address, empty, no_answer = lines
    assert ADDRESS.match(address), address
    assert sign_in in (f"{ends[0]}:", f"{ends[0]}\u00a0:")
    assert (empty, no_answer) == ("", ends[1])
    known = subject == digest or (len(said) == 1 and any(re.fullmatch(one, subject) for one in subjects))
    told = all(any(re.fullmatch(one, line) for one in says) for line in said)
    return known and told and f"/{language}/" in address


def _is_letter(language: str, subject: str, lines: list[str]) -> bool:
    """Each line is one of the letters' own. Where nobody's language is known it is said in both."""
    said = [line.rstrip(":\u00a0") for line in lines if line and not re.match("https?://", line)]
    either = [*letters("en"), *letters("fr")]
    known = all(any(re.fullmatch(one, line) for one in either) for line in said)
    return known and any(re.fullmatch(one, subject) for one in letters(language))


@functools.cache
def letters(language: str) -> list[str]:
    """Patterns of what letters are made of, as the catalogue has it."""
    with CATALOG.open("rb") as file:
        catalog = read_po(file, locale="fr")
    texts = [
        message.id if language == "en" else message.string
        for message in catalog
        if isinstance(message.id, str) and any(path.endswith(LETTERS) for path, _line in message.locations)
    ]
    return [pattern(str(text)) for text in texts if text]


def pattern(text: str) -> str:
    parts = PLACEHOLDER.split(text)  # words and names in turn
    return "".join(FILLED.get(part, ".+") if at % 2 else re.escape(part) for at, part in enumerate(parts))


def service_names() -> list[str]:
    rows = json.loads(LISTINGS.read_text(encoding="utf-8"))
    return [row[name] for row in rows for name in ("name_en", "name_fr")]
