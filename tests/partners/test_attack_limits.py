"""A limit by address, and somebody who has very many of them."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from partners.rate_limit import within_limit

pytestmark = pytest.mark.django_db


def attempts(addresses: list[str]) -> int:
    """How many of them are let through where three are."""
    cache.clear()
    requests = [RequestFactory().get("/", REMOTE_ADDR=address) for address in addresses]
    return sum(within_limit(request, "test", attempts=3, seconds=3600) for request in requests)


def test_whoever_has_a_network_of_version_6_has_one_address() -> None:
    """Every line at home has 2^64 of them."""
    assert attempts([f"2001:db8:1:2:{number:x}::1" for number in range(6)]) == 3
    assert attempts([f"2001:db8:1:{number:x}::1" for number in range(6)]) == 6
    assert attempts([f"203.0.113.{number}" for number in range(6)]) == 6
    assert attempts(["::ffff:203.0.113.7", "203.0.113.7"] * 3) == 3
    assert attempts(["2001:db8::1%eth0", "2001:db8::2"] * 3) == 3
