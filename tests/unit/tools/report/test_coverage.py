"""What covers a small pack, as text, JSON, LCOV and a page: each is read back and counted by hand."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from optam_rules.analysis.coverage.measure import PackCoverage, measure
from optam_rules.library.packs import lone_file
from optam_rules.tools.report.coverage import coverage_json, coverage_text, lcov, share
from optam_rules.tools.report.coverage_page import coverage_page

TEXT = """convention "Essai" version "1"
article 1 "Plafond <b>" en vigueur du 2017-01-01
  texte « Le plafond vaut dix. Ailleurs, vingt. »
  règle r : taux cite "vaut dix"
    vaut 10 % si adherent_cas
    sinon 20 %
  exception x de r si secteur = secteur_1 vaut 30 %
article 2 "Autre" en vigueur du 2017-01-01
  règle s : taux vaut 5 %
test "un & deux" au 2017-06-08 sachant adherent_cas = vrai ; secteur = secteur_2 attendu r = 10 % ; s = 5 %
"""


@pytest.fixture(scope="module")
def report() -> PackCoverage:
    """Measure the text above: its one test takes the first branch and leaves the exception aside."""
    program, faults = lone_file("essai.conv", TEXT.encode())
    assert program is not None, faults
    return measure(program)


def test_a_share_is_never_rounded_up() -> None:
    """299 of 300 is not 100 %."""
    assert [share(299, 300), share(300, 300), share(0, 0)] == ["99 %", "100 %", "—"]


def test_the_text_lists_what_is_left_by_article(report: PackCoverage) -> None:
    """Article 2 is whole; of article 1, the second branch, the false outcome, the exception and its condition are left."""
    told = coverage_text(report)
    assert "article                     1         2        50 %" in told
    assert "phrase citée par une règle  1         2        50 %" in told
    _, left = told.split("1 — Plafond <b> : non couvert\n")
    assert left.splitlines() == [
        "  essai.conv:5:18 : condition `adherent_cas` : jamais fausse et seule à décider",
        "  essai.conv:6:11 : branche `20 %` : jamais prise",
        "  essai.conv:7:3 : exception `x` : jamais prise",
        "  essai.conv:7:23 : condition `secteur = secteur_1` : jamais vraie et seule à décider",
        "",
        "1 clause sans citation du texte de l'article : --coverage-json et --coverage-html les listent",
    ]


def test_the_json_names_the_tests_that_reach_each_goal(report: PackCoverage) -> None:
    """Tests are named by their place; whoever reads it can tell why an element is not covered."""
    form = coverage_json(report)
    assert form["summary"]["exception"] == {"covered": 0, "total": 1}
    assert [(one["title"], one["on"], one["line"]) for one in form["tests"]] == [("un & deux", "2017-06-08", 10)]
    (exception,) = [one for one in form["elements"] if one["kind"] == "exception"]
    assert exception["goals"] == [{"goal": "prise", "tests": []}, {"goal": "écartée", "tests": [0]}]
    assert (exception["definition"], exception["article"], exception["file"], exception["line"]) == ("medecin.r", "1", "essai.conv", 7)
    assert [sentence["cited_by"] for sentence in form["sentences"]] == [["r"], []]
    assert [clause["name"] for clause in form["uncited"]] == ["x"]


def test_lcov_counts_lines_branches_and_functions(report: PackCoverage) -> None:
    """Five lines begin something (4 r, 5 and 6 its branches, 7 x, 9 s), of which 6 and 7 are not reached; 2 definitions, both reached."""
    lines = lcov(report, lambda name: f"conventions/{name}").splitlines()
    assert lines[:2] == ["TN:", "SF:conventions/essai.conv"]
    assert [line for line in lines if line.startswith("DA:")] == ["DA:4,1", "DA:5,1", "DA:6,0", "DA:7,0", "DA:9,1"]
    assert [line for line in lines if line[:3] in ("FN:", "FNF", "FNH", "LF:", "LH:")] == [
        "FN:4,r",
        "FN:9,s",
        "FNF:2",
        "FNH:2",
        "LF:5",
        "LH:3",
    ]
    # branches: two of the conditional, two fates of x, two outcomes of each of two conditions; reached: 10 %, aside, true, false
    assert [line for line in lines if line[:3] in ("BRF", "BRH")] == ["BRF:8", "BRH:4"]
    assert lines[-1] == "end_of_record"


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.states: dict[str, str] = {}
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        held = dict(attrs)
        words = (held.get("class") or "").split()
        if words[:1] == ["ligne"]:
            self.states[(held.get("id") or "").rpartition("-")[2]] = " ".join(words[1:])


def test_the_page_marks_each_line_of_the_text(report: PackCoverage) -> None:
    """What the text says is shown as it is written, and nothing of it becomes a mark of the page."""
    html = coverage_page(report)
    page = _Page()
    page.feed(html)
    assert page.states == {
        "1": "",
        "2": "",
        "3": "",
        "4": "tout",
        "5": "partie",
        "6": "rien",
        "7": "partie",
        "8": "",
        "9": "tout",
        "10": "",
    }
    assert "<b>" not in html
    assert "Plafond &lt;b&gt;" in html
    assert "un &amp; deux" in html
    assert not {"script", "link", "img"} & set(page.tags)
