"""Elaborates texts of the language on top of the goldens' vocabulary."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from optam_rules.base.calendar import ALWAYS, Interval
from optam_rules.base.diagnostics import Diagnostic
from optam_rules.base.source import Source
from optam_rules.core.ir import Expr
from optam_rules.core.program import Definition, Program
from optam_rules.elaborate.pipeline import PackInfo, elaborate
from optam_rules.syntax.abstract import FileSyntax
from optam_rules.syntax.parse import parse

HEADER = 'convention "Essai" version "1"\n'
VOCABULARY = (Path(__file__).parents[2] / "golden" / "vocabulary.conv").read_text(encoding="utf-8")


def parsed(text: str, name: str = "essai.conv") -> FileSyntax:
    """Parse a text that must have no fault of form."""
    tree, faults = parse(Source(name, text, text))
    assert [] == faults
    return tree


def info(interval: Interval = ALWAYS, title: str = "Essai") -> PackInfo:
    """Return what a manifest would say."""
    return PackInfo("essai", title, "1", "sha256:0", dt.date(2026, 1, 1), interval)


def elaborated(*texts: str, parent: str = VOCABULARY, interval: Interval = ALWAYS) -> tuple[Program | None, list[Diagnostic]]:
    """Parse and elaborate the items of one or more files of a pack."""
    own = [parsed(HEADER + text, f"essai{place}.conv") for place, text in enumerate(texts)]
    return elaborate(info(interval), own, [parsed(parent, "parent.conv")] if parent else [])


def codes(*texts: str, parent: str = VOCABULARY, interval: Interval = ALWAYS) -> list[str]:
    """Return the codes of the errors of a text, in the order of the text."""
    diagnostics = elaborated(*texts, parent=parent, interval=interval)[1]
    return [diagnostic.code for diagnostic in diagnostics if diagnostic.severity == "error"]


def program(*texts: str, parent: str = VOCABULARY, interval: Interval = ALWAYS) -> Program:
    """Return the program of a text that must have no error."""
    found, diagnostics = elaborated(*texts, parent=parent, interval=interval)
    assert [] == [d for d in diagnostics if d.severity == "error"]
    assert found is not None
    return found


def definition(text: str, name: str, entity: str = "medecin") -> Definition:
    """Return one definition of a text."""
    return program(text).definitions[entity, name]


def body(type_: str, expr: str, *, entity: str = "medecin", more: str = "") -> Expr:
    """Return the core of a rule's only expression."""
    return definition(f"règle r de {entity} : {type_} vaut {expr}\n{more}", "r", entity).versions[0].body


def fault(type_: str, expr: str, *, more: str = "") -> list[str]:
    """Return the codes of the errors of a rule's only expression."""
    return codes(f"règle r : {type_} vaut {expr}\n{more}")
