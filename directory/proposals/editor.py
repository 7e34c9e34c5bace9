"""The editor of one listing: its form and its rows as one thing that is shown, read and refused together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from directory.listing_shape import Shape, normal
from directory.models import Taxonomy
from directory.proposals.deciding import with_position
from directory.proposals.form_rows import AliasRow, ExceptionRow, HoursRow, PhoneRow, RowForm, Rows
from directory.proposals.forms import ListingForm
from directory.proposals.words import LABELS, in_words
from directory.vocabulary import vocabulary
from partners.errors import Invalid

ROWS: dict[str, type[RowForm]] = {
    "phones": PhoneRow,
    "schedules": HoursRow,
    "schedule_exceptions": ExceptionRow,
    "aliases": AliasRow,
}
MORE, READ = "more", "read"
CHANGED = _("Somebody has changed this since you opened the page. It now says: {value}")


@dataclass(frozen=True)
class Problem:
    """``anchor``: where the page has the field, or empty."""

    anchor: str
    label: str
    text: str


@dataclass(frozen=True)
class CategoryGroup:
    """A top category with those below it, each with how far below."""

    label: str
    chosen: bool
    options: list[tuple[str, str, int, bool]]


class Editor:
    def __init__(self, shape: Shape, organization_id: UUID | None, data: Mapping[str, Any] | None = None):
        self.shape = shape
        self.more = str(data.get(MORE, "")) if data is not None else ""
        self.special = {_digest(row): row for row in shape["schedules"] if not HoursRow.fits(row)}
        self.form = ListingForm(
            data,
            initial={**ListingForm.initial_of(shape), "kept_hours": list(self.special)},
            organization_id=organization_id,
            stored=shape,
            special={token: in_words("schedules", [row])[0] for token, row in self.special.items()},
        )
        if self.more in ROWS:  # shown again, one row longer, and not judged yet
            self.form.full_clean()
            self.form._errors = forms.utils.ErrorDict()
        self.rows = {key: self._rows(key, data) for key in ROWS}

    def _rows(self, key: str, data: Mapping[str, Any] | None) -> Rows:
        stored = self.shape[key]
        if key == "schedules":
            stored = [row for row in stored if HoursRow.fits(row)]
        return Rows(key, ROWS[key], stored, data, silent=self.more in ROWS, more=self.more == key)

    @property
    def asks_for_more(self) -> bool:
        return self.more in ROWS

    def is_valid(self) -> bool:
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self.rows.values())])

    def wanted(self) -> Shape:
        """What the form has, but for what its reader left as it was when the page was opened.

        Raises Invalid for hours that can't be, and for what somebody else has changed since as well.
        """
        found, read = self._all(), self._read()
        touched = {key: value for key, value in found.items() if _digest(value) != read.get(key)}
        late = [key for key in touched if key in read and read[key] != _digest(self.shape[key])]
        late = [key for key in late if touched[key] != self.shape[key]]
        if late:
            now = {key: "; ".join(in_words(key, self.shape[key])) for key in late}
            raise Invalid({key: [str(CHANGED).format(value=now[key])] for key in late})
        return touched

    @property
    def read(self) -> str:
        """How each field stands now, for the form to bring back."""
        return " ".join(f"{key}:{_digest(value)}" for key, value in self.shape.items())

    def _read(self) -> dict[str, str]:
        pairs = (one.partition(":") for one in str(self.form.data.get(READ, "")).split())
        return {key: digest for key, _colon, digest in pairs if key in self.shape}

    def _all(self) -> Shape:
        found = self.form.wanted() | {key: rows.wanted() for key, rows in self.rows.items()}
        kept = self.form.cleaned_data["kept_hours"]
        found["schedules"] = [*found["schedules"], *(self.special[token] for token in kept)]
        found["location"] = with_position(self.form.place(), self.shape["location"])
        return {key: normal(key, value) for key, value in found.items()}

    def refuse(self, error: Invalid) -> None:
        """The core's refusals at the fields they are about; those of rows at the top of the page."""
        beside = {key: messages for key, messages in error.errors.items() if key not in ROWS}
        self.form.refuse(Invalid(beside))
        for key, messages in error.errors.items():
            if key in ROWS:
                for message in messages:
                    self.form.add_error(None, f"{LABELS[key]} · {message}")

    def problems(self) -> list[Problem]:
        return list(self._problems())

    def _problems(self) -> Iterator[Problem]:
        if not self.form.is_bound or self.asks_for_more:
            return
        for text in self.form.non_field_errors():
            yield Problem("", "", str(text))
        for form in (self.form, *(row for rows in self.rows.values() for row in rows.forms)):
            for field in form:
                for text in field.errors:
                    yield Problem(_anchor(field), str(field.label), str(text))

    def categories(self) -> list[CategoryGroup]:
        chosen = set(self.form["categories"].value() or ())
        groups: list[CategoryGroup] = []
        terms = vocabulary().terms(Taxonomy.CATEGORY)
        for top in (term for term in terms if term.parent_id is None):
            below = vocabulary().with_below(Taxonomy.CATEGORY, top.code)
            options = [
                (term.code, term.label, len(vocabulary().above(term)), term.code in chosen) for term in below
            ]
            groups.append(CategoryGroup(top.label, any(option[3] for option in options), options))
        return groups

    def texts(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Each text in both languages, side by side."""
        names = ("name", "summary", "description", "eligibility")
        return [(self.form[f"{name}_en"], self.form[f"{name}_fr"]) for name in names]


def _anchor(field: forms.BoundField) -> str:
    many = isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    return str(field.auto_id if many else field.id_for_label)


def _digest(value: Any) -> str:
    """A short name of a value, the same as long as it is."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]
