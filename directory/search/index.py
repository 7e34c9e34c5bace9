"""The normalised copies that search reads. Written in the transaction that writes the listing.

``search_text`` is one line in five parts, the most telling first, with MARK between them. Every word
has a space before it, so that `` word`` finds words by their start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from directory.models import Service, Taxonomy, TaxonomyTerm
from directory.search.text import normalise

# No text holds it after normalise().
MARK = "§"
PARTS = ("name", "alias", "category", "organization", "description")
SORT_LENGTH = 200
CHUNK = 500
# Terms whose labels people search by although they are no category.
SPOKEN = {Taxonomy.POPULATION, Taxonomy.TOPIC}


def index_text(service: Service) -> str:
    """What ``search_text`` must be, from the listing and what hangs on it."""
    terms = [attribute.term for attribute in service.attributes.all()]
    parts = (
        [service.name_en, service.name_fr],
        [alias.name for alias in service.aliases.all()],
        [word for term in terms if term.taxonomy == Taxonomy.CATEGORY for word in _category_words(term)],
        _organization_words(service),
        [*_description_words(service), *_place_words(service)]
        + [word for term in terms if term.taxonomy in SPOKEN for word in (term.name_en, term.name_fr)],
    )
    return f" {MARK} ".join(["", *(_line(part) for part in parts)]).removeprefix(f" {MARK}")


def sort_keys(service: Service) -> dict[str, str]:
    """The name in each language, or in the other one, folded so that both databases order it alike."""
    return {
        "sort_en": normalise(service.name_en or service.name_fr)[:SORT_LENGTH],
        "sort_fr": normalise(service.name_fr or service.name_en)[:SORT_LENGTH],
    }


def refresh(service: Service) -> None:
    """Write the copies of one listing anew. Reads the listing's rows as they stand in the database."""
    fresh = indexed().get(pk=service.pk)
    copies = {"search_text": index_text(fresh), **sort_keys(fresh)}
    Service.objects.filter(pk=service.pk).update(**copies)
    for field, value in copies.items():
        setattr(service, field, value)


def refresh_organization(organization_id: UUID) -> None:
    """The organization's names changed: its listings carry them."""
    rebuild(Service.objects.filter(organization_id=organization_id))


def drifted(services: QuerySet[Service] | None = None) -> Iterator[Service]:
    """Listings whose copies are not what they should be, set right on the instance, not in the database."""
    for service in indexed(services).order_by("id").iterator(chunk_size=CHUNK):
        copies = {"search_text": index_text(service), **sort_keys(service)}
        if any(getattr(service, field) != value for field, value in copies.items()):
            for field, value in copies.items():
                setattr(service, field, value)
            yield service


def unindexed() -> list[str]:
    """The quick check for /readyz: no listing was ever left out. ``drifted`` is the thorough one."""
    count = Service.objects.filter(search_text="").count()
    return [f"{count} listings without an index"] if count else []


def rebuild(services: QuerySet[Service] | None = None) -> int:
    """Write every copy that has drifted; answers how many."""
    with transaction.atomic():
        wrong = list(drifted(services))
        Service.objects.bulk_update(wrong, ["search_text", "sort_en", "sort_fr"], batch_size=CHUNK)
    return len(wrong)


def indexed(services: QuerySet[Service] | None = None) -> QuerySet[Service]:
    """With everything that ``index_text`` reads, in a number of queries that does not grow."""
    start = Service.objects.all() if services is None else services
    return start.select_related("organization", "program").prefetch_related(
        "aliases",
        "organization__aliases",
        "program__aliases",
        "attributes__term__parent__parent",
        "at_locations__location__area",
    )


def _category_words(term: TaxonomyTerm) -> Iterator[str]:
    """The category's own words, and the names of what it stands under."""
    yield from (*term.synonyms_en, *term.synonyms_fr)
    above: TaxonomyTerm | None = term
    while above:
        yield from (above.name_en, above.name_fr)
        above = above.parent


def _organization_words(service: Service) -> list[str]:
    program = service.program
    words = [service.organization.name_en, service.organization.name_fr]
    words += [alias.name for alias in service.organization.aliases.all()]
    if program:
        words += [program.name_en, program.name_fr, *(alias.name for alias in program.aliases.all())]
    return words


def _description_words(service: Service) -> Iterator[str]:
    for field in ("summary", "description", "eligibility"):
        yield from (getattr(service, f"{field}_en"), getattr(service, f"{field}_fr"))


def _place_words(service: Service) -> Iterator[str]:
    """City and area as far as they are stored; what may not be shown is not."""
    for at in service.at_locations.all():
        yield at.location.city
        if at.location.area:
            yield from (at.location.area.name_en, at.location.area.name_fr)


def _line(texts: Iterable[str]) -> str:
    return " ".join(filter(None, map(normalise, dict.fromkeys(texts))))
