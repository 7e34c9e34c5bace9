"""How long a check holds: one rule, in Python, in queries and in the index alike."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from directory import presentation
from directory.listing_page import answers_within
from directory.models import Service
from directory.querysets import takes_referrals
from directory.search import Criteria, index, narrow, search_services, snapshot
from directory.upkeep import lapse
from directory.upkeep.checks import confirm
from partners.actor import ANONYMOUS
from tests.directory.upkeep.ground import Ground, fresh
from tests.factories.listings import make_service

NOON = datetime.datetime(2026, 11, 26, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
CADENCES = (1, 30, 90, 180, 365)
# The rule turns on the day: drawn from all ages alone, the days beside a cadence hardly ever come.
AGES = st.sampled_from([days + late for days in CADENCES for late in (0, 1)]) | st.integers(0, 400)


def at(moment: datetime.datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


class TestAgreement(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.service = make_service(accepts_referrals=True)

    @given(
        age=AGES | st.none(),
        made=AGES,
        days=st.sampled_from(CADENCES),
        hours=st.integers(0, 23),
        accepts=st.booleans(),
    )
    def test_all_forms_say_the_same(
        self, age: int | None, made: int, days: int, hours: int, accepts: bool
    ) -> None:
        with at(NOON + datetime.timedelta(hours=hours)):
            now = timezone.localtime()  # days back by the calendar, over the change of the clocks too
            Service.objects.filter(pk=self.service.pk).update(
                verified_at=None if age is None else now - age * DAY,
                created_at=now - made * DAY,
                verify_days=days,
                accepts_referrals=accepts,
            )
            service = Service.objects.get(pk=self.service.pk)
            index.refresh(service)
            late = narrow.lapsed(snapshot.current())
            since = age if age is not None else made

            assert lapse.is_lapsed(service) is (age is not None and age > days)
            assert (snapshot.current().number_of(service.pk) in late) is lapse.is_lapsed(service)
            assert lapse.is_closed(service) is (since > 180)
            assert Service.objects.filter(lapse.still_open()).exists() is not lapse.is_closed(service)
            assert Service.objects.open_to_referrals().exists() is takes_referrals(service)
            assert takes_referrals(service) is (accepts and since <= 180)
            due = lapse.due_on(service)
            assert due == (
                None if age is None and not accepts else timezone.localdate() + (days - since) * DAY
            )
            assert Service.objects.filter(lapse.owes_check()).exists() is (due is not None)
            Service.objects.update(next_due=due)
            assert Service.objects.filter(lapse.has_lapsed()).exists() is lapse.is_lapsed(service)


@pytest.mark.django_db
def test_a_lapsed_listing_is_marked_then_ranked_lower_then_takes_no_referrals() -> None:
    with at(NOON):
        ground = Ground()
        other = ground.listing(ground.other, name_en="Zest group", name_fr="")
        for listing, user in ((ground.service, ground.ed), (other, ground.sam)):
            confirm(ground.actor(user), listing)

    def order(**asked: str) -> list[str]:
        page = search_services(actor=ANONYMOUS, criteria=Criteria(**asked))
        return [Service.objects.get(pk=hit.id).name_en for hit in page.hits]

    with at(NOON + 60 * DAY):
        confirm(ground.actor(ground.sam), other)
    with at(NOON + 90 * DAY):
        assert presentation.checked(fresh(ground.service), True).done
        assert order(q="group") == order() == ["Evening group", "Zest group"]
    with at(NOON + 91 * DAY):
        shown = presentation.checked(fresh(ground.service), True)
        assert (shown.done, shown.lapsed) == (False, True)
        assert shown.text == "Last checked on November 26, 2026, not confirmed since"
        assert order(q="group") == order() == ["Zest group", "Evening group"]
        assert order(ordering="name") == ["Evening group", "Zest group"]
        assert takes_referrals(fresh(ground.service))
        assert answers_within(fresh(ground.service))
    with at(NOON + 180 * DAY):
        assert takes_referrals(fresh(ground.service))
    with at(NOON + 181 * DAY):
        assert not takes_referrals(fresh(ground.service))
        assert answers_within(fresh(ground.service)) == ""
        confirm(ground.actor(ground.ed), ground.service)
        assert takes_referrals(fresh(ground.service))


@pytest.mark.django_db
def test_what_nobody_has_checked_keeps_its_own_words() -> None:
    with at(NOON):
        service = make_service()
    with at(NOON + 400 * DAY), translation.override("en"):
        shown = presentation.checked(fresh(service), True)
        assert (shown.done, shown.lapsed) == (False, False)
        assert shown.text == "Not yet checked: confirm by phone"
