"""From consolidated files to the one text of a convention on a day, in the words in which each clause was written.

Tests and properties are left out: they are about the law, on other days too. The text loads again, with the meaning of that day.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence

import attrs

from optam_rules.base.calendar import ALWAYS, Interval
from optam_rules.elaborate.amendments import DATED
from optam_rules.elaborate.law import Group, LawFile, days_of
from optam_rules.syntax.abstract import (
    AtExpr,
    Clauses,
    ConventionHeader,
    DotExpr,
    ExceptionDecl,
    FileSyntax,
    Heading,
    HypothesisDecl,
    Item,
    LookupExpr,
    NameExpr,
    ParameterDecl,
    PropertyDecl,
    RuleDecl,
    TableDecl,
    TestDecl,
    UndercutDecl,
)
from optam_rules.syntax.lexicon import lexicon
from optam_rules.syntax.print import print_source
from optam_rules.syntax.source import source_of

# What opens an exception or a neutralisation, up to the place of its clauses; strings and comments before the values of a parameter.
_HEAD = {ExceptionDecl: re.compile(r"(?:\S+\s+){3}\S+"), UndercutDecl: re.compile(r"\S+\s+\S+")}
_BEFORE_VALUES = re.compile(r'(?:"(?:[^"\\\n]|\\.)*"|#[^\n]*|[^="#])*')


def consolidated_text(files: Sequence[FileSyntax], title: str, on: dt.date) -> str:
    """Print the files of a convention and of its amendments as one file, with what is in force on a day.

    What clauses of that day read on other days stays, with its own days: every value of a parameter, and definitions that they name.
    """
    held = [file for file in map(LawFile.of_consolidated, files) if file.title == title]
    header = next(file.syntax.header for file in held if isinstance(file.syntax.header, ConventionHeader))
    language = next(file.syntax.lexicon for file in held if isinstance(file.syntax.header, ConventionHeader))
    lexicons = {id(file.syntax.source): file.syntax.lexicon for file in held}
    chosen = _chosen([group for file in held for group in file.groups], on)
    words = lexicon(language)
    opening = f"{words.word('_CONVENTION')} {_quoted(header.title)} {words.word('_VERSION')} {_quoted(header.version)}"
    if header.source is not None:
        opening += f" {words.word('_SOURCE')} {_quoted(header.source)}"
    parts = [opening, f"\n# consolidé au {on}"]
    for file in held:
        for group in file.groups:
            members = [item for item in group.members if id(item) in chosen]
            if group.heading is not None and (members or on in days_of(group.heading, ALWAYS)):
                parts.append("\n" + _printed(group.heading, ALWAYS, lexicons, language))
            whole = days_of(group.heading, ALWAYS)
            parts += [_printed(item, whole, lexicons, language) for item in members]
    return print_source(source_of("consolidé.conv", _language_line(language) + "\n".join(parts) + "\n"))


def _language_line(language: str) -> str:
    return "langue en\n" if language == "en" else ""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _chosen(groups: Sequence[Group], on: dt.date) -> frozenset[int]:
    """Return the items to print: those in force, and what they read that is not."""
    everything = [(item, days_of(item, days_of(group.heading, ALWAYS))) for group in groups for item in group.members]
    law: list[tuple[Item, Interval]] = [(item, days) for item, days in everything if not isinstance(item, TestDecl | PropertyDecl)]
    named = {item.name for item, days in law if isinstance(item, RuleDecl | TableDecl | ExceptionDecl) and on in days}
    chosen: dict[int, Item] = {id(item): item for item, days in law if on in days and not _aimless(item, named)}
    while True:
        there = {item.name for item in chosen.values() if isinstance(item, RuleDecl | TableDecl)}
        read, elsewhere = set[str](), set[str]()
        for item in chosen.values():
            _read(item, read, elsewhere)
        wanted = (read - there) | elsewhere
        left = [item for item, _ in law if id(item) not in chosen]
        more: list[Item] = [item for item in left if isinstance(item, RuleDecl | TableDecl) and item.name in wanted]
        more += [item for item in left if isinstance(item, ParameterDecl) and item.name in read | elsewhere]
        if not more:
            return frozenset(chosen)
        chosen |= {id(item): item for item in more}


def _aimless(item: Item, named: set[str]) -> bool:
    """Tell an exception or neutralisation of what is not in force."""
    below = item.parent if isinstance(item, ExceptionDecl) else item.target if isinstance(item, UndercutDecl) else None
    return below is not None and below not in named


def _read(node: object, read: set[str], elsewhere: set[str]) -> None:
    """Gather the names that an item reads, and apart those that it may read on another day."""
    match node:
        case AtExpr(target=NameExpr(name)):
            elsewhere.add(name)
        case NameExpr(name) | DotExpr(name=name) | LookupExpr(name=name):
            read.add(name)
    if isinstance(node, tuple):
        for part in node:
            _read(part, read, elsewhere)
    elif not isinstance(node, Clauses | HypothesisDecl):
        cls = type(node)
        for field in attrs.fields(cls) if attrs.has(cls) else ():
            if field.name != "position":
                _read(getattr(node, field.name), read, elsewhere)


def _printed(item: Item, whole: Interval, lexicons: dict[int, str], language: str) -> str:
    """Print a declaration as written, its days and values as consolidated, after a comment that names the amendment it comes from."""
    written = lexicons.get(id(item.position.source), language)
    text = item.position.source.text[item.position.start : item.position.end]
    for start, end, new in sorted(_edits(item, whole, written), reverse=True):
        text = text[:start] + new + text[end:]
    if written != language:
        head = 'convention "x" version "1"\n'
        printed = print_source(source_of("pièce.conv", _language_line(written) + head + text), language)
        text = printed.split('"1"\n', 1)[1].strip("\n")
    history = item.clauses.history if isinstance(item, (*DATED, Heading)) else None
    if history is None or history.amendment is None:
        return text
    published = f", publié le {history.published}" if history.published is not None else ""
    return f"# avenant « {history.amendment} »{published}\n{text}"


def _edits(item: Item, whole: Interval, language: str) -> Iterator[tuple[int, int, str]]:
    """Yield what consolidation changed in the text of a declaration: offsets in it, and the words to put there."""
    if not isinstance(item, (*DATED, Heading)):
        return
    origin, text = item.position.start, item.position.source.text[item.position.start : item.position.end]
    interval, place = item.clauses.interval, item.clauses.interval_position
    if interval is not None and place is not None and place.source is item.position.source:
        yield place.start - origin, place.end - origin, _days(interval, language)
    elif interval is not None and interval != whole:
        at = _place_of_clauses(item, text, origin)
        yield at, at, f" {_days(interval, language)}"
    if isinstance(item, ParameterDecl):
        opened = _BEFORE_VALUES.match(text, item.type.position.end - origin)
        start = opened.end() + 1 if opened else len(text)
        values = (value.position.source.text[value.position.start : value.position.end] for value in item.values)
        yield start, len(text), " " + " ; ".join(values)


def _days(interval: Interval, language: str) -> str:
    words = lexicon(language)
    end = f" {words.word('_TO')} {interval.end}" if interval.end is not None else ""
    return f"{words.word('_IN_FORCE')} {interval.start or dt.date.min}{end}"


def _place_of_clauses(item: Item, text: str, origin: int) -> int:
    """Return where a clause may be added to a declaration that has none of its kind."""
    match item:
        case RuleDecl() | TableDecl() | ParameterDecl():
            return item.type.position.end - origin
        case ExceptionDecl() | UndercutDecl():
            head = _HEAD[type(item)].match(text)
            return head.end() if head else len(text)
    return len(text)
