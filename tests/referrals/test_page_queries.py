"""However full its story: no page of the workflow asks the database more than twelve times."""

from __future__ import annotations

import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import User
from referrals.attempts import record_attempt
from referrals.clients import enter_phase, record_child_protection
from referrals.continuing import ask_to_continue
from referrals.documents import add_document
from referrals.handoffs import plan_handoff
from referrals.meeting_places import meeting_places
from referrals.messages import send_message
from referrals.models import Referral
from referrals.needs import create_need
from referrals.plans import add_support
from tests.factories.files import picture
from tests.factories.listings import PUBLIC_PLACE, make_service
from tests.referrals.pages import World, address, browser

MOST = 12
FRAMES = {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK"}
SOON = timezone.now() + datetime.timedelta(days=2)
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database,
    pytest.mark.usefixtures("story"),
]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def story(world: World, settings: object) -> dict[str, Referral]:
    """Every state a page can show, each with all that hangs on it; a second factor is required."""
    settings.REQUIRE_SECOND_FACTOR = True  # type: ignore[attr-defined]
    for user in User.objects.all():
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    for number in range(3):
        place = {**PUBLIC_PLACE, "address_1": f"{number} Teststone Avenue"}
        make_service(
            organization=world.northern, location=place, accepts_referrals=True, categories=["treatment-day"]
        )
    nadia = world.actor(world.nadia)
    enter_phase(actor=nadia, client_id=world.person.pk, phase=1, on=timezone.localdate().isoformat())
    told = {
        "draft": world.draft(),
        "sent": world.sent(),
        "open": full(world, world.accepted()),
        "closed": full(world, world.accepted()),
        "asked": world.accepted(),
        "declined": world.sent(),
    }
    closing = {"outcome": "got_help", "date": timezone.localdate().isoformat(), "needs_met": "partly"}
    world.act(told["closed"], "close", **closing)
    world.act(told["asked"], "close", **closing)
    ask_to_continue(referral_id=told["asked"].pk, actor=world.actor(world.tom))
    write(world, told["declined"])
    world.act(told["declined"], "decline", reason="no_capacity")
    add_support(actor=nadia, client_id=world.person.pk, kind="transitional_housing", on=timezone.localdate())
    record_child_protection(
        actor=nadia, client_id=world.person.pk, state="reported", at=timezone.now(), reported_to="CFS"
    )
    return told


def full(world: World, referral: Referral) -> Referral:
    """Handoffs at a place, attempts, messages and files from both sides."""
    tom = world.actor(world.tom)
    for place in meeting_places(referral)[:2]:
        plan_handoff(referral_id=referral.pk, actor=tom, kind="self", when=SOON, location=place.id)
    write(world, referral)
    for user in (world.nadia, world.tom):
        add_document(
            referral_id=referral.pk, actor=world.actor(user), name="Sheet.png", content=picture("PNG")
        )
    return referral


def write(world: World, referral: Referral) -> None:
    for user in (world.nadia, world.tom):
        actor = world.actor(user)
        send_message(referral_id=referral.pk, actor=actor, text="A word")
        if user == world.nadia or referral.accepted_at:
            record_attempt(referral_id=referral.pk, actor=actor, method="text", result="no_answer")


def asked(user: User, url: str) -> list[str]:
    page = browser(user)
    page.get(url)  # what a process or a first view does once
    with CaptureQueriesContext(connection) as captured:
        assert page.get(url).status_code == 200
    found = [one["sql"] for one in captured.captured_queries]
    return [sql for sql in found if sql.split(" ")[0].strip(";") not in FRAMES]


def test_each_state_of_a_referral(world: World, story: dict[str, Referral]) -> None:
    for state, referral in story.items():
        for user in (world.nadia, world.tom)[: 1 if state == "draft" else 2]:
            found = asked(user, address("detail", referral.pk))
            assert len(found) <= MOST, f"{state}, {user}: {len(found)}\n" + "\n".join(found)


def pages_of(world: World, story: dict[str, Referral]) -> list[tuple[User, str]]:
    """Every page of the workflow that a worker of either side opens in a day."""
    person, draft, sent = world.person.pk, story["draft"], story["sent"]
    again = f"?recipient={world.northern.pk}"
    of_nadia = [
        address("home"),
        address("clients"),
        address("client_new"),
        *(address(name, person) for name in ("client", "client_edit", "child_protection", "care_team")),
        *(address(name, person) for name in ("plan", "need_new", "rights_history", "rights_seen")),
        address("sharing_new", person),
        address("consent_new", person),
        address("consent_new", person) + again,
        address("consent", sent.consent_id),
        address("consent_text") + again,
        *(address(name, sent.need_id) for name in ("need", "need_edit", "offers_new")),
        address("offers_new", draft.need_id) + "?service=" + str(world.service.pk),
        address("send") + f"?draft={draft.pk}",
        *(address(name) for name in ("sent", "introductions")),
        address("own_word", story["closed"].pk),
    ]
    of_tom = [
        *(address(name) for name in ("home", "inbox", "clients")),
        address("outcome_correct", story["closed"].pk),
    ]
    return [(world.nadia, url) for url in of_nadia] + [(world.tom, url) for url in of_tom]


def test_every_other_page(world: World, story: dict[str, Referral]) -> None:
    many = {url: found for user, url in pages_of(world, story) if len(found := asked(user, url)) > MOST}
    assert not many, "\n\n".join(f"{url}: {len(sql)}\n" + "\n".join(sql) for url, sql in many.items())


@pytest.mark.django_db(transaction=True)  # a search within a transaction reads the index anew
def test_the_matches_of_a_need(world: World, story: dict[str, Referral]) -> None:
    need = create_need(actor=world.actor(world.nadia), client_id=world.person.pk, category="treatment-day")
    found = asked(world.nadia, address("need_matches", need.pk))
    assert len(found) <= MOST, "\n".join(found)
    assert any("referrals_timelineevent" in sql for sql in found)  # something was found and ranked
