"""The packaged synonyms: one meaning for each phrase, in both languages, tied to categories that exist."""

from __future__ import annotations

from collections import Counter

import pytest

from directory.folding import normalise
from directory.search.synonyms import Group, Phrase, groups
from directory.taxonomies import rows

COLUMNS = ("group", "words_en", "words_fr", "asks_en", "asks_fr", "categories")
WORDS = ("words_en", "words_fr")
ASKS = ("asks_en", "asks_fr")
LONGEST = 7
# Words that mean something else in the other language, or too many things in their own.
AMBIGUOUS = (
    "aide aids bail bras casier caution chat coin couches court down formation garde help its johns location "
    "manque pain parole sale side stage support traite work"
)
SLURS = "crackhead hooker junkie pute putain salope slut squaw tranny whore"


def words(text: str) -> Phrase:
    return tuple(normalise(text).split())


def entries(row: dict[str, str], *columns: str) -> list[str]:
    return [entry for column in columns for entry in row[column].split("|")]


def holding(text: str) -> list[Group]:
    return [group for group in groups() if words(text) in group.phrases]


def led_to(text: str) -> set[str]:
    return {
        code
        for group in groups()
        if words(text) in group.phrases + group.asks
        for code in (group.code, *group.categories)
    }


def test_the_table_is_complete() -> None:
    table = rows("synonyms.csv")
    assert len(table) == len(groups()) >= 110
    for row in table:
        assert tuple(row) == COLUMNS
        assert all(row[column].strip() for column in COLUMNS if column != "categories"), row["group"]
        for text in entries(row, *WORDS, *ASKS):
            assert text.strip() == text != "", row["group"]


def test_codes_of_groups_are_unique() -> None:
    assert [code for code, count in Counter(group.code for group in groups()).items() if count > 1] == []


def test_categories_exist() -> None:
    known = {row["code"] for row in rows("categories.csv")}
    for group in groups():
        assert set(group.categories) <= known, group.code
        assert len(set(group.categories)) == len(group.categories), group.code


@pytest.mark.parametrize("column", [*WORDS, *ASKS])
def test_nothing_stands_twice_in_a_cell(column: str) -> None:
    for row in rows("synonyms.csv"):
        counted = Counter(words(text) for text in row[column].split("|"))
        assert [phrase for phrase, count in counted.items() if count > 1] == [], row["group"]


def test_a_phrase_stands_in_one_group() -> None:
    counted = Counter(phrase for group in groups() for phrase in group.phrases)
    assert [phrase for phrase, count in counted.items() if count > 1] == []


def test_what_is_asked_is_no_phrase_of_any_group() -> None:
    phrases = {phrase: group.code for group in groups() for phrase in group.phrases}
    assert [(group.code, ask) for group in groups() for ask in group.asks if ask in phrases] == []


def test_phrases_are_short_and_in_the_normal_form() -> None:
    for group in groups():
        for phrase in group.phrases + group.asks:
            assert 1 <= len(phrase) <= LONGEST, (group.code, phrase)
            assert words(" ".join(phrase)) == phrase


def test_a_group_holds_the_entries_of_both_languages() -> None:
    for row, group in zip(rows("synonyms.csv"), groups(), strict=True):
        for column in WORDS:
            assert {words(text) for text in row[column].split("|")} <= set(group.phrases), group.code
        for column in ASKS:
            assert {words(text) for text in row[column].split("|")} <= set(group.asks), group.code


@pytest.mark.parametrize("word", AMBIGUOUS.split())
def test_an_ambiguous_word_is_never_looked_for_alone(word: str) -> None:
    assert holding(word) == []


def test_no_slur_can_be_shown_back() -> None:
    used = {word for group in groups() for phrase in group.phrases + group.asks for word in phrase}
    assert used.isdisjoint(SLURS.split())


@pytest.mark.parametrize(
    "alike",
    [
        "detox|withdrawal management|désintoxication|sevrage",
        "shelter|refuge|hébergement d’urgence",
        "STI|STD|ITSS|STBBI",
        "LGBTQ2S+|2ELGBTQI+|queer|gay|gai|lesbienne",
        "Two-Spirit|bispirituelle|aux deux esprits",
        "opioids|opioïdes|opiacés",
        "methadone|Suboxone|méthadone",
        "harm reduction|réduction des méfaits",
        "counselling|therapy|thérapie",
        "food bank|hamper|banque alimentaire",
        "social assistance|EIA|aide sociale",
        "domestic violence|family violence|violence conjugale",
        "trafficking|traite des personnes",
        "record suspension|pardon|casier judiciaire",
        "legal aid|aide juridique",
        "CFS|child protection|protection de l’enfance",
        "daycare|child care|garderie",
        "resume|résumé|CV",
        "elder|kookum|aînée",
        "sweat lodge|suerie|ceremony",
        "drop-in|halte-accueil",
        "HIV|VIH",
        "crisis line|ligne de crise",
        "peer support|pair aidance",
    ],
)
def test_words_that_are_equal(alike: str) -> None:
    found = {tuple(group.code for group in holding(text)) for text in alike.split("|")}
    assert len(found) == 1
    assert found != {()}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("where to sleep", "emergency-shelter"),
        ("safe place tonight", "emergency-shelter"),
        ("où dormir ce soir", "emergency-shelter"),
        ("hits me", "safe-home"),
        ("mon chum me bat", "domestic-violence"),
        ("me frappe", "safe-home"),
        ("quit drinking", "substance-use"),
        ("arrêter de boire", "substance-use"),
        ("someone to talk to", "counselling"),
        ("quelqu’un à qui parler", "counselling"),
        ("they took my kids", "family-reunification"),
        ("on m’a enlevé mes enfants", "family-reunification"),
        ("je veux m’en sortir", "new-start-program"),
        ("get out of the life", "new-start-program"),
        ("escorting", "new-start-safer"),
        ("prostituée", "new-start-program"),
        ("MTS", "stbbi"),
        ("aînés autochtones", "elders"),
    ],
)
def test_plain_speech_leads_to_services(asked: str, code: str) -> None:
    whole = words(asked)
    parts = {" ".join(whole[at:end]) for at in range(len(whole)) for end in range(at + 1, len(whole) + 1)}
    assert code in set().union(*map(led_to, parts))


def test_what_people_say_of_themselves_is_not_looked_for_in_listings() -> None:
    for text in ("prostitute", "prostituée", "escort", "he hits me", "me frappe", "m'en sortir"):
        assert holding(text) == []
