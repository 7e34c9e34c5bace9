"""The safe-contact block: what is refused on input, what is offered, linked and shown, and what never is."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

import pytest

from partners.errors import Invalid
from referrals.clients import change_client
from referrals.consent import disclose
from referrals.models import ContactMethod
from referrals.safe_contact import allowed_methods, contact_rules, shown
from tests.referrals.pages import SAFE_CONTACT, WORD, World, address, browser

PHONE, EMAIL = "204-555-0188", "planted@person.example"
FULL = {**SAFE_CONTACT, "methods": list(ContactMethod.values), "email": EMAIL, "voicemail": True}
METHODS = [
    list(some) for some in chain.from_iterable(combinations(ContactMethod.values, n) for n in range(5))
]


@pytest.mark.parametrize("methods", METHODS, ids="-".join)
@pytest.mark.parametrize("text", [True, False])
def test_a_way_that_is_not_allowed_is_neither_offered_nor_linked_nor_shown(
    methods: list[str], text: bool
) -> None:
    block = {**FULL, "methods": methods, "text": text}
    allowed = allowed_methods(block)
    assert set(allowed) == set(methods) - (set() if text else {"text"})
    links = {rule.href.split(":")[0] for rule in contact_rules(block) if rule.href}
    schemes = {"call": "tel", "text": "sms", "email": "mailto"}
    assert links == {schemes[method] for method in allowed if method in schemes}
    words = " ".join(rule.text for rule in contact_rules(block)) + str(shown(block))
    assert (PHONE in words) == bool({"call", "text"} & set(allowed))
    assert (EMAIL in words) == ("email" in allowed)
    assert WORD in words
    assert shown(shown(block)) == shown(block)


def test_do_not_contact_leaves_nothing_but_that() -> None:
    block = {**FULL, "do_not_contact": True}
    assert allowed_methods(block) == ()
    assert [(rule.allowed, rule.href) for rule in contact_rules(block)] == [(False, "")]
    assert shown(block) == {
        "methods": [],
        "phone": "",
        "email": "",
        "hours": "",
        "code_word": "",
        "voicemail": False,
        "text": False,
        "do_not_contact": True,
    }
    assert shown({}) == {}
    assert shown(FULL) == FULL


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"methods": ["call"], "phone": ""},
        {"methods": ["text"], "phone": "", "text": True},
        {"methods": ["email"], "email": ""},
        {"methods": ["call"], "text": True},
        {"phone": "12"},
        {"phone": "555-0188"},
        {"phone": "204-123-4567"},
        {"phone": "no number at all"},
        {"methods": ["pigeon"]},
        {"methods": "call"},
        {"voicemail": "yes"},
        {"address": "12 Planted Street"},
        {"code_word": "w" * 61},
        {"hours": "\x00"},
    ],
)
def test_a_block_that_cannot_be_is_refused_and_nothing_changes(wrong: dict[str, Any]) -> None:
    world = World()
    with pytest.raises(Invalid) as error:
        change_client(
            actor=world.actor(world.nadia), client_id=world.person.pk, safe_contact={**FULL, **wrong}
        )
    assert set(error.value.errors) == {"safe_contact"}
    world.person.refresh_from_db()
    assert world.person.safe_contact == SAFE_CONTACT


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_both_sides_read_the_box_and_a_closed_one_shows_no_number(language: str) -> None:
    world = World()
    change_client(actor=world.actor(world.nadia), client_id=world.person.pk, safe_contact=FULL)
    referral = world.accepted()
    pages = [
        (world.nadia, address("client", world.person.pk, language=language)),
        (world.nadia, address("detail", referral.pk, language=language)),
        (world.tom, address("detail", referral.pk, language=language)),
    ]
    for user, page in pages:
        text = browser(user, language).get(page).content.decode()
        box = text.index('class="safety"')
        assert "tel:+12045550188" in text
        # Before anything else that could be dialled or written to.
        assert text.index("tel:+1204") > box
        assert f"mailto:{EMAIL}" in text

    closed = {**FULL, "do_not_contact": True}
    change_client(actor=world.actor(world.nadia), client_id=world.person.pk, safe_contact=closed)
    for user, page in pages:
        text = browser(user, language).get(page).content.decode()
        for hidden in ("555-0188", "+12045550188", EMAIL, WORD):
            assert hidden not in text, page
        assert {"en": "Do not contact", "fr": "Aucun contact"}[language] in text
    view = disclose(referral, world.actor(world.tom))
    assert PHONE not in str(view)
    edit = browser(world.nadia, language).get(address("client_edit", world.person.pk, language=language))
    assert PHONE in edit.content.decode()
