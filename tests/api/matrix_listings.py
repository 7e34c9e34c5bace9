"""The rows of the matrix for listings that are kept: proposals, decisions, reports from the public."""

from __future__ import annotations

from typing import Any

from directory.proposals import proposing
from tests.api.world import World

# Red River's listing: Paula edits for Lantern, Lea keeps the catalogue, everybody else edits nothing.
EDITORS_LIST = "401 403 200 403 403 403 200 403 403"
OF_RED_RIVER = "401 403 404 403 403 403 200 403 403"
SERVICE = "services/{service}/"
PROPOSAL = "proposals/{proposal}/"
CHANGES = {"changes": {"name_en": "New name"}}

LISTINGS: dict[tuple[str, str], tuple[str, str, Any]] = {
    ("get", "proposals"): (EDITORS_LIST, "proposals/", None),
    ("get", "proposals_of_service"): (OF_RED_RIVER, SERVICE + "proposals/", None),
    ("post", "proposals_of_service"): (OF_RED_RIVER.replace("200", "201"), SERVICE + "proposals/", CHANGES),
    ("get", "proposal"): (OF_RED_RIVER, PROPOSAL, None),
    ("post", "decide_proposal"): (OF_RED_RIVER, PROPOSAL + "decision/", {"decision": "approve"}),
    ("post", "report"): (" ".join(["201"] * 9), SERVICE + "reports/", {"kind": "phone"}),
}


def listing_ids(world: World) -> dict[str, str]:
    """A change of Red River's listing that the network proposed."""
    wanted = {"email": "new@red-river.example"}
    made = proposing.propose(actor=world.lea, service_id=world.service.pk, wanted=wanted)
    return {"proposal": str(made.pk)}
