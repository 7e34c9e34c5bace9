"""Synthetic clients and referrals for benchmarks. Nothing here is reached by a page or the API."""
