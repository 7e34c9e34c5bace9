"""Who may write listings, what is left alone, what is recorded."""

from __future__ import annotations

from uuid import UUID

import pytest

from directory.editing import save_organization, save_service
from directory.models import SearchEntry, Service
from directory.search.packing import unpack
from partners.actor import ANONYMOUS, SYSTEM, Actor, Channel
from partners.errors import Invalid, NotSignedIn, Refused
from partners.models import AuditEvent
from partners.roles import ROLE_CAPABILITIES, Role
from tests.factories.listings import make_organization, make_service

pytestmark = pytest.mark.django_db


def actor(role: Role, organization_id: UUID) -> Actor:
    return Actor(Channel.SESSION, organization_id=organization_id, capabilities=ROLE_CAPABILITIES[role])


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("own", [True, False])
def test_editors_write_their_own_and_network_administrators_all(role: Role, own: bool) -> None:
    service = make_service(name_en="Before")
    of = service.organization_id if own else make_organization().pk
    allowed = role is Role.NETWORK_ADMIN or (own and role is Role.LISTING_EDITOR)
    if allowed:
        save_service(actor(role, of), {"name_en": "After"}, publish=False, service=service)
    else:
        with pytest.raises(Refused):
            save_service(actor(role, of), {"name_en": "After"}, publish=False, service=service)
    assert Service.objects.get().name_en == ("After" if allowed else "Before")


def test_nobody_writes_without_signing_in() -> None:
    organization = make_organization()
    with pytest.raises(NotSignedIn):
        save_service(ANONYMOUS, {"name_en": "X", "organization": organization}, publish=True)
    with pytest.raises(NotSignedIn):
        save_organization(ANONYMOUS, {"name_en": "X"}, organization)


def test_what_is_not_given_stays() -> None:
    service = make_service(
        topics=["poverty"], populations=["women"], languages=["fr"], minimum_age=18, description_en="Text."
    )
    changed = save_service(SYSTEM, {"topics": ["justice"]}, publish=True, service=service)
    carried = {(a.term.taxonomy, a.term.code) for a in changed.attributes.all()}
    assert carried == {("topic", "justice"), ("population", "women")}
    assert [language.code for language in changed.languages.all()] == ["fr"]
    assert (changed.minimum_age, changed.description_en) == (18, "Text.")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"verified_at": "2026-01-01"}, "verified_at"),
        ({"search_text": "x"}, "search_text"),
        ({"publication": "published"}, "publication"),
        ({"status": "asleep"}, "status"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"email": "nobody"}, "email"),
        ({"topics": ["unknown"]}, "topics"),
        ({"minimum_age": -1}, "minimum_age"),
    ],
)
def test_refused_by_field_and_nothing_written(data: dict[str, object], field: str) -> None:
    service = make_service(name_en="Before")
    with pytest.raises(Invalid) as refusal:
        save_service(SYSTEM, {"name_en": "After", **data}, publish=True, service=service)
    assert list(refusal.value.errors) == [field]
    assert Service.objects.get().name_en == "Before"


def test_one_audit_row_for_each_act_and_none_for_none() -> None:
    service = make_service(name_en="Before")
    acts = AuditEvent.objects.filter(object_id=str(service.pk))
    assert list(acts.values_list("action", "organization_id")) == [("save_listing", None)]
    save_service(SYSTEM, {"name_en": "Before"}, publish=True, service=service)
    assert acts.count() == 1
    save_service(SYSTEM, {"name_en": "After"}, publish=True, service=service)
    assert acts.count() == 2
    assert "After" not in str(list(acts.values()))
    assert {act.chain for act in acts} == {service.organization_id}


def test_a_new_name_of_the_organization_reaches_its_listings() -> None:
    organization = make_organization(name_en="Old house")
    service = make_service(organization=organization)
    save_organization(SYSTEM, {"name_en": "New house"}, organization)
    assert unpack(SearchEntry.objects.get(pk=service.pk).document).words["o"] == "new house"
