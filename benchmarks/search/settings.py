"""The product's settings; only the address of the null view is added."""

from config.settings import *  # noqa: F403 - they are the ones to measure

ROOT_URLCONF = "benchmarks.search.urls"
