"""Collecting, merging and checking the translations, on a small made-up package."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

import pytest

from partners import localization

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy

WORDS = (
    _("Send the referral"),
    ngettext("%(count)s service", "%(count)s services", 2),
    pgettext_lazy("a capacity", "Open"),
)
"""
TEMPLATE = """{% load i18n %}
<ul>
      <li>{% translate "Get help now" %}</li>
  <li title="{% translate 'Open' context 'a door' %}">l’été (</li>
</ul>
{% blocktranslate count counter=found trimmed %}
  {{ counter }} place
{% plural %}
  {{ counter }} places
{% endblocktranslate %}
"""
PENDING = """Send the referral\tEnvoyer l’aiguillage
%(count)s service\t%(count)s services\t%(count)s service\t%(count)s services
a capacity\tOpen\tPlaces libres
a door\tOpen\tOuverte
Get help now\tObtenir de l’aide maintenant
%(counter)s place\t%(counter)s places\t%(counter)s lieu\t%(counter)s lieux
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    templates = tmp_path / "shop" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "pending").mkdir()
    (tmp_path / "shop" / "words.py").write_text(CODE)
    (templates / "page.html").write_text(TEMPLATE)
    (tmp_path / "pending" / "first.tsv").write_text(PENDING)
    return tmp_path


def merged(package: Path) -> localization.Catalog:
    found = localization.collect(package, ["shop"])
    return localization.merge(found, localization.empty(), localization.read_pending(package / "pending"))


def test_code_and_templates_reach_the_compiled_catalogue(package: Path) -> None:
    catalog = merged(package)

    assert list(localization.faults(catalog)) == []
    french = gettext.GNUTranslations(io.BytesIO(localization.mo_bytes(catalog)))
    assert french.gettext("Get help now") == "Obtenir de l’aide maintenant"
    assert french.pgettext("a capacity", "Open") == "Places libres"
    assert french.pgettext("a door", "Open") == "Ouverte"
    assert french.ngettext("%(counter)s place", "%(counter)s places", 0) == "%(counter)s lieu"
    assert french.ngettext("%(counter)s place", "%(counter)s places", 2) == "%(counter)s lieux"


def test_what_is_not_translated_is_named_with_its_file(package: Path) -> None:
    (package / "pending" / "first.tsv").write_text("Get help now\tObtenir de l’aide maintenant\n")

    faults = list(localization.faults(merged(package)))

    assert "not translated: Send the referral (shop/words.py)" in faults
    assert len(faults) == 5


def test_a_translation_that_loses_a_placeholder_is_a_fault(package: Path) -> None:
    (package / "pending" / "first.tsv").write_text(
        PENDING.replace("%(counter)s lieux", "des lieux").replace("\t%(counter)s lieu\t", "\tun lieu\t")
    )

    assert list(localization.faults(merged(package))) == [
        "placeholders differ: %(counter)s place | %(counter)s places (shop/templates/page.html)"
    ]


def test_the_written_file_reads_back_and_makes_the_same_bytes(package: Path) -> None:
    catalog = merged(package)
    po = package / "django.po"
    po.write_bytes(localization.po_bytes(catalog))

    again = localization.merge(
        localization.collect(package, ["shop"]), localization.read(po), localization.empty()
    )

    assert localization.po_bytes(again) == po.read_bytes()
    assert localization.mo_bytes(again) == localization.mo_bytes(catalog)


def test_a_fuzzy_entry_counts_as_missing(package: Path) -> None:
    po = package / "django.po"
    po.write_text('#, fuzzy\nmsgid "Get help now"\nmsgstr "De l’aide"\n')

    found = localization.collect(package, ["shop"])
    faults = list(localization.faults(localization.merge(found, localization.read(po), localization.empty())))

    assert "not translated: Get help now (shop/templates/page.html)" in faults


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("only one column", "two, three or four texts"),
        ("Get help now\t", "two, three or four texts"),
        ("Get help now\tAu secours", "another translation waits"),
    ],
)
def test_a_pending_line_that_cannot_be_used_is_refused(package: Path, line: str, complaint: str) -> None:
    (package / "pending" / "second.tsv").write_text(line + "\n")

    with pytest.raises(localization.CatalogError, match=f"second.tsv:1: {complaint}"):
        merged(package)


def test_a_broken_template_is_named(package: Path) -> None:
    (package / "shop" / "templates" / "broken.html").write_text(
        "{% blocktranslate %}{% if x %}{% endblocktranslate %}"
    )

    with pytest.raises(localization.CatalogError, match=r"broken\.html"):
        merged(package)
