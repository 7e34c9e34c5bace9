"""Something planted in every encrypted field there is, by the acts that write it where one does."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from partners.fields import EncryptedBinaryField, EncryptedJSONField, encrypted_fields
from partners.notifications import webhooks
from referrals import attempts, care_team, documents, introductions, legal_basis, needs, plans
from referrals.clients import change_client
from referrals.introduction_texts import CURRENT_VERSION
from referrals.models import AnswerLink, Client, LinkVisit
from referrals.rights import holds
from tests.factories.files import pdf
from tests.referrals.pages import World, member

FILE_WORDS = b"Fileplanted"
CONTACT = {"methods": ["call"], "phone": "204-555-0177", "code_word": "Introplanted"}


def encrypted_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if encrypted_fields(model)]


def beside_the_loop(world: World, person: Client) -> None:
    """The acts around the referral: file, attempt, introduction, plan, hold, legal basis, broken glass."""
    nadia, paula = world.actor(world.nadia), world.actor(world.paula)
    today = timezone.localdate()
    referral = world.accepted(person)
    link = AnswerLink.objects.create(referral=referral, code="Codeplanted")
    LinkVisit.objects.create(link=link, digest="0" * 64, name="Visitplanted", expires_at=timezone.now())
    documents.add_document(
        referral_id=referral.pk, actor=nadia, name="Nameplanted.pdf", content=pdf(b"(%s)" % FILE_WORDS)
    )
    attempts.record_attempt(
        referral_id=referral.pk, actor=nadia, method="call", result="no_answer", note="Attemptplanted"
    )
    needs.create_need(actor=nadia, client_id=person.pk, category="treatment-day", matters="Mattersplanted")
    change_client(actor=nadia, client_id=person.pk, housing="Newplanted", reason="Correctionplanted")
    plans.add_support(
        actor=nadia, client_id=person.pk, kind="counselling", on=today, phase=1, note="Supportplanted"
    )
    introductions.introduce(
        actor=world.actor(world.pat),
        receiver_id=world.lantern.pk,
        chosen_name="Wren Introplanted",
        safe_contact=CONTACT,
        language="en",
        text_version=CURRENT_VERSION,
        consented_on=(today - datetime.timedelta(days=1)).isoformat(),
        no_consequence_told=True,
    )
    legal_basis.request_share(
        actor=nadia,
        client_id=person.pk,
        basis="court_order",
        recipient="Judgeplanted",
        reason="Basisplanted",
        field_groups=["identity"],
    )
    holds.place_hold(actor=paula, client_id=person.pk, authority="court", reason="Holdplanted")
    care_team.set_team(actor=nadia, client_id=person.pk, restricted=True, members=[world.nadia.pk])
    webhooks.add(
        actor=world.actor(member("Ada", world.lantern, "organization_admin")),
        url="https://records.example/relais",
    )
    care_team.break_glass(actor=paula, client_id=person.pk, reason="Glassplanted")


def plant_what_is_left() -> list[str]:
    """Codes and what no act above writes. Answers the models of which the story has no row."""
    missing = []
    for model in encrypted_models():
        rows = list(model._base_manager.order_by("pk"))
        for field in encrypted_fields(model):
            if not any(_words(getattr(row, field.attname)) for row in rows):
                for row in rows[:1]:
                    setattr(row, field.attname, _marker(model, field))
                    row.save(update_fields=[field.attname])
        if not rows:
            missing.append(model._meta.label)
    return missing


def _marker(model: type[models.Model], field: models.Field) -> Any:
    words = f"Planted{model._meta.model_name}{field.name}".replace("_", "")
    if isinstance(field, EncryptedJSONField):
        return [words]
    return words.encode() if isinstance(field, EncryptedBinaryField) else words


def planted_words() -> dict[str, set[str]]:
    """For each encrypted field what is planted in it, as the application reads it."""
    return {
        f"{model._meta.label}.{field.name}": {
            word for row in model._base_manager.order_by("pk") for word in _words(getattr(row, field.attname))
        }
        for model in encrypted_models()
        for field in encrypted_fields(model)
    }


def _words(value: Any) -> list[str]:
    return [word for word in _texts(value) if "planted" in word.casefold()]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, bytes):
        yield value.decode("latin-1")
    elif isinstance(value, dict):
        yield from _all(value.values())
    elif isinstance(value, list):
        yield from _all(value)
    elif value:
        yield str(value)


def _all(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from _texts(value)
