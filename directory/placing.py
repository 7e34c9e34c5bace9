"""Writing a listing's place by its policy: what may not be shown is refused or never stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.listing_shape import AT_A_DOOR, WITHIN, shape_of, texts_of
from directory.models import (
    ListingProposal,
    ListingReport,
    Location,
    LocationPolicy,
    Metadata,
    ProposalState,
    Service,
    ServiceAtLocation,
)
from directory.models.locations import LocationKind, PositionSource
from directory.place_policy import public_place, scan_text, scan_url
from directory.places import postal_area_point
from directory.rows import set_fields, set_rows
from directory.taxonomies import rows
from partners.errors import Invalid

WEB_ADDRESSES = {"website", "source_url", "organization_website"}
NAMES_ONE = _("The address of this place is not shown, and this text names one: {found}")


def policy_of(place: dict[str, Any]) -> str:
    """Whatever is not one of the three policies is ``withheld``."""
    policy = place.get("policy")
    return policy if policy in LocationPolicy.values else LocationPolicy.WITHHELD.value


def check_place(place: dict[str, Any]) -> None:
    """Raises Invalid for ``location`` where the policy forbids a value that is given."""
    _location(place)


def put(service: Service, place: dict[str, Any]) -> bool:
    """Make this the listing's one place; True when something changed.

    Raises Invalid for ``location`` where the policy forbids a value that is given. A withheld place
    keeps no city either.
    """
    wanted = _location(place)
    at = next(iter(service.at_locations.all()), None)
    location = at.location if at else Location(organization=service.organization)
    addresses = _addresses(place)
    moved = any(getattr(location, field) != value for field, value in wanted.items())
    if at and moved:
        location.addresses.all().delete()  # the policy may have narrowed: the address goes first
        location = Location.objects.get(pk=location.pk)
    set_fields(location, wanted)
    if at is None:
        ServiceAtLocation.objects.create(service=service, location=location)
    return set_rows(location.addresses, addresses) or moved or at is None


def forget_places(service: Service) -> None:
    """The history, the proposals and the reports keep no value that tells where."""
    for row in Metadata.objects.filter(service=service):
        if scan_text(row.previous_value) or scan_text(row.replacement_value):
            row.delete()
    gone = AT_A_DOOR if public_place(service).policy == LocationPolicy.AREA_ONLY else (*AT_A_DOOR, *WITHIN)
    for proposal in ListingProposal.objects.filter(service=service):
        _forget_in(proposal, gone)
    for report in ListingReport.objects.filter(service=service).exclude(text=""):
        if scan_text(report.text):
            report.text = ""
            report.save(update_fields=["text"])


def _forget_in(proposal: ListingProposal, gone: tuple[str, ...]) -> None:
    """A proposal of which nothing is left is taken back."""
    stood = (proposal.data, proposal.before, proposal.note, proposal.decision_note)
    sides = (proposal.data, proposal.before)
    telling = {key for side in sides for key in side if _tells(key, side[key])}
    telling |= {"location"} if any(set(gone) & set(side.get("location", ())) for side in sides) else set()
    for name, side in zip(("data", "before"), sides, strict=True):
        setattr(proposal, name, {key: value for key, value in side.items() if key not in telling})
    proposal.note = "" if scan_text(proposal.note) else proposal.note
    proposal.decision_note = "" if scan_text(proposal.decision_note) else proposal.decision_note
    if not proposal.data and proposal.state == ProposalState.PROPOSED:
        proposal.state, proposal.decided_at = ProposalState.WITHDRAWN, timezone.now()
    if stood != (proposal.data, proposal.before, proposal.note, proposal.decision_note):
        proposal.save()


def _tells(key: str, value: Any) -> bool:
    return any(told(field, text) for field, text in texts_of({key: value}))


def told(field: str, text: str) -> list[str]:
    """What in a text of this field tells where a door is, in its own words."""
    return scan_url(text) if field in WEB_ADDRESSES else scan_text(text)


def check_hidden(services: Iterable[Service]) -> None:
    """``check_texts`` for those that are published and do not show their address."""
    for service in services:
        if public_place(service).policy != LocationPolicy.PUBLIC:
            check_texts(service)


def check_texts(service: Service) -> None:
    """Raises Invalid, field by field, where a listing without a public address tells where it is."""
    errors: dict[str, list[Any]] = {}
    for field, text in (*_texts(service), *_beside(service)):
        if found := told(field, text):
            errors.setdefault(field, []).append(str(NAMES_ONE).format(found="; ".join(found)))
    if errors:
        raise Invalid(errors)


def _texts(service: Service) -> Iterator[tuple[str, str]]:
    yield from texts_of(shape_of(service))
    for field in ("source_note_en", "source_note_fr", "source_url"):
        yield field, getattr(service, field)


def _beside(service: Service) -> Iterator[tuple[str, str]]:
    """What a reader of the listing sees of its organization and its program."""
    owner, program = service.organization, service.program
    yield "organization_website", owner.website
    for named in filter(None, (owner, program)):
        for language in ("en", "fr"):
            yield "organization", getattr(named, f"name_{language}")
            yield "organization", getattr(named, f"description_{language}")
        for alias in named.aliases.all():
            yield "organization", alias.name
    for language in ("en", "fr") if program else ():
        yield "program", getattr(program, f"summary_{language}")
        yield "program", getattr(program, f"clientele_{language}")


def _location(place: dict[str, Any]) -> dict[str, Any]:
    policy = policy_of(place)
    refused: tuple[str, ...] = () if policy == LocationPolicy.PUBLIC else AT_A_DOOR
    refused += ("area",) if policy == LocationPolicy.WITHHELD else ()
    if given := [field for field in refused if place.get(field) not in (None, "")]:
        message = _("The location policy {policy} does not allow: {fields}")
        _refuse(str(message).format(policy=policy, fields=", ".join(given)))
    area = place.get("area")
    if area and area not in {row["code"] for row in rows("areas.csv")}:
        _refuse(str(_("“{area}” is not one of the areas.")).format(area=area))
    shown = policy != LocationPolicy.WITHHELD
    return {
        "policy": policy,
        "kind": place.get("kind") or LocationKind.PHYSICAL.value,
        "area_id": area,
        "city": (place.get("city") or "") if shown else "",
        "province": (place.get("province") or "") if shown else "",
        **_position(place),
    }


def _position(place: dict[str, Any]) -> dict[str, Any]:
    latitude, longitude = place.get("latitude"), place.get("longitude")
    source = PositionSource.ADDRESS.value if latitude is not None else ""
    if latitude is None and (postal_area := place.get("postal_area")):
        point = postal_area_point(postal_area)
        if point is None:
            _refuse(str(_("“{code}” is not a postal area.")).format(code=postal_area))
        (latitude, longitude), source = point, PositionSource.POSTAL_AREA.value
    return {"latitude": latitude, "longitude": longitude, "position_source": source}


def _addresses(place: dict[str, Any]) -> list[dict[str, Any]]:
    if not place.get("address_1"):
        return []
    return [
        {
            "policy": LocationPolicy.PUBLIC.value,
            "address_1": place["address_1"],
            "city": place.get("city") or "",
            "state_province": place.get("province") or "",
            "postal_code": place.get("postal_code") or "",
        }
    ]


def _refuse(message: str) -> NoReturn:
    raise Invalid({"location": [message]})
