"""Judgements as Markdown and as a page: what is said of all, of each, of the refused; nothing that a record holds drives a browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from demo.browser import CHROMIUM, MISSING
from tests.support import browser
from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]

HOSTILE = "<script>alert(1)</script>|`a`"
# Two judged, one refused. DR-1: (40 + 50 + 25) / 3 % = 23/60. HOSTILE: sector 1 without titles known.
RECORDS = (
    '[{"identifiant": "DR-1", "secteur": "secteur_2", "adherent_cas": true, "demande_taux_groupe": false, "exercices": ['
    '{"annee": 2013, "honoraires_remboursables": 100000, "depassements": 40000},'
    '{"annee": 2014, "honoraires_remboursables": 60000, "depassements": 30000},'
    '{"annee": 2015, "honoraires_remboursables": 40000, "depassements": 10000}]},'
    f'{{"identifiant": "{HOSTILE}", "secteur": "secteur_1"}}, {{"identifiant": "DR-3", "secteur": "secteur_9"}}]'
)
CALL = ("evaluate", "d.json", "--pack", "cm-2016", "--on", "2017-06-08", "--answers", "eligible_optam,taux_engagement")


@pytest.fixture
def page(optam: Optam) -> Callable[..., str]:
    """Write the records and return what `evaluate` prints of them in a format."""
    Path("d.json").write_text(RECORDS, encoding="utf-8")

    def call(*words: str) -> str:
        ran = optam(*CALL, *words)
        assert ran.code == 1  # one record is refused
        return ran.out

    return call


class Words(HTMLParser):
    """The texts of a page, the tags that were opened and not closed, and the addresses that it names."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.open: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its addresses."""
        if tag not in {"meta", "input", "br"}:
            self.open.append(tag)
        self.addresses += [value for name, value in attrs if name in {"src", "href"} and value is not None]

    def handle_endtag(self, tag: str) -> None:
        """Close a tag."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep a text, white space folded."""
        if data.strip():
            self.texts.append(" ".join(data.split()))


def test_markdown_tells_the_answers_of_each_record(page: Callable[..., str]) -> None:
    """A heading and a table a record; what Markdown would take for its own is escaped; the refused have their faults."""
    text = page("--format", "markdown")
    assert "## DR-1, au 2017-06-08 (cm-2016, version 2016-10-20)" in text
    assert "| `eligible_optam` | oui | doctrine |" in text
    assert r"## \<script\>alert(1)\</script\>\|\`a\`, au 2017-06-08" in text
    assert "<script" not in text.replace(r"\<script", "")
    assert "## refusé : dossier 3 (DR-3)\n\n- `E509` `secteur` " in text


def test_markdown_tells_why(page: Callable[..., str]) -> None:
    """Reasons are a nested list, in English where it is asked."""
    text = page("--format", "markdown", "--explain", "--lang", "en")
    assert (
        "- taux\\_engagement = about 38.33% (exactly 23/60) — Taux de dépassement à respecter\n  - under: article 41.1 « Engagements"
        in text
    )


def test_a_page_says_what_there_is_of_all(page: Callable[..., str]) -> None:
    """Counts of judged and refused, of each answer by status and standing, what is missing most often."""
    words = Words()
    words.feed(page("--format", "html"))
    said = " ".join(words.texts)
    assert (words.open, words.addresses) == ([], [])
    assert "Dossiers jugés : 2 ; refusés : 1." in said
    assert "eligible_optam Peut adhérer à l'OPTAM 1 1 – – – doctrine : 1" in said
    assert "taux_engagement Taux de dépassement à respecter 1 1 – – – texte : 1" in said
    assert "titres (Titres hospitaliers détenus) 1" in said
    assert "plafond : 100 %" in said
    assert "E509 Valeur hors de l'énumération 1 refusé : dossier 3 (DR-3)" in said


def test_a_page_explains_in_both_languages(page: Callable[..., str]) -> None:
    """The same sentences as on a terminal, folded under each answer."""
    french, english = page("--format", "html", "--explain"), page("--format", "html", "--explain", "--lang", "en")
    assert (
        "<li>taux_engagement = 38,33 % environ (exactement 23/60) — Taux de dépassement à respecter<ul><li>selon : article 41.1" in french
    )
    assert "<li>taux_engagement = about 38.33% (exactly 23/60) — Taux de dépassement à respecter<ul><li>under: article 41.1" in english
    assert ('lang="fr"' in french, 'lang="en"' in english) == (True, True)


def test_nothing_of_a_record_drives_the_page(page: Callable[..., str]) -> None:
    """There is one script, ours; the hostile name is shown as text."""
    text = page("--format", "html", "--explain")
    assert re.findall(r"<script[^>]*>", text) == ["<script>"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_the_same_records_give_the_same_page(page: Callable[..., str]) -> None:
    """No order of sets, no date of the machine."""
    assert page("--format", "html") == page("--format", "html")


@pytest.mark.skipif(CHROMIUM is None, reason=MISSING)
def test_the_page_works_in_a_browser(page: Callable[..., str], tmp_path: Path) -> None:
    """Its script has counted what is shown; the hostile name is a text of the document."""
    file = tmp_path / "page.html"
    file.write_text(page("--format", "html", "--explain"), encoding="utf-8")
    shown = browser.dom(file, tmp_path / "profile")
    assert "affichés : 2</span>" in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


@pytest.mark.skipif(CHROMIUM is None, reason=MISSING)
def test_filters_hide_records(page: Callable[..., str], tmp_path: Path) -> None:
    """Of two records, one has an unknown answer, which the filter keeps; the other is hidden."""
    text = page("--format", "html").replace("filter(); }\n</script>", 'filter(); status.value = "unknown"; filter(); }\n</script>')
    file = tmp_path / "page.html"
    file.write_text(text, encoding="utf-8")
    shown = browser.dom(file, tmp_path / "profile")
    assert "affichés : 1</span>" in shown
    assert re.search(r'<details class="record" data-who="dr-1" hidden=""', shown)
