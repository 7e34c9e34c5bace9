"""Places are hidden by several editors at the same moment, while the index is being made anew."""

from __future__ import annotations

from contextlib import suppress

import pytest

from directory.editing import save_service
from directory.models import Service
from directory.search import index, snapshot
from directory.search.fold import Overtaken
from partners.actor import SYSTEM
from tests.factories.listings import PUBLIC_PLACE, WITHHELD_PLACE, make_service
from tests.search.population import Writer
from tests.search.test_races import beside

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LATITUDES = (49.811111, 49.822222)


def hide(service: Service) -> None:
    save_service(SYSTEM, {"location": WITHHELD_PLACE}, publish=True, service=service)


def rebuild() -> None:
    with suppress(Overtaken):
        index.rebuild()


@pytest.mark.parametrize("size", ["small", "large"])
def test_nobody_fails_and_no_door_is_left(size: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if size == "large":
        monkeypatch.setattr(index, "SMALL", -1)
    Writer(9).write(15)
    for _round in range(3):
        one, other = (
            make_service(location={**PUBLIC_PLACE, "postal_area": None, "latitude": at, "longitude": -97.1})
            for at in LATITUDES
        )
        index.rebuild()
        with (
            beside(lambda one=one: hide(one)),
            beside(lambda other=other: hide(other)),
            beside(rebuild),
        ):
            pass
        index.fold_when_due()
        snapshot.forget()
        assert not set(LATITUDES) & set(snapshot.current().base.at["latitude"].tolist())
        assert not list(index.drifted())
