"""Who belongs to an organization: invitations, roles, leaving."""
