"""`optam diff`: its exit codes, its four forms, the effect on a file, and declarations of changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from tests.support.english import french_left
from tests.support.prime import amended, write_pack
from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]
LOWER = ("| secteur_2 -> 5 %", "| secteur_2 -> 4 %")
RECORDS = [
    {"identifiant": "A", "secteur": "secteur_2", "honoraires": "10000.00"},
    {"identifiant": "<B>", "secteur": "secteur_1", "honoraires": "10000.00"},
    {"identifiant": "C", "secteur": "secteur_9"},
]


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """The small convention before and after a lower rate, and records."""
    write_pack(tmp_path / "avant")
    write_pack(tmp_path / "apres", amended(LOWER), "2")
    (tmp_path / "dossiers.json").write_text(json.dumps(RECORDS), encoding="utf-8")
    return tmp_path


def test_the_same_meaning_is_exit_0(optam: Optam, packs: Path) -> None:
    """A pack compared with itself; with --strict too, for nothing is open."""
    ran = optam("diff", "./avant", "./avant", "--strict")
    assert (ran.code, ran.err) == (0, "")
    assert "même sens, aucune réponse ne peut différer" in ran.out


def test_another_meaning_is_exit_1_and_says_what_and_why(optam: Optam, packs: Path) -> None:
    """The rate goes from 5 % to 4 %: the answer, its direction, its cause and its place are told."""
    ran = optam("diff", "./avant", "./apres", "--answers", "taux_de_prime", "--explain")
    assert ran.code == 1
    assert "taux_de_prime — Taux de la prime : change, jamais vers le haut" in ran.out
    assert "par : modification de la ligne « secteur_2 », table taux_de_prime (article 2)" in ran.out
    assert "exemple : 5 %, puis 4 %" in ran.out
    assert "selon : article 2 « Prime »" in ran.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["./avant", "./nulle-part"], "E801"),
        (["./avant@2018-01-01", "./apres"], "E851"),
        (["./avant@hier", "./apres"], "E854"),
        (["./avant", "./apres", "--on", "2030-01-01"], "E805"),
        (["./avant", "./apres", "--answers", "primes"], "E806"),
        (["./avant", "./apres", "--assume", "borne=haute"], "E807"),
        (["./avant", "./apres", "--impact", "dossiers.json"], "E856"),
        (["./avant", "./ailleurs"], "E850"),
        (["./avant", "patients"], "E852"),
        (["./avant@2018-01-01", "./apres", "--on", "2019-01-01"], "E810"),
    ],
)
def test_a_wrong_call_is_exit_2_with_its_code(optam: Optam, packs: Path, words: list[str], code: str) -> None:
    """Nothing is guessed: dates, names, readings, sides."""
    folder = write_pack(packs / "ailleurs", "")
    text = (packs / "avant/texte.conv").read_text().replace("2017-", "2010-")
    (folder / "texte.conv").write_text(text)
    manifest = (folder / "manifest.toml").read_text().replace("{ from = 2017-01-01 }", "{ from = 2010-01-01, to = 2010-12-31 }")
    (folder / "manifest.toml").write_text(manifest)
    ran = optam("diff", *words)
    assert (ran.code, ran.out) == (2, "")
    assert code in ran.err


def test_the_effect_counts_every_record_and_lists_who_changes(optam: Optam, packs: Path) -> None:
    """Of three records one changes, 10,000 € x 1 % = 100 € less; one does not; one is refused by both sides."""
    ran = optam("diff", "./avant", "./apres", "--on", "2018-01-01", "--impact", "dossiers.json", "--answers", "prime")
    assert ran.code == 1
    assert "lus : 3 = comparés : 2 + refusés : 1 ; 1 dossier change (50,0 % des dossiers comparés)" in ran.out
    assert "le même écart partout : -100,00 €" in ran.out
    assert "Secteur 2 : 1 sur 1" in ran.out
    assert "prime : 500,00 €, puis 400,00 €" in ran.out
    assert "E509" in ran.out


def test_json_follows_its_schema(optam: Optam, packs: Path) -> None:
    """What CI reads is what the schema says, effect and declaration included; the same call gives the same bytes."""
    (packs / "changes.toml").write_text('[[change]]\nanswer = "prime"\n')
    words = ["./avant", "./apres", "--on", "2018-01-01", "--impact", "dossiers.json", "--expect", "changes.toml", "--format", "json"]
    ran = optam("diff", *words)
    assert ran.code == 1
    found = json.loads(ran.out)
    jsonschema.validate(found, json.loads(optam("schema", "diff").out))
    assert found["impact"]["changed"] == 1
    assert [each["answer"] for each in found["unexpected"]] == ["taux_de_prime", "prime_entiere"]
    assert optam("diff", *words).out == ran.out


def test_markdown_fits_a_merge_request(optam: Optam, packs: Path) -> None:
    """A table of answers, folded details, and names of records that make no markup."""
    ran = optam("diff", "./avant", "./apres", "--on", "2018-01-01", "--impact", "dossiers.json", "--format", "markdown")
    assert "| `taux_de_prime` Taux de la prime | change, jamais vers le haut | 5 % | 4 % |" in ran.out
    assert ran.out.count("<details>") == ran.out.count("</details>")
    assert "```diff\n-valeur : 5 %\n+valeur : 4 %\n```" in ran.out
    assert "<B>" not in ran.out


ENGLISH = [
    "old: ./avant (pack prime, version 1; on 2018-01-01)",
    "compared on 2018-01-01: the meaning changes",
    "Answers that differ",
    "  taux_de_prime — Taux de la prime: changes, never upwards",
    "    by: change of the row « secteur_2 », table taux_de_prime (article 2)",
    "    example: 5%, then 4%",
    "      nothing that it reads differs before it: the difference arises in its own rule",
    "Changes of the text",
    "      value: 5 %, then 4 %",
    "Effect on records",
    "  read: 3 = compared: 2 + refused: 1; 1 record changes (50.0% of the records compared)",
    "    rising: 0 records; falling: 1 record",
    "    the same difference everywhere: -100.00 €",
    "    Secteur 2: 1 of 1",
    "  Who changes",
    "      prime: 500.00 €, then 400.00 €",
    "  Refused",
    "Declaration of changes",
    "  prime: declared as « appears », but it changes",
]


def test_every_form_is_told_in_english(optam: Optam, packs: Path) -> None:
    """Text, Markdown and page say the same words; no French is left but names, labels and what the texts hold."""
    (packs / "changes.toml").write_text('[[change]]\nanswer = "prime"\nkind = "added"\n')
    write_pack(packs / "apres", amended(LOWER), "2")
    call = ["--messages", "en", "diff", "./avant", "./apres", "--on", "2018-01-01", "--impact", "dossiers.json", "--expect", "changes.toml"]
    text = optam(*call, "--explain")
    assert text.code == 1
    assert [] == [line for line in ENGLISH if line not in text.out.splitlines()]
    assert "under: article 2 « Prime »" in text.out
    markdown = optam(*call, "--format", "markdown").out
    assert "| answer | what becomes of it | example: before | after |" in markdown
    assert "| `taux_de_prime` Taux de la prime | changes, never upwards | 5% | 4% |" in markdown
    assert "```diff\n-value: 5 %\n+value: 4 %\n```" in markdown
    assert optam(*call, "--format", "html", "--output", "page.html").code == 1
    page = _Page()
    page.feed((packs / "page.html").read_text(encoding="utf-8"))
    wanted = [
        "From ./avant to ./apres",
        "Before",
        "Effect on records",
        "Both explanations",
        "Changes of the text",
        "Declaration of changes",
    ]
    assert [] == [words for words in wanted if words not in page.texts]
    problems = json.loads(optam(*call, "--format", "json").out)["unexpected"]
    assert {"answer": "prime", "problem": "declared as « appears », but it changes"} in problems
    held = ("Taux de la prime", "Plafond", "Prime", "le ")
    left = {word for line in text.out.splitlines() if not any(name in line for name in held) for word in french_left(line)}
    assert set() == left


class _Page(HTMLParser):
    """Collects what a page would fetch or run, and its texts."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.texts: list[str] = []
        self.drawings = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.drawings += tag == "svg"
        if tag in ("script", "link", "img", "iframe", "object"):
            self.fetched.append(tag)
        self.fetched += [str(value) for name, value in attrs if name in ("src", "href") and not str(value).startswith("#")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_stands_alone_and_escapes_what_it_shows(optam: Optam, packs: Path) -> None:
    """No script, nothing fetched; an identifiant with angle brackets is text; the effect is drawn."""
    write_pack(packs / "apres", amended(("| secteur_1 -> 2 %", "| secteur_1 -> 1 %")), "2")
    words = ["./avant", "./apres", "--on", "2018-01-01", "--impact", "dossiers.json", "--format", "html", "--output", "page.html"]
    assert optam("diff", *words).code == 1
    page = _Page()
    text = (packs / "page.html").read_text(encoding="utf-8")
    page.feed(text)
    assert page.fetched == []
    assert page.drawings > 0
    assert "<B>" in page.texts
    assert "<b>" not in text.lower()


def test_a_declaration_makes_the_expected_change_exit_0(optam: Optam, packs: Path) -> None:
    """All three answers that follow the rate are declared."""
    names = ("taux_de_prime", "prime_entiere", "prime")
    (packs / "changes.toml").write_text("".join(f'[[change]]\nanswer = "{name}"\ndirection = "never_higher"\n' for name in names))
    ran = optam("diff", "./avant", "./apres", "--expect", "changes.toml")
    assert ran.code == 0
    assert "tout ce qui change est déclaré, et tout ce qui est déclaré change" in ran.out
    stale = optam("diff", "./avant", "./avant", "--expect", "changes.toml")
    assert stale.code == 1
    assert "prime : déclarée comme « change », mais elle ne change pas" in stale.out


def test_what_stays_open_counts_with_strict_alone(optam: Optam, packs: Path) -> None:
    """Branches in another order, and no solver: nothing found, nothing proved."""
    moved = (
        "vaut 1 si honoraires < 10_000 €\n    sinon si honoraires > 50_000 € vaut 3",
        "vaut 3 si honoraires > 50_000 €\n    sinon si honoraires < 10_000 € vaut 1",
    )
    write_pack(packs / "autre", amended(moved))
    words = ["./avant", "./autre", "--budget", "0", "--examples", "10"]
    ran = optam("diff", *words)
    assert ran.code == 0
    assert "aucune différence trouvée, mais des réponses restent indécises" in ran.out
    assert optam("diff", *words, "--strict").code == 1
