"""The safe-contact block: how it is read, which ways it allows, and what of it may be shown.

What is not clearly allowed is not allowed. Whoever offers a way to reach the person, a link, a form or
a mail, asks ``allowed_methods``; whoever shows the block shows ``shown``, or ``contact_rules`` of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import phonenumbers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.phones import dial, phone_display
from referrals.details import clean_text
from referrals.models import ContactMethod

METHODS = tuple(ContactMethod.values)
TEXTS = {"phone": 30, "email": 254, "hours": 200, "code_word": 60}
SWITCHES = ("voicemail", "text", "do_not_contact")
# Which detail each way needs, and shows.
DETAIL_OF = {"call": "phone", "text": "phone", "email": "email"}


def allowed_methods(block: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Codes of ``ContactMethod``. What is not clearly allowed is not allowed."""
    if not block or block.get("do_not_contact"):
        return ()
    wanted = block.get("methods") or []
    known = {
        "call": bool(block.get("phone")),
        "text": bool(block.get("phone") and block.get("text")),
        "email": bool(block.get("email")),
        "in_person": True,
    }
    return tuple(method for method, possible in known.items() if possible and method in wanted)


def shown(block: Mapping[str, Any] | None) -> dict[str, Any]:
    """The block without the number and the address that no allowed way uses.

    Where nobody may contact the person nothing is left but that.
    """
    if not block:
        return {}
    if block.get("do_not_contact"):
        return {"methods": [], **dict.fromkeys(TEXTS, ""), **dict.fromkeys(SWITCHES, False), **_CLOSED}
    used = {DETAIL_OF.get(method) for method in allowed_methods(block)}
    hidden = {name: "" for name in ("phone", "email") if name in block and name not in used}
    return {**block, **hidden}


_CLOSED = {"do_not_contact": True}


def read(value: Any) -> dict[str, Any]:
    """The whole block from untrusted input. Raises ValueError with a message for the reader."""
    block = value or {}
    known = {"methods", *TEXTS, *SWITCHES}
    if not isinstance(block, Mapping) or not set(block) <= known:
        raise ValueError(gettext_lazy("Safe contact does not hold this."))
    methods = block.get("methods") or []
    if not isinstance(methods, list) or any(method not in METHODS for method in methods):
        raise ValueError(gettext_lazy("Choose the safe ways from the list."))
    if any(not isinstance(block.get(name, False), bool) for name in SWITCHES):
        raise ValueError(gettext_lazy("Say yes or no."))
    given = {name: block.get(name) for name in TEXTS}
    texts = {
        name: clean_text("" if given[name] is None else given[name], length) for name, length in TEXTS.items()
    }
    _check(methods, texts, may_text=bool(block.get("text", False)))
    return {
        "methods": [method for method in METHODS if method in methods],
        **texts,
        **{name: bool(block.get(name, False)) for name in SWITCHES},
    }


def _check(methods: list[str], texts: Mapping[str, str], *, may_text: bool) -> None:
    if texts["phone"] and not _is_number(texts["phone"]):
        raise ValueError(gettext_lazy("Enter a telephone number such as 204-555-0142."))
    if {"call", "text"} & set(methods) and not texts["phone"]:
        raise ValueError(gettext_lazy("Calling and texting need the safe number."))
    if "email" in methods and not texts["email"]:
        raise ValueError(gettext_lazy("E-mail needs the safe address."))
    if may_text and "text" not in methods:
        raise ValueError(gettext_lazy("Who may be texted has text message among the safe ways."))


def _is_number(text: str) -> bool:
    """A whole number, as in Canada unless it says another country."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text, "CA"))
    except phonenumbers.NumberParseException:
        return False


@dataclass(frozen=True)
class Rule:
    """One line of the safe-contact box: allowed or not, with its icon, and the link that does it."""

    allowed: bool
    icon: str
    text: str
    href: str = ""


def contact_rules(block: Mapping[str, Any] | None) -> list[Rule]:
    """The block as rules. A link is there for an allowed way only."""
    if not block:
        return []
    if block.get("do_not_contact"):
        return [Rule(False, "minus_circle", _("Do not contact. Speak only to the worker."))]
    allowed = allowed_methods(block)
    rules = _ways(block, allowed)
    if "call" in allowed:
        voicemail = bool(block.get("voicemail"))
        text = _("You may leave a voicemail") if voicemail else _("Do not leave a voicemail")
        rules.append(Rule(voicemail, "voicemail", text))
    if block.get("hours"):
        rules.append(Rule(True, "clock", _("Safe times: %(times)s") % {"times": block["hours"]}))
    if block.get("code_word"):
        rules.append(Rule(True, "key", _("Code word: “%(word)s”") % {"word": block["code_word"]}))
    return rules


def _ways(block: Mapping[str, Any], allowed: tuple[str, ...]) -> list[Rule]:
    phone, email = block.get("phone") or "", block.get("email") or ""
    number = {"number": phone_display(phone)}
    rules = [
        Rule(True, "phone", _("Call %(number)s") % number, f"tel:{dial(phone)}")
        if "call" in allowed
        else Rule(False, "phone", _("Do not call")),
        Rule(True, "text", _("Text %(number)s") % number, f"sms:{dial(phone)}")
        if "text" in allowed
        else Rule(False, "text", _("Do not text")),
    ]
    if "email" in allowed:
        # One address and nothing else, whatever signs it holds.
        link = f"mailto:{quote(email, safe='@')}"
        rules.append(Rule(True, "note", _("E-mail %(address)s") % {"address": email}, link))
    if "in_person" in allowed:
        rules.append(Rule(True, "talk", _("In person")))
    return rules
