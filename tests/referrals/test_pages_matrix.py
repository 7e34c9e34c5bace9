"""Who gets which page: every address under /en/ that needs a sign-in × everybody of the cast.

The rows are held against the URLconf: an address without a row fails. What a form does when it is
sent stands in the tests of the forms; here a POST is empty, so that only the door is tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from partners.models import User
from tests.api.world import World
from tests.referrals import matrix_pages

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
WHO = ("nobody", "nadia", "paula", "tom", "ines", "pat", "lea", "mo", "eva")
PUBLIC = Path(__file__).parents[1] / "architecture" / "public_urls.txt"

MEMBERS = "302 200 200 200 200 200 200 200 200"
WORKERS = "302 200 200 200 200 200 403 403 403"
OWN_CLIENT = "302 200 200 404 404 404 403 403 403"
OWN_CLIENT_MOVES = "302 302 302 404 404 404 403 403 403"
OWN_CLIENT_ACT = "302 400 400 404 404 404 403 403 403"
MANAGER = "302 403 200 403 403 403 403 403 403"
REVIEWER_ACTS = "302 403 400 404 404 404 403 403 403"
# A stranger, and a member who works with no referral, see that there is nothing.
BOTH_SIDES = "302 200 200 200 404 404 404 404 404"
BOTH_ACT = "302 400 400 400 404 404 404 404 404"
SENDER_ACTS = "302 302 302 403 404 404 404 404 404"
RECEIVER_ACTS = "302 403 403 302 404 404 404 404 404"

INTRODUCERS = "302 200 200 200 200 200 403 200 403"
NETWORK = "302 403 403 403 403 403 200 403 200"
ADMITS = "302 403 403 403 403 403 200 403 403"
POLICE_ONLY = "302 403 403 403 403 403 403 200 403"
OWN_WORD = "referrals/{closed}/confirmation/code/"
OFFICER = "302 403 200 403 403 403 403 403 403"

KEEPERS = "302 403 200 403 403 403 200 403 403"
OWN_MEMBER = "302 403 200 403 403 403 404 403 403"

# Red River's listing: Paula edits Lantern's alone, Lea keeps the catalogue.
KEPT = "302 403 404 403 403 403 200 403 403"
KEPT_ACT = KEPT.replace("200", "302")
CATALOGUE = "302 403 403 403 403 403 200 403 403"
CATALOGUE_ACTS = CATALOGUE.replace("200", "302")

# (method, name of the address): (who gets what, path)
MATRIX: dict[tuple[str, str], tuple[str, str]] = {
    ("get", "referrals:home"): (MEMBERS, "home/"),
    ("get", "partners:notices"): (MEMBERS, "notices/"),
    ("post", "partners:notices_read"): (MEMBERS.replace("200", "302"), "notices/read/"),
    ("post", "partners:notice_open"): ("302 404 302 404 404 404 404 404 404", "notices/{notice}/"),
    ("get", "partners:notice_choice"): (MEMBERS, "notices/by-mail/"),
    ("post", "partners:notice_choice"): (MEMBERS.replace("200", "400"), "notices/by-mail/"),
    ("get", "partners:undelivered"): (KEEPERS, "notices/undelivered/"),
    ("post", "partners:undelivered"): (KEEPERS.replace("200", "302"), "notices/undelivered/"),
    ("get", "partners:webhooks"): (KEEPERS, "notices/webhooks/"),
    ("post", "partners:webhooks"): (KEEPERS.replace("200", "400"), "notices/webhooks/"),
    ("get", "referrals:clients"): (WORKERS, "clients/"),
    ("post", "referrals:clients"): (WORKERS, "clients/"),
    ("get", "referrals:client_new"): (WORKERS, "clients/new/"),
    ("post", "referrals:client_new"): (WORKERS.replace("200", "400"), "clients/new/"),
    ("get", "referrals:client"): (OWN_CLIENT, "clients/{person}/"),
    ("get", "referrals:client_edit"): (OWN_CLIENT, "clients/{person}/edit/"),
    ("post", "referrals:client_edit"): (OWN_CLIENT_ACT, "clients/{person}/edit/"),
    ("post", "referrals:phase"): (OWN_CLIENT_ACT, "clients/{person}/phase/"),
    ("get", "referrals:child_protection"): (OWN_CLIENT, "clients/{person}/child-protection/"),
    ("post", "referrals:child_protection"): (OWN_CLIENT_ACT, "clients/{person}/child-protection/"),
    ("get", "referrals:rights_export"): (OWN_CLIENT, "clients/{person}/export/"),
    ("post", "referrals:rights_export"): (OWN_CLIENT, "clients/{person}/export/"),
    ("get", "referrals:rights_seen"): (OWN_CLIENT, "clients/{person}/seen/"),
    ("get", "referrals:rights_history"): (OWN_CLIENT, "clients/{person}/history/"),
    ("post", "referrals:rights_history"): (OWN_CLIENT_ACT, "clients/{person}/history/"),
    ("get", "referrals:rights"): (OFFICER, "rights/"),
    ("post", "referrals:rights"): (OFFICER.replace("200", "400"), "rights/"),
    ("get", "referrals:rights_retention"): (OFFICER, "rights/retention/"),
    ("get", "referrals:rights_client"): (OFFICER, "rights/clients/{person}/"),
    ("post", "referrals:hold_new"): (OFFICER.replace("200", "400"), "rights/clients/{person}/holds/"),
    ("post", "referrals:hold_end"): (OFFICER.replace("200", "404"), "rights/holds/{person}/end/"),
    ("get", "referrals:rights_delete"): (OFFICER, "rights/clients/{person}/delete/"),
    ("post", "referrals:rights_delete"): (
        OFFICER.replace("200", "400"),
        "rights/clients/{person}/delete/",
    ),
    ("get", "referrals:care_team"): (OWN_CLIENT, "clients/{person}/care-team/"),
    ("post", "referrals:care_team"): (OWN_CLIENT.replace("200", "302"), "clients/{person}/care-team/"),
    ("get", "referrals:break_glass"): (MANAGER, "clients/break-glass/"),
    ("post", "referrals:break_glass"): (MANAGER.replace("200", "400"), "clients/break-glass/"),
    ("get", "referrals:reviews"): (MANAGER, "reviews/"),
    ("get", "referrals:glass_break"): (MANAGER, "glass-breaks/{glass_break}/"),
    ("post", "referrals:glass_review"): (MANAGER.replace("200", "302"), "glass-breaks/{glass_break}/review/"),
    ("get", "referrals:sharing_new"): (OWN_CLIENT, "clients/{person}/sharing/new/"),
    ("post", "referrals:sharing_new"): (OWN_CLIENT_ACT, "clients/{person}/sharing/new/"),
    ("get", "referrals:sharing"): (OWN_CLIENT, "sharing/{share}/"),
    ("post", "referrals:sharing_decide"): (REVIEWER_ACTS, "sharing/{share}/decision/"),
    ("post", "referrals:sharing_release"): (OWN_CLIENT, "sharing/{approved}/release/"),
    ("get", "referrals:consent"): (OWN_CLIENT, "consents/{consent}/"),
    ("get", "referrals:consent_text"): (WORKERS, "consents/text/"),
    ("get", "referrals:consent_new"): (OWN_CLIENT, "clients/{person}/consents/new/"),
    ("post", "referrals:consent_new"): (OWN_CLIENT_ACT, "clients/{person}/consents/new/"),
    ("get", "referrals:consent_withdraw"): (OWN_CLIENT, "consents/{consent}/withdraw/"),
    ("post", "referrals:consent_withdraw"): (OWN_CLIENT_ACT, "consents/{consent}/withdraw/"),
    ("get", "referrals:need_new"): (OWN_CLIENT, "clients/{person}/needs/new/"),
    ("post", "referrals:need_new"): (OWN_CLIENT_ACT, "clients/{person}/needs/new/"),
    ("get", "referrals:plan"): (OWN_CLIENT, "clients/{person}/plan/"),
    ("post", "referrals:plan"): (OWN_CLIENT_ACT, "clients/{person}/plan/"),
    ("post", "referrals:plan_end"): (OWN_CLIENT_ACT, "clients/{person}/plan/{stay}/end/"),
    ("get", "referrals:outreach"): (WORKERS, "outreach/"),
    ("post", "referrals:outreach"): (WORKERS.replace("200", "400"), "outreach/"),
    ("get", "referrals:need"): (OWN_CLIENT, "needs/{need}/"),
    ("get", "referrals:need_edit"): (OWN_CLIENT, "needs/{need}/edit/"),
    ("post", "referrals:need_edit"): (OWN_CLIENT_ACT, "needs/{need}/edit/"),
    ("post", "referrals:need_close"): (OWN_CLIENT_MOVES, "needs/{need}/close/"),
    ("get", "referrals:offers_new"): (OWN_CLIENT, "needs/{need}/offers/new/"),
    ("post", "referrals:offers_new"): (OWN_CLIENT, "needs/{need}/offers/new/"),
    ("post", "referrals:offers_send"): (OWN_CLIENT_MOVES, "needs/{need}/offers/send/"),
    ("post", "referrals:offer_one"): (OWN_CLIENT_MOVES, "needs/{need}/offers/{service}/"),
    ("post", "referrals:continuation"): (
        "302 302 302 302 404 404 404 404 404",
        "referrals/{closed}/continuation/",
    ),
    ("get", "referrals:list"): (MEMBERS.replace("200", "302"), "referrals/"),
    ("get", "referrals:inbox"): (WORKERS, "referrals/inbox/"),
    ("get", "referrals:sent"): (WORKERS, "referrals/sent/"),
    ("get", "referrals:send"): (WORKERS, "referrals/new/?service={service}"),
    ("post", "referrals:send"): (WORKERS, "referrals/new/"),
    ("get", "referrals:detail"): (BOTH_SIDES, "referrals/{sent}/"),
    ("post", "referrals:action"): (RECEIVER_ACTS, "referrals/{sent}/actions/accept/"),
    ("post", "referrals:handoff_new"): (BOTH_ACT, "referrals/{accepted}/handoffs/new/"),
    ("post", "referrals:attempt_new"): (BOTH_ACT, "referrals/{accepted}/attempts/"),
    ("post", "referrals:handoff_result"): (BOTH_ACT, "referrals/{accepted}/handoffs/{handoff}/result/"),
    ("post", "referrals:message"): (BOTH_ACT, "referrals/{sent}/messages/"),
    ("post", "referrals:confirm"): (SENDER_ACTS, "referrals/{closed}/confirmation/"),
    ("get", "referrals:own_word"): (BOTH_SIDES.replace("200 200 200", "200 200 403"), OWN_WORD),
    ("post", "referrals:own_word"): (BOTH_SIDES.replace("200 200 200", "200 200 403"), OWN_WORD),
    ("get", "referrals:outcome_correct"): (
        "302 403 403 200 404 404 404 404 404",
        "referrals/{closed}/outcome/",
    ),
    ("post", "referrals:outcome_correct"): (
        "302 403 403 400 404 404 404 404 404",
        "referrals/{closed}/outcome/",
    ),
    ("post", "referrals:document_new"): (BOTH_ACT, "referrals/{accepted}/documents/"),
    ("get", "referrals:document"): (BOTH_SIDES, "referrals/{accepted}/documents/{document}/"),
    ("post", "referrals:messages_read"): (
        "302 302 302 302 404 404 404 404 404",
        "referrals/{sent}/messages/read/",
    ),
    ("get", "referrals:need_matches"): (OWN_CLIENT, "needs/{need}/matches/"),
    ("get", "referrals:introductions"): (WORKERS, "introductions/"),
    ("get", "referrals:introduce"): (INTRODUCERS, "introductions/new/"),
    ("post", "referrals:introduce"): (INTRODUCERS.replace("200", "400"), "introductions/new/"),
    ("get", "referrals:introductions_made"): (INTRODUCERS, "introductions/made/"),
    ("get", "referrals:introduction"): (OWN_CLIENT, "introductions/{introduction}/"),
    ("post", "referrals:introduction_take_up"): (OWN_CLIENT_ACT, "introductions/{introduction}/take-up/"),
    ("post", "referrals:introduction_close"): (OWN_CLIENT_ACT, "introductions/{introduction}/close/"),
    ("get", "referrals:calls"): (POLICE_ONLY, "referrals/calls/"),
    ("get", "referrals:call"): (POLICE_ONLY, "referrals/calls/{call}/"),
    ("post", "referrals:call_answer"): (POLICE_ONLY.replace("200", "400"), "referrals/calls/{call}/answer/"),
    ("get", "referrals:network"): (NETWORK, "partners/network/"),
    ("get", "referrals:network_csv"): (NETWORK, "partners/network/referrals.csv"),
    ("get", "partners:list"): (MEMBERS[:-7] + "403 200", "partners/"),
    ("get", "partners:invite_organization"): (ADMITS, "partners/invite/"),
    ("post", "partners:invite_organization"): (ADMITS.replace("200", "400"), "partners/invite/"),
    ("get", "partners:applications"): (ADMITS, "partners/applications/"),
    ("get", "partners:application"): (ADMITS, "partners/applications/{application}/"),
    ("post", "partners:application"): (ADMITS.replace("200", "400"), "partners/applications/{application}/"),
    ("post", "partners:application_refuse"): (
        ADMITS.replace("200", "400"),
        "partners/applications/{application}/refuse/",
    ),
    ("get", "partners:agreement_texts"): (ADMITS, "partners/agreement-texts/"),
    ("post", "partners:agreement_texts"): (ADMITS.replace("200", "400"), "partners/agreement-texts/"),
    ("get", "partners:agreement_text"): (ADMITS, "partners/agreement-texts/2026-11/"),
    ("post", "partners:agreement_text_publish"): (
        ADMITS.replace("200", "302"),
        "partners/agreement-texts/2026-11/publish/",
    ),
    ("get", "partners:partner"): (ADMITS, "partners/{receiver}/"),
    ("post", "partners:agreement_prepare"): (ADMITS.replace("200", "400"), "partners/{receiver}/agreements/"),
    ("post", "partners:referral_address"): (
        ADMITS.replace("200", "302"),
        "partners/{receiver}/referral-address/",
    ),
    ("post", "partners:suspend"): (ADMITS.replace("200", "400"), "partners/{receiver}/suspend/"),
    ("post", "partners:lift"): (ADMITS.replace("200", "409"), "partners/{receiver}/lift/"),
    ("post", "partners:agreement_terminate"): (
        ADMITS.replace("200", "302"),
        "partners/agreements/{agreement}/terminate/",
    ),
    # Another organization's: what is signed stands in tests/partners/joining.
    ("get", "partners:agreement"): (OFFICER, "organization/agreement/"),
    ("post", "partners:own_referral_address"): (
        OFFICER.replace("200", "302"),
        "organization/agreement/referral-address/",
    ),
    ("post", "partners:agreement_sign"): (
        OFFICER.replace("200", "404"),
        "organization/agreement/{agreement}/sign/",
    ),
    ("get", "partners:police_channel"): (OFFICER, "police-channel/"),
    ("post", "partners:police_channel"): (OFFICER.replace("200", "400"), "police-channel/"),
    ("get", "partners:audit"): ("302 403 200 403 403 403 403 403 403", "audit/"),
    ("get", "partners:organization"): (MEMBERS, "organization/"),
    ("get", "partners:leave"): (MEMBERS, "organization/leave/"),
    # Nadia alone keeps a restricted file; Paula and Lea are the last who look after theirs.
    ("post", "partners:leave"): ("302 400 400 302 302 302 400 302 302", "organization/leave/"),
    ("get", "partners:members"): (KEEPERS, "members/"),
    ("get", "partners:member_invite"): (KEEPERS, "members/invite/"),
    ("post", "partners:member_invite"): (KEEPERS.replace("200", "400"), "members/invite/"),
    ("get", "partners:member"): (OWN_MEMBER, "members/{member}/"),
    ("post", "partners:member"): (OWN_MEMBER.replace("200", "400"), "members/{member}/"),
    ("get", "partners:member_end"): (OWN_MEMBER, "members/{member}/end/"),
    ("post", "partners:member_end"): (OWN_MEMBER.replace("200", "400"), "members/{member}/end/"),
    ("post", "partners:invitation_change"): (
        OWN_MEMBER.replace("200", "404"),
        "members/invitations/{invitation}/",
    ),
    ("post", "partners:organization_switch"): (MEMBERS.replace("200", "404"), "organization/switch/"),
    ("get", "directory:upkeep"): (KEPT, "listings/{service}/upkeep/"),
    ("post", "directory:listing_confirm"): (KEPT_ACT, "listings/{service}/confirm/"),
    ("post", "directory:listing_capacity"): (KEPT.replace("200", "400"), "listings/{service}/capacity/"),
    ("post", "directory:listing_archive"): (KEPT_ACT, "listings/{service}/archive/"),
    ("get", "directory:listing_delete"): (KEPT, "listings/{service}/delete/"),
    # Referrals to it are open.
    ("post", "directory:listing_delete"): (KEPT.replace("200", "422"), "listings/{service}/delete/"),
    ("get", "directory:samples_list"): (CATALOGUE, "listings/samples/"),
    ("post", "directory:samples_list"): (CATALOGUE.replace("200", "400"), "listings/samples/"),
    ("get", "directory:sample"): (CATALOGUE, "listings/samples/{sample}/"),
    ("get", "directory:sample_call"): (CATALOGUE, "listings/samples/{sample}/calls/{check}/"),
    ("get", "directory:duplicates_list"): (CATALOGUE, "listings/duplicates/"),
    ("get", "directory:duplicate"): (CATALOGUE, "listings/duplicates/{service}/{twin}/"),
    ("post", "directory:duplicate"): (CATALOGUE_ACTS, "listings/duplicates/{service}/{twin}/"),
    ("post", "directory:duplicate_apart"): (CATALOGUE_ACTS, "listings/duplicates/{service}/{twin}/apart/"),
    ("get", "account_change_password"): (MEMBERS, "password/"),
    ("get", "account_reauthenticate"): (MEMBERS, "password/again/"),
    ("get", "mfa_index"): (MEMBERS, "second-factor/"),
    **matrix_pages.ROWS,
}


def addresses() -> Iterator[str]:
    """Names of all addresses under /en/."""

    def walk(resolver: URLResolver, namespace: str, route: str) -> Iterator[tuple[str, str]]:
        for entry in resolver.url_patterns:
            here = route + str(entry.pattern)
            if isinstance(entry, URLResolver):
                yield from walk(entry, f"{entry.namespace}:" if entry.namespace else namespace, here)
            elif isinstance(entry, URLPattern):
                yield f"{namespace}{entry.name}", here

    return (name for name, route in walk(get_resolver(), "", "") if route.startswith("en/"))


def test_no_address_is_without_a_row() -> None:
    public = {line.split(" ")[0] for line in PUBLIC.read_text().splitlines() if not line.startswith("#")}
    # Setting up and using the second factor has its own tests: what it answers depends on its state.
    own_tests = {name for name in addresses() if name.startswith("mfa_") and name != "mfa_index"}
    assert set(addresses()) - public - own_tests == {name for _method, name in MATRIX}


def test_everybody_gets_what_the_matrix_says() -> None:
    """One network for all rows: each request is taken back before the next."""
    world = World()
    # Somebody without a password has nothing to change; members have one.
    User.objects.update(password=make_password("correct horse battery staple"))
    ids = world.ids() | matrix_pages.more_ids(world)
    users = {who: User.objects.get(pk=getattr(world, who).user_id) for who in WHO if who != "nobody"}
    faults = []
    for (method, name), (expected, path) in MATRIX.items():
        address = re.sub(r"\{(\w+)\}", lambda match: ids[match[1]], f"/en/{path}")
        got = " ".join(str(status_for(users.get(who), method, address)) for who in WHO)
        if got != expected:
            faults.append(f"{method} {name}: {got}, not {expected}")
    assert faults == []


def status_for(user: User | None, method: str, address: str) -> int:
    before = transaction.savepoint()
    visitor = Client()
    if user:
        visitor.force_login(user)
    status: int = getattr(visitor, method)(address).status_code
    transaction.savepoint_rollback(before)
    return status
