"""Members of the own organization and invitations to it, for whoever manages them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.idempotency import once
from api.inputs import Input, Text
from api.openapi import PAGING
from api.pagination import Pages
from api.permissions import HasCapability
from api.v1.shapes import page_of
from api.views import ApiView, read_body, read_query
from partners.actor import Actor
from partners.models import Invitation, Organization, User
from partners.people import invitations, leaving
from partners.people import members as core
from partners.roles import Capability, Role

MANAGES = HasCapability(Capability.MANAGE_MEMBERS)
ROLES = [role.value for role in Role]
SUCCESSOR = _("Takes over what would be left with nobody.")


class OneMemberShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()
    roles = serializers.ListField(child=serializers.ChoiceField(ROLES))
    last_sign_in = serializers.CharField(allow_null=True, help_text="The month alone, such as 2026-11.")
    second_factor = serializers.BooleanField()


class InvitationShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()
    language = serializers.ChoiceField(["en", "fr"])
    roles = serializers.ListField(child=serializers.ChoiceField(ROLES))
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class RolesInput(Input):
    roles = serializers.ListField(child=Text(max_length=20), max_length=len(ROLES))
    successor = serializers.UUIDField(required=False, allow_null=True, help_text=SUCCESSOR)


class MembershipEndInput(Input):
    successor = serializers.UUIDField(required=False, allow_null=True, help_text=SUCCESSOR)


class InvitationInput(Input):
    email = Text(max_length=254)
    name = Text(max_length=invitations.NAME_LENGTH)
    language = Text(max_length=2)
    roles = serializers.ListField(child=Text(max_length=20), max_length=len(ROLES))


MemberPage = page_of(OneMemberShape, "Member")
InvitationPage = page_of(InvitationShape, "Invitation")


def _member(actor: Actor, user: User) -> dict[str, Any]:
    (found,) = core.described(actor, [user])
    return _body(found)


def _body(found: core.Member) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "email": found.email,
        "roles": [role.value for role in found.roles],
        "last_sign_in": found.last_month.strftime("%Y-%m") if found.last_month else None,
        "second_factor": found.second_factor,
    }


def _invitation(row: Invitation) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.full_name,
        "email": row.email,
        "language": row.language,
        "roles": row.roles,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
    }


def _open(actor: Actor, invitation_id: UUID) -> dict[str, Any]:
    return _invitation(invitations.access_invitation(actor, invitation_id))


class List(ApiView):
    permission_classes = [MANAGES]

    @extend_schema(
        operation_id="members",
        summary=_("Members of your organization"),
        parameters=PAGING,
        responses=MemberPage,
    )
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        page = Pages(request).of(core.members_of(request.actor), lambda user: user)
        page["results"] = [_body(found) for found in core.described(request.actor, page["results"])]
        return Response(page)


class Detail(ApiView):
    permission_classes = [MANAGES]

    @extend_schema(operation_id="member", summary=_("One member"), responses=OneMemberShape)
    def get(self, request: Request, user_id: UUID) -> Response:
        read_query(request, Input)
        return Response(_member(request.actor, core.access_member(request.actor, user_id)))

    @extend_schema(
        operation_id="set_member_roles",
        summary=_("Give a member these roles and no others"),
        description="Never takes the last administrator away. The member is told by letter.",
        request=RolesInput,
        responses=OneMemberShape,
    )
    def put(self, request: Request, user_id: UUID) -> Response:
        given = read_body(request, RolesInput)
        core.set_roles(
            actor=request.actor,
            user_id=user_id,
            roles=given["roles"],
            successor_id=given.get("successor"),
        )
        return Response(_member(request.actor, core.access_member(request.actor, user_id)))


class End(ApiView):
    permission_classes = [MANAGES]

    @extend_schema(
        operation_id="end_membership",
        summary=_("End a membership and hand over open work"),
        description="Access ends at once: sessions, API tokens and open invitations sent by the member.",
        request=MembershipEndInput,
        responses={204: None},
    )
    def post(self, request: Request, user_id: UUID) -> Response:
        given = read_body(request, MembershipEndInput)
        leaving.end_membership(actor=request.actor, user_id=user_id, successor_id=given.get("successor"))
        return Response(status=204)


class Invitations(ApiView):
    permission_classes = [MANAGES]

    @extend_schema(
        operation_id="invitations",
        summary=_("Open invitations"),
        parameters=PAGING,
        responses=InvitationPage,
    )
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        own = invitations.open_invitations(request.actor.organization_id)
        return Response(Pages(request).of(own, _invitation))

    @extend_schema(
        operation_id="invite_member",
        summary=_("Invite somebody to become a member"),
        description="A mail takes the link, which no answer of the API ever holds. A newer invitation to "
        "the same address replaces the older one.",
        request=InvitationInput,
        responses={201: InvitationShape},
    )
    def post(self, request: Request) -> Response:
        given = read_body(request, InvitationInput)
        own = Organization.objects.get(pk=request.actor.organization_id)

        def act() -> UUID:
            return invitations.invite(
                request.actor,
                organization=own,
                email=given["email"],
                full_name=given["name"],
                language=given["language"],
                roles=given["roles"],
            ).pk

        return once(request, act, lambda made: _open(request.actor, made))


class Resend(ApiView):
    permission_classes = [MANAGES]

    @extend_schema(
        operation_id="resend_invitation",
        summary=_("Send an invitation anew; the older link is dead"),
        request=None,
        responses={201: InvitationShape},
    )
    def post(self, request: Request, invitation_id: UUID) -> Response:
        read_body(request, Input)

        def act() -> UUID:
            return invitations.resend(request.actor, invitation_id).pk

        return once(request, act, lambda made: _open(request.actor, made))


class Revoke(ApiView):
    permission_classes = [MANAGES]

    @extend_schema(
        operation_id="revoke_invitation",
        summary=_("Take an invitation back"),
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, invitation_id: UUID) -> Response:
        read_body(request, Input)
        invitations.revoke(request.actor, invitation_id)
        return Response(status=204)
