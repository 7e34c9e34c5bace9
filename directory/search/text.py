"""From text to the words that are kept: folded, and cut back to a light stem.

The stem is the same for both languages, since one listing holds both. It unites plurals, genders and
the commonest endings; it never has to be a word itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from directory.folding import normalise

__all__ = ["content_words", "normalise", "stem", "stems", "undoubled"]

SHORTEST = 4
LONGEST = 60
DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1")
# Ending, what takes its place, and how long the word must be: the first that fits is taken.
PLURALS = (
    ("ies", "i", 5),
    ("aux", "al", 5),
    ("eux", "eu", 5),
    ("sses", "ss", 6),
    ("ss", "ss", 4),
    ("s", "", 4),
)
ENDINGS = (
    ("trices", "teur", 8),
    ("trice", "teur", 7),
    ("euse", "eur", 6),
    ("ienne", "ien", 7),
    ("onne", "on", 6),
    ("elle", "el", 6),
    ("iere", "ier", 6),
    ("que", "c", 6),
    ("ive", "if", 5),
    ("ing", "", 7),
    ("ed", "", 6),
    ("ee", "", 5),
    ("e", "", 5),
    ("y", "i", 4),
)

IRREGULAR = {"women": "woman", "men": "man", "children": "child", "feet": "foot", "teeth": "tooth"}
# The French word's stem; its own would be that of "refuge".
IRREGULAR |= {"refugee": "refugi", "refugees": "refugi"}

# Words of a sentence that name nothing. They are dropped from a query that has other words.
ENGLISH = """a about am an and any anybody anyone are as at be been but by can could d did do does
doing feel for from get getting give go going got had has have having her here him his
how i if in into is it its just keep know like ll look looking m me my near need needs
no not now of on or our out over please re really s seeking she should so some somebody
someone something t that the their them there these they think this to try up us ve want
wants was we were what when where which who will with would you your"""
FRENCH = """ai aller as au aucun aucune aux avec avoir c ce cela ces cet cette chercher cherche
comme comment d dans de des du elle elles en est et etre eux faire faut il ils j je l la
le les leur leurs lui m ma mes mon moi n ne nos notre nous on ont ou par pas peux peut
plus pour pouvoir pres puis qu quand que quel quelle qui quoi s sa se ses si son suis
sur t ta te tes ton toi trouver trouve tu un une va vais vers veux voici voudrais vos
votre vous y a besoin"""
# Words that say little beside others: they put a listing first, but none is left out for want of them.
OPTIONAL_WORDS = """help aide free gratuit gratuite gratuits gratuites gratuitement today tonight now soon
night test ex soir aujourd hui maintenant bientot nuit urgent urgence svp service
services program programs programme programmes centre centres center centers support
soutien appointment rendez"""
OPTIONAL = frozenset(OPTIONAL_WORDS.split())
STOP_WORDS = frozenset(ENGLISH.split()) | frozenset(FRENCH.split())


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The light stem of one normalised word. A word with a digit, or of three letters, stays as it is."""
    word = word[:LONGEST]
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) < SHORTEST or not word.isalpha():
        return word
    for ending, instead, shortest in PLURALS:
        if word.endswith(ending):
            if len(word) >= shortest:
                word = word[: len(word) - len(ending)] + instead
            break
    for ending, instead, shortest in ENDINGS:
        if word.endswith(ending) and len(word) >= shortest:
            word = word[: len(word) - len(ending)] + instead
            break
    return undoubled(word)


def undoubled(word: str) -> str:
    """Double consonants as one: the two languages differ in them (``ressource``), and so do typists."""
    return DOUBLED.sub(r"\1", word) if len(word) > SHORTEST else word


def stems(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(stem, words))


def content_words(words: Iterable[str]) -> list[str]:
    """The words that name something; all of them where none does."""
    given = list(words)
    return [word for word in given if word not in STOP_WORDS] or given
