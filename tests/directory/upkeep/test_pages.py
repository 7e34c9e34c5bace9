"""The pages of editors and keepers: what they show, what they do, and who is turned away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from directory.models import CapacityReport, ListingMerge, NotADuplicate, PhoneSample, Service, Verification
from directory.upkeep import samples
from tests.directory.upkeep.ground import Ground, fresh
from tests.referrals.pages import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    return Ground()


def url(name: str, *args: object) -> str:
    return reverse(f"directory:{name}", args=args)


def test_one_listing_is_kept_on_one_page(ground: Ground) -> None:
    ed, service = browser(ground.ed), ground.service
    html = ed.get(url("upkeep", service.pk)).content.decode()
    assert "Not yet checked: confirm by phone" in html
    assert "To be confirmed by" in html
    ed.post(url("listing_confirm", service.pk))
    told = ed.post(url("listing_capacity", service.pk), {"value": "waitlist", "wait_weeks": "4"})
    assert told["Location"] == url("upkeep", service.pk)
    html = ed.get(url("upkeep", service.pk)).content.decode()
    assert "Checked on" in html
    assert "Waitlist · Wait of about 4 weeks" in html
    assert html.count("<td>Ed, In Relais</td>") == 2
    refused = ed.post(url("listing_capacity", service.pk), {"value": "full", "available": "2"})
    assert refused.status_code == 400
    assert "Only a service with space has places." in refused.content.decode()
    back = ed.post(url("listing_capacity", service.pk), {"value": "open", "back": "listings"})
    assert back["Location"] == url("listings")


def test_each_page_refuses_a_stranger_and_the_wrong_role(ground: Ground) -> None:
    twin = ground.listing(ground.lantern, name_en="Evening groups")
    drawn = samples.draw(ground.actor(ground.kim), 5)
    check = drawn.checks.order_by("pk").first()
    one, two = (ground.service.pk,), (ground.service.pk, twin.pk)
    of_one = {
        "upkeep": "get",
        "listing_confirm": "post",
        "listing_capacity": "post",
        "listing_archive": "post",
        "listing_delete": "post",
    }
    of_all = {
        ("samples_list", ()): "post",
        ("sample", (drawn.pk,)): "get",
        ("sample_call", (drawn.pk, check.pk)): "post",
        ("duplicates_list", ()): "get",
        ("duplicate", two): "post",
        ("duplicate_apart", two): "post",
    }
    faults = []
    for who, user in (("nobody", None), ("will", ground.will), ("ada", ground.ada), ("sam", ground.sam)):
        client = browser(user) if user else Client()
        wanted = {"nobody": 302, "will": 403, "ada": 403, "sam": 404}[who]
        for name, method in of_one.items():
            got = getattr(client, method)(url(name, *one), {"value": "open"}).status_code
            faults += [(who, name, got)] if got != wanted else []
        for (name, args), method in of_all.items():
            got = getattr(client, method)(url(name, *args), {"size": "1", "reached": "no"}).status_code
            faults += [(who, name, got)] if got != (302 if user is None else 403) else []
    assert faults == []
    assert not Verification.objects.exists()
    assert not CapacityReport.objects.exists()
    assert not ListingMerge.objects.exists()
    assert not NotADuplicate.objects.exists()
    assert PhoneSample.objects.count() == 1
    assert Service.objects.filter(publication="published").count() == 2
    assert drawn.checks.filter(called_at__isnull=False).count() == 0


def test_archiving_and_deleting(ground: Ground) -> None:
    ed, service = browser(ground.ed), ground.service
    assert "Delete this listing for good?" in ed.get(url("listing_delete", service.pk)).content.decode()
    ed.post(url("listing_archive", service.pk))
    assert Client().get(url("listing", service.pk)).status_code == 404
    assert "Archived: in no search" in ed.get(url("upkeep", service.pk)).content.decode()
    assert ed.post(url("listing_delete", service.pk)).status_code == 302
    assert not Service.objects.filter(pk=service.pk).exists()


def test_a_sample_is_drawn_called_and_told_of(ground: Ground) -> None:
    kim = browser(ground.kim)
    answer = kim.post(url("samples_list"), {"size": "1"})
    sample = PhoneSample.objects.get()
    assert answer["Location"] == url("sample", sample.pk)
    check = sample.checks.get()
    call = url("sample_call", sample.pk, check.pk)
    assert "tel:+12045550142" in kim.get(call).content.decode()
    assert kim.post(call, {"reached": "maybe"}).status_code == 400
    answers = dict.fromkeys(samples.ANSWERS, "yes")
    assert kim.post(call, answers)["Location"] == url("sample", sample.pk)
    assert fresh(ground.service).verified_by == ground.kim
    html = kim.get(url("samples_list")).content.decode()
    assert "100&nbsp;%" in html
    assert "21–100&nbsp;%" in html
    assert "<svg" in html
    assert kim.post(call, answers).status_code == 409
    assert kim.post(url("samples_list"), {"size": "0"}).status_code == 400
    assert kim.get(url("sample_call", ground.service.pk, check.pk)).status_code == 404


def test_two_listings_are_compared_and_merged_and_the_old_address_leads_on(
    ground: Ground, assert_flat: Callable[..., None]
) -> None:
    kim = browser(ground.kim)
    twin = ground.listing(ground.lantern, name_en="Evening groups", summary_en="Come by.")
    html = kim.get(url("duplicates_list")).content.decode()
    assert url("duplicate", *sorted((ground.service.pk, twin.pk))) in html
    both = url("duplicate", ground.service.pk, twin.pk)
    shown = kim.get(both).content.decode()
    assert "Summary (English)" in shown
    assert '<td lang="en">Come by.</td>' in shown
    assert kim.post(both, {"take": ["summary_fr"]}).status_code == 400
    assert kim.post(both, {"take": ["summary_en"]})["Location"] == url("upkeep", ground.service.pk)
    assert fresh(ground.service).summary_en == "Come by."
    moved = Client().get(url("listing", twin.pk))
    assert (moved.status_code, moved["Location"]) == (302, url("listing", ground.service.pk))
    assert kim.post(both).status_code == 400

    def grow() -> None:
        for word in ("Lunch", "Dinner", "Breakfast"):
            ground.listing(ground.lantern, name_en=f"{word} table")
            ground.listing(ground.lantern, name_en=f"{word} tables")

    ground.listing(ground.lantern, name_en="Noon table")
    ground.listing(ground.lantern, name_en="Noon tables")
    assert_flat(lambda: kim.get(url("duplicates_list")), grow)
