"""The only writer of listings, programs and the organizations they belong to.

What is written is what the fixtures and every import hold: a plain dictionary with the keys below.
A key that is left out is left alone. Everything of one listing, its search copies included, is
written in one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from directory import placing, profiles
from directory.listing_shape import (
    EDITED_KEYS,
    FACETS,
    SERVICE_ROWS,
    SERVICE_TEXTS,
    SERVICE_VALUES,
    Shape,
    shape_of,
)
from directory.models import LocationPolicy, Metadata, Program, Publication, Service, TaxonomyTerm
from directory.place_policy import source_of
from directory.rows import set_fields, set_rows
from directory.schedule_rows import exception_row, schedule_row
from directory.search import index
from partners import audit
from partners.actor import Actor
from partners.errors import Invalid, Refused
from partners.models import Organization
from partners.models.provenance import SourceType
from partners.roles import Capability

SERVICE_KEYS = {
    *SERVICE_TEXTS,
    *SERVICE_VALUES,
    *SERVICE_ROWS,
    *FACETS,
    "source_id",
    "organization",
    "program",
    "location",
    "source",
}
ORGANIZATION_TEXTS = ("name_en", "name_fr", "description_en", "description_fr", "email", "website")
PROGRAM_TEXTS = tuple(
    f"{field}_{language}"
    for field in ("name", "summary", "description", "clientele")
    for language in ("en", "fr")
)


@transaction.atomic
def save_service(
    actor: Actor, data: dict[str, Any], *, publish: bool, service: Service | None = None
) -> Service:
    """A new listing, or ``service`` brought in line with ``data``; nothing is written where nothing differs.

    ``organization`` and ``program`` are objects. Raises Invalid (field by field), and Refused for
    somebody who may not edit that organization's listings.
    """
    _known(data, SERVICE_KEYS)
    saved = service or Service()
    organization = data.get("organization") or saved.organization
    _may_edit(actor, organization)
    was_published = not saved._state.adding and saved.publication == Publication.PUBLISHED
    before = shape_of(saved) if was_published else {}
    changes = set_fields(saved, _service_values(saved, data, publish=publish))
    rows_changed = [_set_service_rows(saved, data), _set_terms(saved, data)]
    if "location" in data:
        rows_changed.append(placing.put(saved, data["location"]))
    if not changes and not any(rows_changed):
        return saved
    saved = Service.objects.for_listing().get(pk=saved.pk)
    if was_published:
        _note(actor, saved, before, shape_of(saved))
    if saved.publication == Publication.PUBLISHED and _policy(saved) != LocationPolicy.PUBLIC:
        placing.check_texts(saved)
        placing.forget_places(saved)
    index.refresh(saved)
    _audit(actor, "save_listing", "service", saved, organization)
    return saved


@transaction.atomic
def save_organization(
    actor: Actor, data: dict[str, Any], organization: Organization | None = None
) -> Organization:
    """A listed organization, with its aliases and source. Raises Invalid and Refused."""
    _known(data, {*ORGANIZATION_TEXTS, "source_id", "kind", "is_demo", "aliases", "source"})
    saved = organization or Organization()
    _may_edit(actor, saved)
    is_new = saved._state.adding
    values = {field: data[field] or "" for field in ORGANIZATION_TEXTS if field in data}
    values |= {field: data[field] for field in ("source_id", "kind", "is_demo") if field in data}
    changes = set_fields(saved, values | _source(data, LocationPolicy.PUBLIC))
    renamed = set_rows(saved.aliases, data["aliases"]) if "aliases" in data else False
    if is_new or changes or renamed:
        placing.check_hidden(_published(organization=saved))
        index.refresh_organization(saved.pk)
        _audit(actor, "save_organization", "organization", saved, saved)
    return saved


@transaction.atomic
def save_program(actor: Actor, data: dict[str, Any], program: Program | None = None) -> Program:
    """A program with its profile and terms. Raises Invalid for a profile of unknown shape."""
    _known(
        data,
        {
            *PROGRAM_TEXTS,
            *FACETS,
            "source_id",
            "organization",
            "profile",
            "as_of",
            "is_demo",
            "aliases",
            "source",
        },
    )
    saved = program or Program()
    organization = data.get("organization") or saved.organization
    _may_edit(actor, organization)
    values = {field: data[field] or "" for field in PROGRAM_TEXTS if field in data}
    values |= {f: data[f] for f in ("source_id", "organization", "is_demo", "profile") if f in data}
    if "profile" in data:
        profiles.check(data["profile"])
    if data.get("as_of"):
        values["as_of"] = date.fromisoformat(data["as_of"])
    changed = bool(set_fields(saved, values | _source(data, LocationPolicy.PUBLIC)))
    changed |= set_rows(saved.aliases, data["aliases"]) if "aliases" in data else False
    changed |= _set_terms(saved, data)
    if changed:
        placing.check_hidden(_published(program=saved))
        index.refresh_all(Service.objects.filter(program=saved))
        _audit(actor, "save_program", "program", saved, organization)
    return saved


def _service_values(service: Service, data: dict[str, Any], *, publish: bool) -> dict[str, Any]:
    values = {field: data[field] or "" for field in SERVICE_TEXTS if field in data}
    values |= {field: data[field] for field in (*SERVICE_VALUES, "source_id") if field in data}
    values |= {field: data[field] for field in ("organization", "program") if field in data}
    if publish:
        values["publication"] = Publication.PUBLISHED.value
    policy = placing.policy_of(data["location"]) if "location" in data else _policy(service)
    kept = {
        "source_url": source_of(service.source_url, policy),
        "source_other_urls": [source_of(url, policy) for url in service.source_other_urls],
    }
    return values | kept | _source(data, policy)


def _source(data: dict[str, Any], policy: str) -> dict[str, Any]:
    """Of a place that is not shown only the source's host is kept. Nothing here says "verified"."""
    source = data.get("source")
    if source is None:
        return {}
    if source["type"] not in SourceType.values:
        raise Invalid({"source": [_("This kind of source is not known.")]})
    return {
        "source_type": source["type"],
        "source_url": source_of(source["url"] or "", policy),
        "source_date": source["date"] or "",
        "source_other_urls": [source_of(url, policy) for url in source["other_urls"]],
        "source_states": source["source_says"],
        "source_note_en": source["note_en"] or "",
        "source_note_fr": source["note_fr"] or "",
    }


