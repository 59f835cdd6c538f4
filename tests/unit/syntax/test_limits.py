"""Hostile files: each limit with its code, and a diagnostic in seconds for what is huge, deep or no text at all."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from optam_rules.base.diagnostics import Diagnostic, render_text
from optam_rules.syntax.lexicon import lexicon
from optam_rules.syntax.limits import DEFAULT, Limits
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import read_source
from tests.unit.syntax.texts import HEADER, codes, faults

MEBIBYTE = 1 << 20
# A quarter of what a file may have: time grows in proportion, and the whole suite stays short.
SIZE = MEBIBYTE >> 2
# A generous bound for a shared and slow machine; these texts take 0.1 to 0.5 seconds.
SECONDS = 30
RULE = HEADER + "règle r : entier vaut "


def fill(unit: str, head: str = HEADER, tail: str = "", size: int = SIZE) -> str:
    """Repeat `unit` until the file has the size."""
    return head + unit * ((size - len((head + tail).encode())) // len(unit.encode())) + tail


def words() -> str:
    """Return keywords in no order."""
    keywords = [spelling for spellings in lexicon("fr").keywords.values() for spelling in spellings]
    return HEADER + " ".join(random.Random(2016).choices(keywords, k=20_000))


HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "parentheses": (fill("(", RULE), "E130"),
    "balanced parentheses": (RULE + "(" * 125_000 + "x" + ")" * 125_000, "E130"),
    "braces": (fill("{", RULE), "E130"),
    "brackets": (fill("a[", RULE), "E133"),
    "records": (fill("f(a=", HEADER + 'test "x" au 2016-01-01 sachant a = '), "E130"),
    "sum": (fill("a + ", RULE, "a"), "E133"),
    "conjunction": (fill("a et ", RULE, "a"), "E133"),
    "implications": (fill("a implique ", RULE, "a"), "E133"),
    "negations": (fill("non ", RULE, "a"), "E133"),
    "signs": (fill("-", RULE, "a"), "E133"),
    "dots": (fill(".a", RULE + "a"), "E133"),
    "a medium sum": (RULE + "a + " * 3_000 + "a", "E130"),
    "medium negations": (RULE + "non " * 3_000 + "a", "E130"),
    "caps": (RULE + "a" + " au moins 3" * 101, "E130"),
    "one name": (fill("a", HEADER + "règle "), "E111"),
    "one number": (fill("9", RULE), "E131"),
    "one grouped number": (fill("9_", RULE), "E110"),
    "one string": (fill("a", HEADER + 'règle r : entier "'), "E105"),
    "strings": (fill('"\n'), "E105"),
    "escapes": (fill("\\", HEADER + 'règle r : entier "'), "E105"),
    "quotations": (fill("texte «\n"), "E106"),
    "nested quotations": (fill("texte « «x»\n"), "E106"),
    "one quotation": (fill("«x»", HEADER + "texte «"), "E106"),
    "grave accents": (fill("`\n"), "E107"),
    "declarations": (fill("texte «»\n"), "E134"),
    "wrong declarations": (fill("règle r : entier vat 1\n"), "E110"),
    "misspelled declarations": (fill("regl r : entier vaut 1\n"), "E133"),
    "one keyword": (fill("règle "), "E111"),
    "keywords": (words(), "E110"),
    "verbs": (fill("remplace "), "E110"),
    "verb and blanks": (HEADER + "remplace " + " " * 125_000 + "test= " * 20_000, "E133"),
    "clauses": (fill(" partielle", HEADER + "règle r : entier", " vaut 1"), "E133"),
    "items": (fill("1;", HEADER + "paramètre p : ensemble de entier = {", "1} depuis 2016-01-01"), "E133"),
    "values": (fill("a;", HEADER + "énumération e {", "a}"), "E133"),
    "readings": (fill("a|", HEADER + "hypothèse h = ", 'a "x"'), "E133"),
    "rows": (fill("| 1 -> 1\n", HEADER + "table t : entier selon x\n"), "E133"),
    "cells": (fill("]1;2]|", HEADER + "table t : entier selon x\n|", "* -> 3"), "E133"),
    "branches": (fill(" sinon si a vaut b", RULE + "a si b"), "E133"),
    "bidirectional": (fill("\u202e"), "E104"),
    "mixed scripts": (fill("\u0430b\n"), "W101"),
    "blanks": (fill(" "), ""),
    "comments": (fill("# x\n"), ""),
    "combining": (fill("\u0301", HEADER + 'règle r : entier "e', '" vaut 1'), ""),
    "decomposed": (fill("e\u0301", HEADER + 'règle r : entier "', '" vaut 1'), ""),
    "nul": (b"\0" * SIZE, "E103"),
    "random bytes": (random.Random(2016).randbytes(SIZE), "E102"),
    "latin-1": (RULE.encode("latin-1"), "E102"),
    "utf-16": (RULE.encode("utf-16"), "E102"),
    "too large": (b"a" * (MEBIBYTE + 1), "E101"),
}


def said(text: str | bytes) -> list[Diagnostic]:
    """Return what reading and parsing say of a file."""
    source, diagnostics = read_source("essai.conv", text.encode() if isinstance(text, str) else text)
    return diagnostics if source is None else parse(source)[1]


@pytest.mark.parametrize(("text", "code"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_file_is_told_quickly(text: str | bytes, code: str) -> None:
    """A hostile file gives at most 201 diagnostics that can be printed, its own code among them, in bounded time."""
    started = time.monotonic()
    diagnostics = said(text)
    printed = "\n".join(map(render_text, diagnostics))
    assert time.monotonic() - started < SECONDS
    assert {diagnostic.code for diagnostic in diagnostics} >= ({code} if code else set())
    assert len(diagnostics) <= DEFAULT.diagnostics + 1
    assert len(printed) < 200_000


@pytest.mark.parametrize(("unit", "head"), [("a + ", RULE), ("1;", HEADER + "paramètre p : ensemble de entier = {")], ids=["sum", "items"])
def test_hostile_file_takes_bounded_memory(unit: str, head: str, tmp_path: Path) -> None:
    """A whole mebibyte of one expression is refused by a process that may not take more than three hundred of them."""
    pytest.importorskip("resource")
    path = tmp_path / "essai.conv"
    path.write_text(fill(unit, head, "1", MEBIBYTE), encoding="utf-8")
    code = (
        "import pathlib, resource, sys; resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20));"
        "from optam_rules.syntax.parse import parse; from optam_rules.syntax.source import read_source;"
        "source, _ = read_source('essai.conv', pathlib.Path(sys.argv[1]).read_bytes());"
        "print(*(diagnostic.code for diagnostic in parse(source)[1]))"
    )
    result = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert "E133" == result.stdout.strip()


def test_nesting() -> None:
    """One hundred operators in a chain, or one hundred parentheses, are read; one more is refused."""
    for inside in ("x + " * 100 + "x", "(" * 100 + "x" + ")" * 100, "non " * 100 + "x", "x" + ".y" * 100, "a implique " * 100 + "x"):
        assert [] == codes(f"règle r : entier vaut {inside}")
    for inside in ("x + " * 101 + "x", "(" * 101 + "x" + ")" * 101, "non " * 101 + "x", "x" + ".y" * 101, "a implique " * 101 + "x"):
        assert ["E130"] == codes(f"règle r : entier vaut {inside}")


def test_chains_side_by_side_are_not_nested() -> None:
    """Many conditions side by side in braces are no nesting: each of sixty operators, in three hundred items."""
    item = "x + " * 60 + "x"
    assert [] == codes("règle r : booléen vaut toutes les conditions { " + " ; ".join([item] * 300) + " }")


def test_items() -> None:
    """As many items as the limit says are read, one more is refused: values, sets, rows, readings, data of a test."""
    limits = Limits(items=50)
    for head, item, separator, tail in (
        ("énumération e { ", "a", " ; ", " }"),
        ("paramètre p : ensemble de entier = { ", "1", " ; ", " } depuis 2016-01-01"),
        ("paramètre p : entier = ", "1 depuis 2016-01-01", " ; ", ""),
        ("table t : entier selon x", " | 1 -> 2", "", ""),
        ("hypothèse h = ", "a", " | ", ' "x"'),
        ('test "t" au 2016-01-01 sachant ', "a = 1", " ; ", " attendu b = 1"),
    ):
        assert [] == codes(head + separator.join([item] * 50) + tail, limits)
        assert ["E133"] == codes(head + separator.join([item] * 51) + tail, limits)


def test_long_lists_of_records_are_read() -> None:
    """A test may hold a list of two thousand records of three data each."""
    record = "exercice(annee = 2013 ; depassements = 3 € ; actif = vrai)"
    listed = " ; ".join([record] * 2_000)
    assert [] == codes(f'test "t" au 2016-01-01 sachant exercices = {{ {listed} }} attendu b = 1')


def test_declarations() -> None:
    """Declarations beyond the limit are not read; their names are known to be unread."""
    source, _ = read_source("a.conv", (HEADER + "".join(f"règle r{i} : entier vaut 1\n" for i in range(5))).encode())
    assert source is not None
    syntax, diagnostics = parse(source, limits=Limits(declarations=4))
    assert ["E134"] == [diagnostic.code for diagnostic in diagnostics]
    assert (3, frozenset({"r3", "r4"})) == (len(syntax.items), syntax.broken)


def test_faults_beyond_the_limit_are_counted() -> None:
    """Two hundred and five faults give two hundred diagnostics and one that counts the other five."""
    *shown, last = faults("règle\n" * 205)
    assert 200 == len(shown)
    assert "200 diagnostics sont montrés, 5 autres ne le sont pas" == last.message
    assert "E135" == last.code


def test_size_is_told() -> None:
    """A file over a mebibyte is refused with its size."""
    (diagnostic,) = said(b"a" * (MEBIBYTE + 1))
    assert "le fichier compte 1048577 octets, la limite est de 1048576" == diagnostic.message


def test_wide_cell_of_values_is_told() -> None:
    """A list over the limit is told where it goes over it."""
    (diagnostic,) = faults("énumération e { " + "a ; " * 10_000 + "a }")
    assert "plus de 10000 éléments à la suite" == diagnostic.message
