"""One entry of a page of results: what is said of the service, where it is, and why it was found."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from uuid import UUID

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from directory import presentation
from directory.found import Found
from directory.highlight import highlight
from directory.models import LocationPolicy, Service
from directory.models.locations import LocationKind
from directory.place_policy import PublicPlace, public_place
from directory.presentation import Capacity, Checked, Fact, PhoneLine
from directory.search import Hit
from directory.vocabulary import Vocabulary
from partners.bilingual import Localized, localized

NEAR_KM = 1


@dataclass(frozen=True)
class Card:
    """The words looked for are marked in ``name``, ``organization`` and ``summary``.

    ``spoken_name`` has no marks. ``why``: where else the words were found, if none of them is marked.
    """

    id: UUID
    number: int
    name: Localized
    spoken_name: str
    organization: Localized
    summary: Localized
    why: str
    status: str
    place: PublicPlace
    facts: list[Fact]
    checked: Checked
    phone: PhoneLine | None
    capacity: Capacity | None

    @property
    def is_area(self) -> bool:
        return self.place.policy == LocationPolicy.AREA_ONLY


def card(found: Found, vocabulary: Vocabulary, number: int, looked_for: Set[str] = frozenset()) -> Card:
    """``number``: its place in the list. ``looked_for``: the stems that the search looked for."""
    service, hit = found
    name = localized(service, "name")
    texts = [name, presentation.organization_beside(service), localized(service, "summary")]
    shown = [_marked(text, looked_for) for text in texts]
    place = public_place(service)
    lines = presentation.phone_lines(service.phones.all())
    facts = [
        presentation.opening_fact(service, bool(lines)),
        Fact(presentation.place_icon(place), _("Where"), place_words(place, hit)),
        Fact("home", _("Travel"), comes_words(service, hit)),
        *presentation.card_facts(service, vocabulary),
    ]
    return Card(
        id=service.pk,
        number=number,
        name=shown[0][0],
        spoken_name=name.text,
        organization=shown[1][0],
        summary=shown[2][0],
        why="" if any(has_marks for _text, has_marks in shown) else why_found(service, hit, looked_for),
        status=presentation.status_words(service),
        place=place,
        facts=[fact for fact in facts if fact.text],
        checked=presentation.checked(service, bool(lines)),
        phone=lines[0] if lines else None,
        capacity=presentation.capacity(service),
    )


def _marked(found: Localized, looked_for: Set[str]) -> tuple[Localized, bool]:
    marked = highlight(found.text, looked_for)
    return found._replace(text=marked.html), marked.has_marks


def why_found(service: Service, hit: Hit, looked_for: Set[str]) -> str:
    """Where the words were found that the reader does not see; empty where there were none."""
    words = {
        "name": _("its name in the other language"),
        "alias": _other_names(service, looked_for),
        "category": _("what kind of service it is"),
        "organization": _("the organization it belongs to"),
        "place": _("where it is"),
        "description": _("its description"),
    }
    return format_html_join(", ", "{}", ((words[field],) for field in hit.matched))


def _other_names(service: Service, looked_for: Set[str]) -> str:
    names = [highlight(alias.name, looked_for) for alias in service.aliases.all()]
    fitting = [name.html for name in names if name.has_marks]
    if not fitting:
        return _("another name")
    listed = format_html_join(", ", "{}", ((name,) for name in fitting))
    return format_html("{} ({})", _("another name"), listed)


def place_words(place: PublicPlace, hit: Hit) -> str:
    """In a line: how far and where, as far as the policy lets it be said."""
    return where_words(place, distance(hit.distance_km, hit.distance_is_about))


def where_words(place: PublicPlace, far: str = "") -> str:
    if place.kind == LocationKind.VIRTUAL:
        return _("By phone or online")
    if place.policy == LocationPolicy.WITHHELD:
        return _("Address not shown")
    if place.policy == LocationPolicy.AREA_ONLY:
        named = place.area.name if place.area else place.city
        return ", ".join(filter(None, [named, far])) or _("Area only")
    return ", ".join(filter(None, [far, place.address or place.city])) or _("Address not known")


def comes_words(service: Service, hit: Hit) -> str:
    """Why nobody has to live near; empty for a service that one goes to."""
    if not hit.comes_to_you:
        return ""
    if any(at.location.kind == LocationKind.VIRTUAL for at in service.at_locations.all()):
        return _("You do not have to go there")
    return _("Serves people wherever they live")


def distance(km: float | None, is_about: bool) -> str:
    """Whole kilometres where the position is an area's, tenths where it is the door's."""
    if km is None:
        return ""
    if km < NEAR_KM:
        return _("less than 1 km away")
    if is_about or km >= 10:
        return _("about %(km)s km away") % {"km": number_format(round(km))}
    return _("%(km)s km away") % {"km": number_format(km, decimal_pos=1)}