def _set_service_rows(service: Service, data: dict[str, Any]) -> bool:
    changed = False
    for key in SERVICE_ROWS:
        if key in data:
            changed |= set_rows(getattr(service, key), [_row(key, r, n) for n, r in enumerate(data[key])])
    return changed


def _row(key: str, given: Any, position: int) -> dict[str, Any]:
    if key in ("languages", "service_areas"):
        return {"code": given}
    if key == "schedules":
        return schedule_row(given)
    if key == "schedule_exceptions":
        return exception_row(given)
    if key == "phones":
        return {field: value or "" for field, value in given.items()} | {"position": position}
    return dict(given)


def _set_terms(of: Service | Program, data: dict[str, Any]) -> bool:
    """The terms of the facets that are given; those of the other facets stay."""
    given = {taxonomy: set(map(str, data[key])) for key, taxonomy in FACETS.items() if key in data}
    have = [attribute.term for attribute in of.attributes.all()]
    kept = [term for term in have if term.taxonomy not in given]
    if {(t.taxonomy, t.code) for t in have if t.taxonomy in given} == {
        (taxonomy, code) for taxonomy, codes in given.items() for code in codes
    }:
        return False
    wanted = []
    for key, taxonomy in FACETS.items():
        found = TaxonomyTerm.objects.filter(taxonomy=taxonomy, code__in=given.get(taxonomy, ())).order_by(
            "code"
        )
        wanted += list(found)
        if unknown := given.get(taxonomy, set()) - {term.code for term in found}:
            raise Invalid({key: [str(_("“%(value)s” is not a known code.")) % {"value": v} for v in unknown]})
    return set_rows(of.attributes, [{"term": term} for term in (*kept, *wanted)])


def _published(**of: Any) -> Iterable[Service]:
    return Service.objects.for_listing().filter(publication=Publication.PUBLISHED, **of).order_by("id")


def _policy(service: Service) -> str:
    at = next(iter(service.at_locations.all()), None) if not service._state.adding else None
    return at.location.policy if at else LocationPolicy.WITHHELD.value


def _note(actor: Actor, service: Service, before: Shape, after: Shape) -> None:
    """History of a published listing, field by field. Where it is stands in no history.

    A text as it is; rows, codes and numbers as JSON, which ``proposals.words`` puts into words.
    """
    Metadata.objects.bulk_create(
        Metadata(
            service=service,
            last_action_type="update",
            field_name=key,
            previous_value=_noted(key, before[key]),
            replacement_value=_noted(key, after[key]),
            updated_by=actor.user_id,
        )
        for key in EDITED_KEYS
        if key != "location" and before[key] != after[key]
    )


def _noted(key: str, value: Any) -> str:
    return str(value) if key in SERVICE_TEXTS else json.dumps(value, ensure_ascii=False)


def _known(data: dict[str, Any], keys: set[str]) -> None:
    if unknown := sorted(set(data) - keys):
        raise Invalid({key: [_("This field is not known.")] for key in unknown})


def _may_edit(actor: Actor, organization: Organization) -> None:
    """The system, an editor of that organization, or who keeps the whole catalogue."""
    if actor.is_system:
        return
    if actor.can(Capability.KEEP_CATALOGUE):
        actor.require(Capability.KEEP_CATALOGUE)
        return
    actor.require(Capability.EDIT_LISTINGS)
    if actor.organization_id != organization.pk:
        raise Refused


def _audit(actor: Actor, action: str, kind: str, saved: Any, organization: Organization) -> None:
    audit.record(audit.Entry(actor, action, kind, saved.pk, chains=(organization.pk,)))
