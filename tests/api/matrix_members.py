"""The rows of members and invitations: Paula looks after Lantern's, Lea after the network's."""

from __future__ import annotations

from typing import Any

KEEPERS = "401 403 200 403 403 403 200 403 403"
OWN_MEMBER = "401 403 200 403 403 403 404 403 403"
NEW_INVITATION = {"email": "new@api.example", "name": "New", "language": "en", "roles": ["listing_editor"]}

MEMBERSHIP: dict[tuple[str, str], tuple[str, str, Any]] = {
    ("get", "members"): (KEEPERS, "members/", None),
    ("get", "member"): (OWN_MEMBER, "members/{member}/", None),
    ("put", "member"): (OWN_MEMBER, "members/{member}/", {"roles": ["worker", "manager"]}),
    # Nadia alone keeps a restricted file.
    ("post", "member_end"): (OWN_MEMBER.replace("200", "400"), "members/{member}/end/", {}),
    ("get", "invitations"): (KEEPERS, "invitations/", None),
    ("post", "invitations"): (KEEPERS.replace("200", "201"), "invitations/", NEW_INVITATION),
    ("post", "invitation_resend"): (
        OWN_MEMBER.replace("200", "201"),
        "invitations/{invitation}/resend/",
        None,
    ),
    ("post", "invitation_revoke"): (
        OWN_MEMBER.replace("200", "204"),
        "invitations/{invitation}/revoke/",
        None,
    ),
}
