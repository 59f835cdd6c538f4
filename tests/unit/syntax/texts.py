"""Short ways to read a text of the language in tests."""

from __future__ import annotations

from optam_rules.base.diagnostics import Diagnostic
from optam_rules.syntax.abstract import FileSyntax, Item
from optam_rules.syntax.limits import DEFAULT, Limits
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import source_of

HEADER = 'convention "Essai" version "1"\n'


def read(text: str, *, name: str = "essai.conv", limits: Limits = DEFAULT) -> tuple[FileSyntax, list[Diagnostic]]:
    """Parse a whole file."""
    return parse(source_of(name, text), limits=limits)


def items(text: str) -> tuple[Item, ...]:
    """Parse declarations that stand under a header, and must be without fault."""
    syntax, diagnostics = read(HEADER + text)
    assert [] == diagnostics
    return syntax.items


def faults(text: str, limits: Limits = DEFAULT) -> list[Diagnostic]:
    """Parse declarations that stand under a header, and return what is said of them."""
    return read(HEADER + text, limits=limits)[1]


def codes(text: str, limits: Limits = DEFAULT) -> list[str]:
    """Return the codes of what is said of declarations under a header."""
    return [diagnostic.code for diagnostic in faults(text, limits)]
