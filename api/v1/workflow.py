"""The workflow table itself: which action leads from where to where, for whom, and what it needs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.inputs import Input
from api.permissions import PublicRead
from api.v1.shapes import Coded
from api.views import ApiView, read_query
from referrals import workflow


class StatusShape(Coded):
    final = serializers.BooleanField()


# ``from`` is a word of Python's own, so the fields are named in a dict.
ActionRow = type(
    "ActionRow",
    (serializers.Serializer,),
    {
        "name": serializers.CharField(help_text="As it stands in addresses, with hyphens."),
        "label": serializers.CharField(),
        "from": serializers.ListField(child=serializers.CharField()),
        "to": serializers.CharField(),
        "who": serializers.ListField(child=serializers.CharField()),
        "needs_consent": serializers.BooleanField(),
        "required": serializers.ListField(child=serializers.CharField()),
        "optional": serializers.ListField(child=serializers.CharField()),
        "reasons": serializers.ListField(child=serializers.CharField()),
    },
)


class WorkflowShape(serializers.Serializer[Any]):
    statuses = StatusShape(many=True)
    actions = ActionRow(many=True)


def workflow_body() -> dict[str, Any]:
    return {
        "statuses": [
            {"code": status.value, "name": str(label), "final": status in workflow.FINAL}
            for status, label in workflow.STATUS_LABELS.items()
        ],
        "actions": [_action(action) for action in workflow.ACTIONS.values()],
    }


def _action(action: workflow.Action) -> dict[str, Any]:
    return {
        "name": action.path,
        "label": str(action.label),
        "from": [status.value for status in workflow.Status if status in action.sources],
        "to": action.target.value,
        "who": sorted(party.value for party in action.parties),
        "needs_consent": action.consent,
        "required": list(action.required),
        "optional": list(action.optional),
        "reasons": list(action.reasons),
    }


class Table(ApiView):
    permission_classes = [PublicRead]

    @extend_schema(operation_id="workflow", summary=_("The workflow table"), responses=WorkflowShape)
    def get(self, request: Request) -> Response:
        read_query(request, Input)
        return Response(workflow_body())
