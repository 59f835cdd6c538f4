"""Turns a source into the abstract syntax of its file and every diagnostic about its form.

Each piece (scan.py) is parsed alone, so that one fault hides no other. Names, types and dates are not looked at here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, cast

import attrs

from optam_rules.base.diagnostics import Diagnostic
from optam_rules.base.source import Position, Source
from optam_rules.syntax.abstract import Amend, AmendmentHeader, Complete, ConventionHeader, FileSyntax, Item, Repeal
from optam_rules.syntax.declarations import Header, heading_number, piece
from optam_rules.syntax.expressions import NESTED
from optam_rules.syntax.faults import Faults
from optam_rules.syntax.lexicon import LANGUAGES
from optam_rules.syntax.limits import DEFAULT, Limits
from optam_rules.syntax.outline import declared_article, declared_names
from optam_rules.syntax.reader import Reader
from optam_rules.syntax.refusals import read_trees
from optam_rules.syntax.scan import HEADERS, Piece, scan

if TYPE_CHECKING:
    from optam_rules.syntax.reader import Node

_LANGUAGE_LINE = re.compile(r"[^\S\n]*(?:langue|language)[^\S\n]+(\w+)[^\S\n]*(?=#|\n|$)")


_WORD = re.compile(r"\w{1,100}|.")


@attrs.frozen
class _Read:
    """What one piece gave: headers and items, and the article that stands from there on."""

    said: tuple[Header | Item, ...]
    article: str | None
    broken: frozenset[str] = frozenset()


def parse(source: Source, *, lexicon: str | None = None, limits: Limits = DEFAULT) -> tuple[FileSyntax, list[Diagnostic]]:
    """Parse a file in the lexicon given, else in the one that its first line or its name tells, else in French."""
    faults = Faults(limits.diagnostics)
    language, start = language_of(source, lexicon, faults)
    scanned = scan(source, language, start, limits, faults)
    header: Header | None = None
    items: list[Item] = []
    broken: set[str] = set()
    articles: list[tuple[int, str | None]] = []
    article: str | None = None
    for index, part in enumerate(scanned.pieces):
        if index == limits.declarations:
            faults.note("E134", _opening(source, part), limit=limits.declarations)
        if index >= limits.declarations:
            broken |= declared_names(source.text, part, language)
            continue
        result = _read_piece(source, part, language, article, limits, faults)
        article = result.article
        articles.append((part.start, article))
        broken |= result.broken
        for said in result.said:
            match said:
                case ConventionHeader() | AmendmentHeader():
                    header = header or said
                case item:
                    items.append(item)
    _check_headers(source, start, scanned.pieces, header is not None, faults)
    if isinstance(header, ConventionHeader):
        _refuse_amending(items, faults)
    syntax = FileSyntax(source, language, header, tuple(items), frozenset(broken))
    end = Position(source, len(source.text), len(source.text))
    return syntax, [_in_its_article(diagnostic, articles) for diagnostic in faults.finished(end)]


def _in_its_article(diagnostic: Diagnostic, articles: list[tuple[int, str | None]]) -> Diagnostic:
    """Add the article to the place of a fault that was found before headings were known."""
    place = diagnostic.position
    index = bisect_right(articles, place.start, key=lambda entry: entry[0]) if place is not None else 0
    if place is None or place.article is not None or index == 0:
        return diagnostic
    return attrs.evolve(diagnostic, position=attrs.evolve(place, article=articles[index - 1][1]))


def language_of(source: Source, lexicon: str | None, faults: Faults) -> tuple[str, int]:
    """Return the lexicon of a file, and where its text starts: after the line that names the lexicon."""
    named = "en" if source.name.endswith(".en.conv") else "fr"
    line = _LANGUAGE_LINE.match(source.text)
    if line is None:
        return lexicon or named, 0
    if line[1] not in LANGUAGES:
        faults.note("E136", Position(source, line.start(1), line.end(1)), found=line[1][:20])
        return lexicon or named, line.end()
    return lexicon or line[1], line.end()


def _read_piece(source: Source, part: Piece, language: str, article: str | None, limits: Limits, faults: Faults) -> _Read:
    opens, number = declared_article(source.text, part, language)
    here = number if opens else article
    names = declared_names(source.text, part, language)
    if not part.legible:
        return _Read((), here, names)
    reading = read_trees(source, part, language, here, faults)
    said: list[Header | Item] = []
    broken = reading.broken
    for parsed in reading.parts:
        number = heading_number(parsed.tree)
        here = here if number is None else number
        reader = Reader(source, parsed.offset, language, limits, faults, here)
        before = faults.count
        deep = _too_deep(parsed.tree, limits.nesting)
        if deep is not None:
            reader.fault("E130", deep, limit=limits.nesting)
            broken |= names
            continue
        built = piece(reader, parsed.tree)
        if faults.count > before:
            broken |= names
        else:
            said.append(built)
    return _Read(tuple(said), here, broken)


def _check_headers(source: Source, start: int, pieces: tuple[Piece, ...], found: bool, faults: Faults) -> None:
    """Note a file without header, and headers that are not its first declaration."""
    declarations = [part for part in pieces if part.word is not None]
    if not found and not any(part.word in HEADERS for part in declarations):
        faults.note("E122", Position(source, start, start))
    for part in declarations[1:]:
        if part.word in HEADERS:
            faults.note("E123", _opening(source, part))


def _too_deep(tree: Node, limit: int) -> Node | None:
    """Return the first expression nested deeper than `limit`; chains of operators nest to the left."""
    stack: list[tuple[Node, int]] = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        depth += node.data in NESTED
        if depth > limit:
            return node
        stack.extend((cast("Node", child), depth) for child in node.children if hasattr(child, "data"))
    return None


def _opening(source: Source, part: Piece) -> Position:
    """Return the first word of a piece."""
    match = _WORD.match(source.text, part.start)
    return Position(source, part.start, match.end() if match else part.end)


def _refuse_amending(items: list[Item], faults: Faults) -> None:
    """Note the verbs of amendments outside an `avenant`."""
    for item in items:
        if isinstance(item, Amend | Complete | Repeal):
            verb = _WORD.match(item.position.source.text, item.position.start)
            place = attrs.evolve(item.position, end=verb.end()) if verb else item.position
            faults.note("E125", place, verb=verb[0] if verb else "")
