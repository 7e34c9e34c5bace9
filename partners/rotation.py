"""Moving everything that is encrypted under the newest key, so that an older one can be dropped.

What there is to move is found by introspection: every encrypted field of every model, and the secrets
of the second factor, which allauth keeps in a JSON column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models, transaction
from django.db.models.functions import Substr

from partners import accounts, crypto
from partners.fields import EncryptedField, encrypted_fields
from partners.reseal import reseal

# What of a second factor's record is secret: of the codes of an app, and of the recovery codes.
SECRETS = ("secret", "seed", "migrated_codes")
Told = Callable[[str, int], None]


def remaining() -> dict[str, int]:
    """How many rows of each table still hold something under an older key, or under none. No zeros."""
    counts = {model._meta.db_table: stale(model).count() for model in _encrypted_models()}
    counts[Authenticator._meta.db_table] = sum(1 for _row in _stale_authenticators())
    return {table: count for table, count in counts.items() if count}


def rotate(told: Told) -> list[str]:
    """Close all again under the newest key. Answers the cells that no key opens, which stay as they are.

    ``told`` hears, after each batch, the table and how many values were moved so far. Safe to break off
    and run again, and to run beside a server that has the newest key first in its list.
    """
    unreadable: list[str] = []
    for model in _encrypted_models():
        moved = 0
        for changed in reseal(model, _under_newest(unreadable), stale(model)):
            moved += changed
            told(model._meta.db_table, moved)
    _rotate_authenticators(told, unreadable)
    return unreadable


def stale(model: type[models.Model]) -> models.QuerySet:
    """Rows with a value that the newest key did not close."""
    wanted = models.Q(pk__in=[])
    heads = {}
    for field in encrypted_fields(model):
        prefix: Any = f"{crypto.newest_key_id()}{crypto.SEPARATOR}"
        plain: models.Field = models.TextField()
        if isinstance(field, models.BinaryField):
            prefix, plain = prefix.encode(), models.BinaryField()
        head = f"{field.name}_head"
        heads[head] = Substr(field.attname, 1, len(prefix), output_field=plain)
        closed = models.Q(**{f"{field.name}__isnull": False}) & ~models.Q(**{head: prefix[:0]})
        wanted |= closed & ~models.Q(**{head: prefix})
    return model._base_manager.alias(**heads).filter(wanted)


def _encrypted_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if encrypted_fields(model)]


def _under_newest(unreadable: list[str]) -> Callable[[EncryptedField, Any, Any], Any]:
    def again(field: EncryptedField, pk: Any, value: Any) -> Any:
        if crypto.key_id_of(value) == crypto.newest_key_id():
            return None
        try:
            return field.seal(field.open(value, pk), pk)
        except crypto.Unreadable:
            unreadable.append(crypto.row_context(*field.place, pk))
            return None

    return again


def _stale_authenticators() -> Iterator[Authenticator]:
    rows = Authenticator.objects.order_by("pk")
    return (row for row in rows.iterator() if any(_is_stale(text) for text in _secrets_of(row)))


def _secrets_of(row: Authenticator) -> list[str]:
    found = [row.data[name] for name in SECRETS if row.data.get(name)]
    return [text for one in found for text in (one if isinstance(one, list) else [one])]


def _is_stale(text: str) -> bool:
    return crypto.key_id_of(text) != crypto.newest_key_id()


def _rotate_authenticators(told: Told, unreadable: list[str]) -> None:
    table = Authenticator._meta.db_table
    for moved, found in enumerate(list(_stale_authenticators()), 1):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=found.pk).first()
            try:
                if row is not None:
                    row.data |= {name: _moved(row.data[name]) for name in SECRETS if row.data.get(name)}
                    row.save(update_fields=["data"])
            except crypto.Unreadable:
                unreadable.append(crypto.row_context(table, "data", found.pk))
        told(table, moved)


def _moved(secret: str | list[str]) -> str | list[str]:
    adapter = accounts.SecondFactorAdapter()
    if isinstance(secret, list):
        return [adapter.encrypt(adapter.decrypt(text)) for text in secret]
    return adapter.encrypt(adapter.decrypt(secret))
