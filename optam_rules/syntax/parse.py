"""Turns a source into the abstract syntax of its file and every diagnostic about its form.

Each piece (scan.py) is parsed alone, so that one fault hides no other. Names, types and dates are not looked at here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs

from optam_rules.base.diagnostics import Diagnostic
from optam_rules.base.source import Position, Source
from optam_rules.syntax.abstract import Amend, AmendmentHeader, ConventionHeader, FileSyntax, Item, Repeal
from optam_rules.syntax.declarations import Header, heading_number, piece
from optam_rules.syntax.expressions import NESTED
from optam_rules.syntax.faults import Faults
from optam_rules.syntax.lexicon import LANGUAGES
from optam_rules.syntax.limits import DEFAULT, Limits
from optam_rules.syntax.reader import Reader
from optam_rules.syntax.refusals import declared_names, read_tree
from optam_rules.syntax.scan import Comment, Piece, scan
from optam_rules.syntax.tables import parser

if TYPE_CHECKING:
    from optam_rules.syntax.reader import Node

_LANGUAGE_LINE = re.compile(r"[^\S\n]*(?:langue|language)[^\S\n]+(\w+)[^\S\n]*(?:#[^\n]*)?(?=\n|$)")


@attrs.frozen
class _Read:
    """What one piece gave: a header, an item or nothing, and the article that stands from there on."""

    said: Header | Item | None
    article: str | None
    broken: frozenset[str] = frozenset()


def parse(source: Source, *, lexicon: str | None = None, limits: Limits = DEFAULT) -> tuple[FileSyntax, list[Diagnostic]]:
    """Parse a file in the lexicon given, else in the one that its first line or its name tells, else in French."""
    faults = Faults(limits.diagnostics)
    language, start = _language(source, lexicon, faults)
    scanned = scan(source, language, start, limits, faults)
    header: Header | None = None
    items: list[Item] = []
    broken: set[str] = set()
    article: str | None = None
    headers = 0
    for index, part in enumerate(scanned.pieces):
        if index == limits.declarations:
            faults.note("E134", _opening(source, part), limit=limits.declarations)
        if index >= limits.declarations:
            broken |= declared_names(source.text, part, language)
            continue
        result = _read_piece(source, part, language, article, limits, faults)
        article = result.article
        broken |= result.broken
        if part.word in {"_CONVENTION", "_AMENDMENT"}:
            headers += 1
            if index > 0:
                faults.note("E123", _opening(source, part))
        match result.said:
            case None:
                pass
            case ConventionHeader() | AmendmentHeader() as found:
                header = header or found
            case item:
                items.append(item)
    if not headers:
        faults.note("E122", Position(source, start, start))
    if headers and not isinstance(header, AmendmentHeader):
        _refuse_amending(header, items, faults)
    syntax = FileSyntax(source, language, header, tuple(items), frozenset(broken))
    return syntax, faults.finished(Position(source, len(source.text), len(source.text)))


def comments(source: Source, *, lexicon: str | None = None) -> tuple[Comment, ...]:
    """Return the comments of a file in order, for whoever prints it again."""
    faults = Faults(0)
    language, start = _language(source, lexicon, faults)
    return scan(source, language, start, DEFAULT, faults).comments


def _language(source: Source, lexicon: str | None, faults: Faults) -> tuple[str, int]:
    """Return the lexicon of a file, and where its text starts: after the line that names the lexicon."""
    named = "en" if source.name.endswith(".en.conv") else "fr"
    line = _LANGUAGE_LINE.match(source.text)
    if line is None:
        return lexicon or named, 0
    if line[1] not in LANGUAGES:
        faults.note("E136", Position(source, line.start(1), line.end(1)), found=line[1][:20], known="`fr` et `en`")
        return lexicon or named, line.end()
    return lexicon or line[1], line.end()


def _read_piece(source: Source, part: Piece, language: str, article: str | None, limits: Limits, faults: Faults) -> _Read:
    unread = _Read(None, article, declared_names(source.text, part, language))
    if not part.legible:
        return unread
    tree, beyond = read_tree(source, part, language, article, faults)
    if tree is None:
        return attrs.evolve(unread, broken=unread.broken | beyond)
    number = heading_number(tree)
    here = number if number is not None else article
    reader = Reader(source, part.start, limits, faults, here)
    deep = _too_deep(tree, limits.nesting)
    if deep is not None:
        reader.fault("E130", deep, limit=limits.nesting)
        return attrs.evolve(unread, article=here)
    before = faults.count
    said = piece(reader, tree)
    if faults.count > before:
        return attrs.evolve(unread, article=here)
    return _Read(said, here, beyond)


def _too_deep(tree: Node, limit: int) -> Node | None:
    """Return the first expression nested deeper than `limit`; chains of operators nest to the left."""
    stack = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        depth += node.data in NESTED
        if depth > limit:
            return node
        stack.extend((child, depth) for child in node.children if hasattr(child, "data"))
    return None


def _opening(source: Source, part: Piece) -> Position:
    """Return the first word of a piece."""
    match = re.compile(r"\w+|.").match(source.text, part.start)
    return Position(source, part.start, match.end() if match else part.end)


def _refuse_amending(header: Header | None, items: list[Item], faults: Faults) -> None:
    """Note the verbs of amendments outside an `avenant`."""
    for item in items:
        if isinstance(item, Amend | Repeal):
            faults.note("E125", item.position)
