"""What tests plant and must never find: a secret address in every way in, and a person's every field."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from directory.editing import save_organization, save_program, save_service
from directory.models import Program, Service
from directory.proposals import proposing, reports
from partners.actor import SYSTEM, Actor, Channel
from partners.errors import Invalid
from partners.roles import Capability
from referrals.actions import apply_action
from referrals.clients import record_child_protection
from referrals.consent_acts import withdraw_consent
from referrals.documents import add_document
from referrals.handoffs import plan_handoff
from referrals.messages import send_message
from referrals.models import Client, Referral
from tests.api.world import World
from tests.factories.files import pdf
from tests.factories.listings import AREA_PLACE, PUBLIC_PLACE, WITHHELD_PLACE, make_service

STREET, CODE = "4417 Plantedstreet Avenue", "R3X 9Z9"
LATITUDE, LONGITUDE = 49.812345, -97.167891
# As they may be written; compared without regard to case.
WHERE = ("plantedstreet", "planted-street", "r3x 9z9", "r3x9z9", "49.8123", "97.1678")
SOURCE = {
    "type": "news",
    "date": None,
    "source_says": True,
    "note_en": None,
    "note_fr": None,
    "other_urls": [f"https://news.example/{STREET.replace(' ', '-')}"],
    "url": f"https://news.example/house-at-{STREET.replace(' ', '-')}?near={LATITUDE},{LONGITUDE}",
}
TEXTS = ("name", "summary", "description", "eligibility", "hours_note")
ATTEMPTS: list[dict[str, Any]] = [
    *({"location": {"policy": p, **bad}} for p in ("withheld", "area_only", "", "unknown") for bad in (
        {"address_1": STREET}, {"postal_code": CODE}, {"postal_area": "R3X"},
        {"latitude": LATITUDE, "longitude": LONGITUDE}, {"area": STREET},
    )),
    *({f"{field}_{language}": f"Ring at {STREET}."} for field in TEXTS for language in ("en", "fr")),
    {"description_en": f"Post to {CODE}."},
    {"description_en": f"We are at {LATITUDE}, {LONGITUDE}."},
    {"aliases": [{"name": f"House at {STREET}", "language": "en", "kind": "other"}]},
    *({"phones": [{"number": "2045550111", "kind": "voice", "extension": None, "label_en": None,
                   "label_fr": None, name: STREET}]} for name in ("extension", "label_en", "label_fr")),
    {"website": f"https://women.example/{STREET.replace(' ', '-')}"},
    {"source": SOURCE},
    {"source": {**SOURCE, "url": "", "other_urls": [], "note_en": f"Seen at {STREET}"}},
]  # fmt: skip

PHONE, MAIL = "204-555-0199", "plantedmail@planted.example"
BIRTH = "1987-03-09"
TEXT_FIELDS = (
    "chosen_name legal_name gender pronouns indigenous_identity situation health family justice housing"
)
PERSON: dict[str, Any] = {
    **{name: f"Planted{name.replace('_', '')}" for name in TEXT_FIELDS.split()},
    "birth_date": BIRTH,
    "age_band": "unknown",
    "safe_contact": {
        "methods": ["call", "text", "email"],
        "phone": PHONE,
        "email": MAIL,
        "hours": "Plantedhours",
        "voicemail": False,
        "text": True,
        "code_word": "Plantedword",
        "do_not_contact": False,
    },
}
BESIDE = {
    name: f"Planted{name}"
    for name in ("witness", "report", "note", "message", "place", "companion", "document")
}
CONSENTED = {"chosen_name", "legal_name", "gender", "pronouns", "situation"}
PHONES = (PHONE, "204 555-0199", "2045550199", "204) 555-0199")
EVERYTHING = (
    *(PERSON[name] for name in TEXT_FIELDS.split()),
    *BESIDE.values(),
    *PHONES,
    *(BIRTH, "March 9, 1987", "9 mars 1987", MAIL, "Plantedhours", "Plantedword"),
)
NEVER_FOR_THE_RECEIVER = (
    *(PERSON[name] for name in TEXT_FIELDS.split() if name not in CONSENTED),
    BESIDE["witness"],
    BESIDE["report"],
)


def plant_person(world: World, status: str) -> Referral:
    """A person of her own for each referral: a new consent would carry the other referrals along."""
    person: Client = world.client(**PERSON)
    now = timezone.now()
    record_child_protection(
        actor=world.nadia, client_id=person.pk, state="reported", at=now, reported_to=BESIDE["report"]
    )
    row = world.referral("sent", person, note=BESIDE["note"])
    world.consent(person, how="spoken", witness=BESIDE["witness"])
    if status == "sent":
        return row
    apply_action(referral_id=row.pk, action="accept", actor=world.tom)
    soon = now + datetime.timedelta(hours=1)
    where = {"place": BESIDE["place"], "companion": BESIDE["companion"]}
    plan_handoff(referral_id=row.pk, actor=world.nadia, kind="accompanied", when=soon, **where)
    send_message(referral_id=row.pk, actor=world.nadia, text=BESIDE["message"])
    words = BESIDE["document"]
    add_document(
        referral_id=row.pk, actor=world.nadia, name=f"{words}.pdf", content=pdf(f"({words})".encode())
    )
    row.refresh_from_db()
    if status == "ended":
        withdraw_consent(actor=world.nadia, consent_id=row.consent_id, how="phone")
    elif status == "withdrawn":
        apply_action(referral_id=row.pk, action="withdraw", actor=world.nadia, reason="safety")
    return row


def plant_changes(service: Service) -> None:
    """While its address is shown: a move, words that tell it, and a report that does."""
    capabilities = frozenset({Capability.EDIT_LISTINGS})
    editor = Actor(Channel.SESSION, organization_id=service.organization_id, capabilities=capabilities)
    moved = {**PUBLIC_PLACE, "address_1": STREET.replace("4417", "4419")}
    for wanted in ({"location": moved}, {"eligibility_en": f"Ring at {STREET}", "email": "a@house.example"}):
        proposing.propose(actor=editor, service_id=service.pk, wanted=wanted, note=f"Seen at {STREET}")
    reports.report(service_id=service.pk, kind="place", text=f"It is at {STREET}")


def plant_places(owner: Any) -> list[Service]:
    """Each way in, once refused or once without what it may not keep; and one that was public before."""
    hidden = []
    for place in (WITHHELD_PLACE, AREA_PLACE):
        listing = make_service(organization=owner, location=place, accepts_referrals=True)
        for attempt in ATTEMPTS:
            for target in (listing, None):
                try:
                    data = {"organization": owner, "name_en": "House", "location": place, **attempt}
                    hidden.append(save_service(SYSTEM, data, publish=True, service=target))
                except Invalid:
                    continue
        door = {**PUBLIC_PLACE, "address_1": STREET, "postal_code": CODE, "postal_area": None}
        door |= {"latitude": LATITUDE, "longitude": LONGITUDE}
        was_public = make_service(
            organization=owner, location=door, hours_note_en=f"Ring at {STREET}", source=SOURCE
        )
        save_service(SYSTEM, {"hours_note_en": "Ring twice"}, publish=True, service=was_public)
        plant_changes(was_public)
        hidden.append(save_service(SYSTEM, {"location": place}, publish=True, service=was_public))
    program = Program.objects.create(organization=owner, name_en="House program")
    make_service(organization=owner, program=program, location=WITHHELD_PLACE)
    telling = {"description_en": f"Ring at {STREET}"}
    for save in (
        lambda: save_organization(SYSTEM, telling, owner),
        lambda: save_program(SYSTEM, telling, program),
    ):
        with pytest.raises(Invalid):
            save()
    return hidden
