"""Codes that people read to each other on the phone, like ``K7Q-4MD``."""

from __future__ import annotations

import secrets

# No vowels (no words), no look-alikes (0 O, 1 I L, 2 Z, 5 S, 8 B, U V).
ALPHABET = "CDFGHJKMNPQRTWXY34679"


def new_code() -> str:
    """Six random signs in two groups; about 86 million codes. It carries no meaning."""
    signs = [secrets.choice(ALPHABET) for _ in range(6)]
    return "".join(signs[:3]) + "-" + "".join(signs[3:])
