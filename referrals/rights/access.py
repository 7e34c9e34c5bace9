"""Whose file it is: for the worker as always, for the privacy officer and the manager by its code."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from partners.actor import Actor
from partners.errors import Invalid, NotSeen
from partners.roles import Capability
from referrals.access import access_client
from referrals.models import Client
from referrals.querysets import open_file

# What these acts need of a file. No name is read, and a key that is lost stops no deletion.
PLAIN_FIELDS = ("id", "code", "organization_id")


def held_client(client_id: UUID, actor: Actor) -> Client:
    """The own organization's client, without anything that identifies.

    A restricted file is the privacy officer's to look after; a manager finds it by a broken glass only.
    401 without a sign-in, 403 without RIGHTS; missing, closed and foreign ids answer the same 404.
    """
    actor.require(Capability.RIGHTS)
    return _only(_own(actor).filter(pk=client_id).first())


def held_client_by_code(code: str, actor: Actor) -> Client:
    actor.require(Capability.RIGHTS)
    return _only(_own(actor).filter(code=code.strip().upper()).first())


def client_for_the_system(code: str, organization: str) -> Client:
    """For commands: by code and the organization's name in either language. Raises Invalid."""
    named = Q(organization__name_en=organization) | Q(organization__name_fr=organization)
    client = Client.objects.only(*PLAIN_FIELDS).filter(named, code=code.strip().upper()).first()
    if client is None:
        raise Invalid({}, _("There is no client file of this code in an organization of this name."))
    return client


def own_client(client_id: UUID, actor: Actor) -> Client:
    """For whoever answers the person: who may open the file, or the privacy officer."""
    if actor.can(Capability.RIGHTS) and actor.can(Capability.READ_AUDIT):
        return held_client(client_id, actor)
    return access_client(client_id, actor)


def _own(actor: Actor) -> QuerySet[Client]:
    own = Client.objects.filter(organization_id=actor.organization_id).only(*PLAIN_FIELDS)
    return own if actor.can(Capability.READ_AUDIT) else own.filter(open_file(actor, "pk"))


def _only(client: Client | None) -> Client:
    if client is None:
        raise NotSeen
    return client
