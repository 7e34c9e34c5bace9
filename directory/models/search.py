"""What search keeps of the listings. Written by ``directory.search`` alone; ADR 007 says how it works."""

from __future__ import annotations

from django.db import models


class SearchEntry(models.Model):
    """What search knows of one listing, written in the transaction that writes the listing.

    ``document`` is the packed form of ``directory.search.documents.Document``, empty where the listing
    was deleted. ``stamp`` tells readers which entries are newer than what they have read.
    """

    service_id = models.UUIDField(primary_key=True)
    stamp = models.BigIntegerField(db_index=True)
    document = models.BinaryField()


class SearchPosting(models.Model):
    """Which listings of a base carry a word or a code: one roaring bitmap for each field of the text."""

    class Kind(models.IntegerChoices):
        WORD = 0
        CODE = 1
        ORGANIZATION = 2

    pk = models.CompositePrimaryKey("generation", "kind", "term")
    generation = models.PositiveIntegerField()
    kind = models.PositiveSmallIntegerField(choices=Kind)
    term = models.CharField(max_length=200)
    listings = models.PositiveIntegerField()
    bitmaps = models.BinaryField()


class SearchColumn(models.Model):
    """One value of every listing of a base, as an array in the order of their numbers."""

    pk = models.CompositePrimaryKey("generation", "name")
    generation = models.PositiveIntegerField()
    name = models.CharField(max_length=30)
    values = models.BinaryField()


class SearchState(models.Model):
    """One row. ``generation`` is the base to read; entries stamped from ``horizon`` on are not in it.

    ``due`` counts the places that a base still held when they had to be forgotten, ``done`` how many of
    them no base holds any more.
    """

    generation = models.PositiveIntegerField(default=0)
    due = models.BigIntegerField(default=0)
    done = models.BigIntegerField(default=0)
    horizon = models.BigIntegerField(default=0)
    stamp = models.BigIntegerField(default=0)
