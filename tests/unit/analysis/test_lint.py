"""Lints: each fires on what it is about and on nothing beside it, comments put them aside, and what they mend means the same."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

import optam_rules
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import source_of

HEADER = 'convention "E" version "1"\narticle 1 "A"\n'


def found(tmp_path: Path, text: str, header: str = HEADER) -> list[tuple[str, int]]:
    """Return the codes found in a text under an article, with their lines counted from the text's own first; unused names left aside."""
    file = tmp_path / "essai.conv"
    file.write_bytes((header + text).encode())
    lines = header.count("\n")
    told = [finding.diagnostic for finding in optam_rules.lint(file)]
    return [(fault.code, fault.position.line - lines) for fault in told if fault.code != "W202" and fault.position is not None]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("a et b ou c", ["W501"]),
        ("c ou a et b", ["W501"]),
        ("a et b ou c et a", ["W501", "W501"]),
        ("(a et b) ou c", []),
        ("(a et b # oui\n) ou c", []),
        ("( # oui\na et b) ou c", []),
        ("a et b et c", []),
        ("a ou b ou c", []),
        ("a et (b ou c)", []),
        ("l'une des conditions { a et b ; c }", []),
        ("existe(a et b ou c pour x dans { 1 })", ["W501"]),
    ],
)
def test_et_beside_ou(tmp_path: Path, condition: str, expected: list[str]) -> None:
    """`et` as an operand of `ou` is told unless parentheses stand around it."""
    names = {"a": "adherent_cas", "b": "demande_taux_groupe", "c": "groupe.meme_structure"}
    words = "".join(names.get(part, part) for part in re.split(r"\b", condition))
    assert expected == [code for code, _ in found(tmp_path, f"règle r : booléen vaut {words}\n")]


RULE = "règle r : taux vaut 10 % plafonné à 100 %\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("vaut 20 %", ["W502"]),
        ("vaut 20 % plafonné à 100 %", []),
        ("vaut 20 % plafonné à 50 %", []),
        ("vaut 20 % au moins 1 %", ["W502"]),
        ("vaut inconnu", []),
        ("vaut sans objet", []),
        ("vaut 20 % plafonné à 100 % plafonné à 100 %", ["W503"]),
        ("vaut 20 % plafonné à 100 % plafonné à 50 %", []),
    ],
)
def test_bounds_of_exceptions(tmp_path: Path, body: str, expected: list[str]) -> None:
    """An exception without its rule's cap is told, as is a cap written twice; what gives no number needs none."""
    assert expected == [code for code, _ in found(tmp_path, f"{RULE}exception x de r si adherent_cas {body}\n")]


def test_the_exception_of_an_exception_is_measured_against_the_rule(tmp_path: Path) -> None:
    """The rule's floor is asked of both."""
    text = "règle r : taux vaut 10 % au moins 1 %\nexception x de r si adherent_cas vaut 20 % au moins 1 %\n"
    text += "exception y de x si demande_taux_groupe vaut 30 %\n"
    assert [("W502", 3)] == found(tmp_path, text)


def test_what_depends_on_what_is_declared(tmp_path: Path) -> None:
    """`est connu` and `à défaut` are told in rules, not in tests and properties."""
    text = "règle r : booléen vaut adherent_cas est connu\nrègle s : taux vaut 10 % à défaut 5 %\n"
    text += 'propriété "p" adherent_cas est connu implique r\n'
    assert [("W504", 1), ("W504", 2)] == found(tmp_path, text)


def test_rules_without_article(tmp_path: Path) -> None:
    """A rule before the first article is told, one under it is not; nor are questions."""
    text = "règle r : taux vaut 10 %\nexception x de r si adherent_cas vaut p\nparamètre p : taux = 1 % depuis 2011-09-26\n"
    assert [("W505", 1), ("W505", 2), ("W505", 3)] == found(tmp_path, text, 'convention "E" version "1"\n')
    assert [] == found(tmp_path, text)


def test_hypotheses_without_reason(tmp_path: Path) -> None:
    """Two words are no reason, three may be one; the same of an open question."""
    text = 'règle r : taux hypothèse "pas lu" vaut 10 %\nrègle s : taux hypothèse "pas encore lu" vaut 10 %\n'
    text += 'hypothèse q = a | b "quoi ?"\ntable t : taux selon q | a -> 1 % | b -> 2 %\n'
    assert [("W506", 1), ("W506", 3)] == found(tmp_path, text)


def test_a_pack_checked_long_ago(tmp_path: Path) -> None:
    """The day a year after is still fresh (2025-01-01 + 365 days = 2026-01-01), the next is not; without a day, nothing is told."""
    (tmp_path / "manifest.toml").write_text('id = "p"\ntitle = "E"\nversion = "1"\nverified = 2025-01-01\n', encoding="utf-8")
    (tmp_path / "a.conv").write_text('convention "E" version "1"\nentité principale e\ndonnée i : chaîne\n', encoding="utf-8")
    assert [] == list(optam_rules.lint(tmp_path, today=dt.date(2026, 1, 1)))
    assert ["W507"] == [finding.diagnostic.code for finding in optam_rules.lint(tmp_path, today=dt.date(2026, 1, 2))]
    assert [] == list(optam_rules.lint(tmp_path))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("règle r : booléen vaut adherent_cas est connu # lint: W504 pour voir\n", []),
        ("# lint: W504 pour voir\nrègle r : booléen vaut adherent_cas est connu\n", []),
        ("# lint: W504, W202 pour voir\n# autre\nrègle r : booléen vaut adherent_cas est connu\n", []),
        ("# lint: W504\nrègle r : booléen vaut adherent_cas est connu\n", [("W509", 1)]),
        ("# lint: W501 pour voir\nrègle r : booléen vaut adherent_cas est connu\n", [("W508", 1), ("W504", 2)]),
        ("règle r : booléen # lint: W504 pour voir\nvaut adherent_cas est connu\n", [("W508", 1), ("W504", 2)]),
    ],
)
def test_comments_put_lints_aside(tmp_path: Path, text: str, expected: list[tuple[str, int]]) -> None:
    """On their line or, alone on theirs, on the next; they give a reason, and put something aside."""
    assert expected == found(tmp_path, text)


def test_mending_keeps_the_tree_and_every_other_byte(tmp_path: Path) -> None:
    """Parentheses are put around each `et`; line ends, the mark at the start and decomposed accents stay as they were."""
    text = HEADER + "re\u0300gle r : booléen vaut adherent_cas et demande_taux_groupe\n ou demande_taux_groupe et adherent_cas\n"
    data = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    file = tmp_path / "essai.conv"
    file.write_bytes(data)
    mended = optam_rules.mend(data, optam_rules.lint(file))
    assert (
        data.replace(b"adherent_cas et demande_taux_groupe", b"(adherent_cas et demande_taux_groupe)").replace(
            b"demande_taux_groupe et adherent_cas", b"(demande_taux_groupe et adherent_cas)"
        )
        == mended
    )
    before, after = (parse(source_of("a.conv", part.decode("utf-8-sig")))[0].items for part in (data, mended))
    assert before == after
    file.write_bytes(mended)
    assert ["W202"] == [finding.diagnostic.code for finding in optam_rules.lint(file)]


def test_a_text_with_errors_is_not_linted(tmp_path: Path) -> None:
    """Its errors come first."""
    file = tmp_path / "essai.conv"
    file.write_text(HEADER + "règle r : taux vaut x\n", encoding="utf-8")
    with pytest.raises(optam_rules.PackError, match="E201"):
        optam_rules.lint(file)
