"""“Something is wrong with this listing”: nobody is asked who they are, and somebody always answers."""

from __future__ import annotations

import datetime
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone

from directory.editing import save_service
from directory.models import ListingProposal, ListingReport
from directory.proposals import deciding, reports
from directory.proposals.report_limits import FROM_ONE_ADDRESS
from partners.actor import SYSTEM
from partners.errors import Conflict, Invalid, NotSeen
from partners.models import AuditEvent, Membership, OutboxRow
from tests.directory.proposals.test_pages import opened
from tests.directory.proposals.world import World, browser, url
from tests.factories.listings import WITHHELD_PLACE

SECRET = "4417 Plantedstreet Avenue"


@pytest.fixture(autouse=True)
def nobody_counted_yet(db: None) -> None:
    cache.clear()


def age(row: ListingReport, **days: int) -> None:
    """It was sent, or handled, so many days ago."""
    moments = {f"{name}_at": timezone.now() - datetime.timedelta(days=n) for name, n in days.items()}
    ListingReport.objects.filter(pk=row.pk).update(**moments)


def test_the_public_page_takes_a_report_without_a_trace_and_tells_the_owner(world: World) -> None:
    service = world.listing()
    visitor, address = Browser(), url("report", service.pk)
    page = visitor.get(address)
    assert "River house" not in page.content.decode().split("</title>")[0]
    assert url("report", service.pk) in visitor.get(url("listing", service.pk)).content.decode()
    sent = visitor.post(address, {"kind": "phone", "text": "It rings at a shop."})
    assert (sent.status_code, bool(sent.cookies), bool(visitor.cookies)) == (200, False, False)
    for answer in (page, sent):
        assert answer["Cache-Control"] == "no-store"
        assert "noindex" in answer["X-Robots-Tag"]
        assert url("exit") in answer.content.decode()
    row = ListingReport.objects.get()
    assert (row.kind, row.text, row.passed_on_at) == ("phone", "It rings at a shop.", None)
    notice = OutboxRow.objects.get()
    assert (notice.kind, notice.organization_id, notice.object_id) == (
        *("listing_report", world.house.pk, row.pk),
    )
    act = AuditEvent.objects.get(action="report_listing")
    assert (act.chain, act.user_id, act.details) == (world.house.pk, None, {})


def test_what_is_refused_keeps_nothing(world: World) -> None:
    service = world.listing(location=WITHHELD_PLACE)
    draft = world.listing(publish=False)
    visitor, address = Browser(), url("report", service.pk)
    for sent in (
        *({}, {"kind": "x"}, {"kind": "other", "text": "x" * 501}),
        {"kind": "place", "text": f"It is at {SECRET}."},
    ):
        answer = visitor.post(address, sent)
        assert answer.status_code == 400
        assert "<title>Error:" in answer.content.decode()
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert visitor.post(address, {"kind": "phone"}, headers=elsewhere).status_code == 403
    for pk in (draft.pk, uuid4()):
        assert visitor.get(url("report", pk)).status_code == 404
        assert browser(world.ed).post(url("report", pk), {"kind": "phone"}).status_code == 404
    with pytest.raises(NotSeen):
        reports.report(service_id=draft.pk, kind="phone")
    assert not ListingReport.objects.exists()
    cache.clear()
    for _time in range(FROM_ONE_ADDRESS):
        assert visitor.post(address, {"kind": "phone"}).status_code == 200
    assert visitor.post(address, {"kind": "phone"}).status_code == 429
    assert ListingReport.objects.count() == FROM_ONE_ADDRESS


