"""Migrations fit the models, and every reference to a person or a client says what deletion does."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from partners import triggers
from partners.models import User
from referrals.models import Client

OWN_APPS = {"api", "partners", "directory", "referrals"}

# Acts keep their author: a user who leaves is deactivated, never deleted. What belongs to a client
# goes with the client, which is the only way a client file leaves the database.
TO_USER = {
    "account.EmailAddress.user": "CASCADE",
    "mfa.Authenticator.user": "CASCADE",
    "socialaccount.SocialAccount.user": "CASCADE",
    "directory.CapacityReport.user": "PROTECT",
    "directory.ListingMerge.by": "PROTECT",
    "directory.ListingProposal.decided_by": "PROTECT",
    "directory.ListingProposal.proposed_by": "PROTECT",
    "directory.ListingReport.handled_by": "PROTECT",
    "directory.NotADuplicate.by": "PROTECT",
    "directory.PhoneCheck.called_by": "PROTECT",
    "directory.PhoneSample.drawn_by": "PROTECT",
    "directory.Program.verified_by": "SET_NULL",
    "directory.Service.verified_by": "SET_NULL",
    "directory.Verification.user": "PROTECT",
    "partners.Agreement.signed_by": "PROTECT",
    "partners.AgreementText.created_by": "PROTECT",
    "partners.ApiToken.user": "CASCADE",
    "partners.Invitation.accepted_by": "PROTECT",
    "partners.Invitation.invited_by": "PROTECT",
    "partners.Membership.user": "PROTECT",
    "partners.Notification.user": "CASCADE",
    "partners.NotificationChoice.user": "CASCADE",
    "partners.OpenSession.user": "CASCADE",
    "partners.Organization.verified_by": "SET_NULL",
    "partners.PartnerApplication.decided_by": "PROTECT",
    "partners.Webhook.created_by": "PROTECT",
    "referrals.CareTeamMember.user": "CASCADE",
    "referrals.ChildProtectionRecord.recorded_by": "PROTECT",
    "referrals.Client.created_by": "PROTECT",
    "referrals.ClientCorrection.corrected_by": "PROTECT",
    "referrals.ConfirmationCode.created_by": "PROTECT",
    "referrals.Consent.recorded_by": "PROTECT",
    "referrals.Document.author": "PROTECT",
    "referrals.GlassBreak.reviewed_by": "PROTECT",
    "referrals.GlassBreak.user": "PROTECT",
    "referrals.Introduction.created_by": "PROTECT",
    "referrals.LegalBasisShare.requested_by": "PROTECT",
    "referrals.LegalBasisShare.reviewed_by": "PROTECT",
    "referrals.LegalHold.placed_by": "PROTECT",
    "referrals.Message.author": "PROTECT",
    "referrals.OutreachContact.recorded_by": "PROTECT",
    "referrals.Referral.created_by": "PROTECT",
    "referrals.SupportEntry.recorded_by": "PROTECT",
}
TO_CLIENT = {
    "referrals.CareTeamMember.client": "CASCADE",
    "referrals.ChildProtectionRecord.client": "CASCADE",
    "referrals.ClientCorrection.client": "CASCADE",
    "referrals.ClientPhase.client": "CASCADE",
    "referrals.Consent.client": "CASCADE",
    "referrals.GlassBreak.client": "CASCADE",
    "referrals.Introduction.client": "CASCADE",
    "referrals.LegalBasisShare.client": "CASCADE",
    "referrals.LegalHold.client": "CASCADE",
    "referrals.Need.client": "CASCADE",
    "referrals.Referral.client": "CASCADE",
    "referrals.SupportEntry.client": "CASCADE",
}


def references_to(target: type[models.Model]) -> dict[str, str]:
    """Each concrete field that refers to the model, with its on_delete."""
    return {
        f"{model._meta.label}.{field.name}": field.remote_field.on_delete.__name__
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and issubclass(target, field.related_model)
    }


def test_every_reference_to_a_user_has_its_deletion_rule() -> None:
    assert references_to(User) == TO_USER


def test_every_reference_to_a_client_has_its_deletion_rule() -> None:
    assert references_to(Client) == TO_CLIENT


@pytest.mark.django_db
def test_migrations_match_the_models(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        call_command("makemigrations", check=True, dry_run=True)
    except SystemExit:
        pytest.fail(f"a migration is missing:\n{capsys.readouterr().out}")


def test_migrations_of_each_app_stand_in_one_line() -> None:
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    for app in OWN_APPS:
        own = [key for key in graph.nodes if key[0] == app]
        followers = {key: [c.key for c in graph.node_map[key].children if c.key[0] == app] for key in own}
        assert all(len(children) <= 1 for children in followers.values()), f"{app} forks: {followers}"
        assert len([key for key, children in followers.items() if not children]) == 1, app


@pytest.mark.django_db
def test_every_trigger_stands_after_the_migrations() -> None:
    assert triggers.missing() == []


@pytest.mark.django_db(transaction=True)
def test_every_trigger_stands_again_after_a_flush() -> None:
    call_command("migrate", verbosity=0)

    assert triggers.missing() == []
    assert connection.introspection.table_names()
