"""How long the pages of the workflow take as the number of referrals grows."""
