"""After acceptance too, what stands above the field groups stays neutral without its own group."""

from __future__ import annotations

import pytest

from directory.models import Service
from referrals.consent import disclose
from tests.referrals.pages import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("groups", "exact", "age", "language"),
    [
        (["health"], False, None, None),
        (["situation"], True, None, None),
        (["identity"], False, "25_34", None),
        (["contact"], False, None, "en"),
    ],
)
def test_need_age_and_language_open_with_their_groups_alone(
    groups: list[str], exact: bool, age: str | None, language: str | None
) -> None:
    world = World()
    Service.objects.filter(pk=world.service.pk).update(minimum_age=None, maximum_age=None)
    sent = world.sent(consent_id=world.consent(field_groups=groups).pk)
    accepted = world.act(sent, "accept")

    view = disclose(accepted, world.actor(world.tom))

    category = sent.need.category
    assert view.need == (category.name_en if exact else category.parent.neutral_en)
    assert view.need_code == (category.code if exact else None)
    assert (view.age_band, view.language) == (age, language)
