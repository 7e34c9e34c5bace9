"""Keeping listings true: checks, capacity, phone samples, duplicates."""
