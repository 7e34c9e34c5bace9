"""How an organization joins: application, agreement, suspension."""