def test_a_report_becomes_an_approved_change_and_is_closed_with_it(world: World) -> None:
    service = world.listing()
    row = reports.report(service_id=service.pk, kind="phone")
    ed = browser(world.ed)
    page = ed.get(url("report_handle", row.pk)).content.decode()
    address = f"{url('listing_edit', service.pk)}?report={row.pk}"
    assert address in page
    form = opened(ed, address)
    ed.post(address, form | {"phones-0-number": "204-555-0177"})
    proposal = ListingProposal.objects.get()
    row.refresh_from_db()
    assert (row.proposal_id, row.handled_at) == (proposal.pk, None)
    deciding.reject(actor=world.actor(world.eve), proposal_id=proposal.pk, note="No")
    row.refresh_from_db()
    assert (row.proposal_id, row.handled_at) == (None, None)  # it waits again
    ed.post(address, form | {"phones-0-number": "204-555-0178"})
    again = ListingProposal.objects.get(state="proposed")
    deciding.approve(actor=world.actor(world.ed), proposal_id=again.pk)
    row.refresh_from_db()
    assert (row.result, row.handled_by_id, row.proposal_id) == ("changed", world.ed.pk, again.pk)
    assert "Listing changed" in ed.get(url("report_handle", row.pk)).content.decode()
    for wrong in ("x", str(uuid4())):
        assert ed.get(url("listing_edit", service.pk), {"report": wrong}).status_code == 404


def test_nothing_to_change_needs_a_reason_and_is_said_once(world: World) -> None:
    row = reports.report(service_id=world.listing().pk, kind="hours")
    ed = browser(world.ed)
    assert ed.post(url("report_handle", row.pk), {"reason": "x"}).status_code == 400
    assert ed.post(url("report_handle", row.pk), {"reason": "right"}).status_code == 302
    assert ed.post(url("report_handle", row.pk), {"reason": "done"}).status_code == 409
    row.refresh_from_db()
    assert (row.result, row.reason, row.handled_by_id) == ("no_change", "right", world.ed.pk)
    assert AuditEvent.objects.get(action="close_listing_report").details == {"reason": "right"}
    with pytest.raises(Invalid):
        reports.nothing_to_change(actor=world.actor(world.ed), report_id=row.pk, reason="")
    with pytest.raises(Conflict):
        reports.nothing_to_change(actor=world.actor(world.ed), report_id=row.pk, reason="right")


def test_after_14_days_it_goes_to_the_network_exactly_once(world: World) -> None:
    service = world.listing()
    young, old, done = (reports.report(service_id=service.pk, kind="phone") for _row in range(3))
    age(young, created=13)
    age(old, created=14)
    age(done, created=20)
    reports.nothing_to_change(actor=world.actor(world.ed), report_id=done.pk, reason="right")
    lea = world.actor(world.lea)
    with pytest.raises(NotSeen):
        reports.nothing_to_change(actor=lea, report_id=old.pk, reason="right")
    assert (reports.pass_on_due(), reports.pass_on_due()) == (1, 0)
    told = OutboxRow.objects.filter(kind="listing_report_network")
    assert list(told.values_list("organization_id", "object_id")) == [(world.network.pk, old.pk)]
    assert AuditEvent.objects.get(action="pass_on_listing_report").object_id == str(old.pk)
    assert browser(world.lea).get(url("report_handle", young.pk)).status_code == 404
    page = browser(world.lea).get(url("listings"), {"state": "network"})
    assert [report.pk for row in page.context["rows"] for report in row.reports] == [old.pk]
    reports.nothing_to_change(actor=lea, report_id=old.pk, reason="not_clear")


def test_without_an_editor_it_goes_straight_to_the_network(world: World) -> None:
    Membership.objects.filter(user=world.nat).update(ended_at=timezone.now())
    row = reports.report(service_id=world.listing(organization=world.elsewhere).pk, kind="closed")
    assert row.passed_on_at is not None
    assert OutboxRow.objects.get().organization_id == world.network.pk
    assert reports.pass_on_due() == 0


def test_its_words_are_gone_180_days_after_it_was_handled(world: World) -> None:
    service = world.listing()
    old, young, open_still = (
        reports.report(service_id=service.pk, kind="other", text="Words") for _row in range(3)
    )
    age(old, created=200, handled=180)
    age(young, created=200, handled=179)
    age(open_still, created=400)
    assert (reports.forget_words(), reports.forget_words()) == (1, 0)
    kept = ListingReport.objects.exclude(text="").values_list("pk", flat=True)
    assert set(kept) == {young.pk, open_still.pk}


def test_hiding_a_place_takes_it_out_of_the_reports(world: World) -> None:
    service = world.listing()
    row = reports.report(service_id=service.pk, kind="place", text=f"It moved to {SECRET}.")
    save_service(SYSTEM, {"location": WITHHELD_PLACE}, publish=True, service=service)
    row.refresh_from_db()
    assert row.text == ""
