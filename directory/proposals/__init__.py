"""Changing a listing: proposals, what they change, who approves, what the public reports."""
