"""The own organization's clients. There is no search for persons across organizations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.etags import etag, require_match
from api.idempotency import once
from api.inputs import Input
from api.openapi import PAGING
from api.pagination import EXACT, Pages
from api.v1.client_shapes import (
    ClientInput,
    ClientPage,
    ClientPatch,
    ClientShape,
    PhaseInput,
)
from api.v1.consents import WITH_CLIENTS, consent_body
from api.v1.shapes import coded
from api.views import ApiView, read_body, read_query
from partners.actor import Actor
from partners.errors import NotSeen
from referrals.clients import (
    ClientFile,
    ClientRow,
    change_client,
    create_client,
    enter_phase,
    list_clients,
    open_file,
)
from referrals.models import Client

PLAIN = (
    "id",
    "code",
    "chosen_name",
    "legal_name",
    "age_band",
    "is_minor",
    "age_is_stale",
    "gender",
    "pronouns",
    "language",
    "safe_contact",
    "situation",
    "health",
    "family",
    "justice",
    "housing",
    "indigenous_identity",
)


def client_row(row: ClientRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "chosen_name": row.chosen_name,
        "phase": row.phase,
        "age_band": row.age_band,
        "last_act_at": row.last_act_at,
    }


def file_body(file: ClientFile) -> dict[str, Any]:
    """Everything but the child-protection record, which has a narrower circle of readers."""
    current = next((row.phase for row in file.phases if row.left_on is None), None)
    return {
        **{name: getattr(file, name) for name in PLAIN},
        "birth_date": file.birth_date or None,
        "safe_area": coded(file.safe_area) if file.safe_area else None,
        "phase": current,
        "phases": [
            {
                "phase": row.phase,
                "entered_on": row.entered_on,
                "left_on": row.left_on,
                "reason": row.reason,
            }
            for row in file.phases
        ],
        "consents": [consent_body(consent) for consent in file.consents],
        "referrals": [{"id": r.pk, "code": r.code, "status": r.status} for r in file.referrals],
    }


def for_core(given: dict[str, Any]) -> dict[str, Any]:
    """Values as the core takes them: a date as ISO text, nothing as an empty text."""
    if "birth_date" in given:
        born = given["birth_date"]
        given["birth_date"] = born.isoformat() if born else ""
    if "safe_contact" in given:
        given["safe_contact"] = dict(given["safe_contact"])
    return given


class List(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="clients",
        summary=_("Clients of your organization"),
        description="No search by name: a name never stands in an address.",
        parameters=PAGING,
        responses=ClientPage,
    )
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        pages = Pages(request)
        asked = {"page": pages.page, "page_size": pages.page_size, "exact": EXACT + 1}
        found = list_clients(actor=request.actor, **asked)
        # Behind the last page the paginator of the pages answers the last one again.
        rows = [client_row(row) for row in found.object_list if found.number == pages.page]
        return Response(pages.answer(rows, found.paginator.count, found.has_next()))

    @extend_schema(
        operation_id="create_client",
        summary=_("Open a client file"),
        request=ClientInput,
        responses={201: ClientShape},
    )
    def post(self, request: Request) -> Response:
        given = for_core(read_body(request, ClientInput))
        actor = request.actor
        return once(
            request,
            lambda: create_client(actor=actor, **given).pk,
            lambda made: file_body(open_file(actor=actor, client_id=made)),
        )


class Detail(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="client",
        summary=_("One client file"),
        description="Recorded as a release to your organization.",
        responses=ClientShape,
    )
    def get(self, request: Request, client_id: UUID) -> Response:
        read_query(request, Input)
        return _answer(client_id, request.actor)

    @extend_schema(
        operation_id="change_client",
        summary=_("Change a client file"),
        request=ClientPatch,
        responses=ClientShape,
    )
    def patch(self, request: Request, client_id: UUID) -> Response:
        given = for_core(read_body(request, ClientPatch, partial=True))
        with transaction.atomic():
            require_match(request, _version(client_id, request.actor))
            change_client(actor=request.actor, client_id=client_id, **given)
        return _answer(client_id, request.actor)


class Phases(ApiView):
    permission_classes = [WITH_CLIENTS]

    @extend_schema(
        operation_id="enter_phase",
        summary=_("Enter a program phase"),
        request=PhaseInput,
        responses={201: ClientShape},
    )
    def post(self, request: Request, client_id: UUID) -> Response:
        given = read_body(request, PhaseInput)
        given.setdefault("on", timezone.localdate())

        def act() -> UUID:
            enter_phase(actor=request.actor, client_id=client_id, **given)
            return client_id

        return once(request, act, lambda found: file_body(open_file(actor=request.actor, client_id=found)))


def _answer(client_id: UUID, actor: Actor) -> Response:
    body = file_body(open_file(actor=actor, client_id=client_id))
    return Response(body, headers={"ETag": _version(client_id, actor)})


def _version(client_id: UUID, actor: Actor) -> str:
    """The file's tag. Inside a transaction the row stays locked until it ends."""
    row = Client.objects.visible_to(actor).filter(pk=client_id)
    if transaction.get_connection().in_atomic_block:
        row = row.select_for_update()
    version = row.values_list("pk", "last_act_at").first()
    if version is None:
        raise NotSeen
    return etag(version)
