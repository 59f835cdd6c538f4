"""From the texts of a pack to every lint that no comment puts aside, and to a text with the safe ones mended.

A comment `# lint: W501 la raison` puts a lint aside on its own line, or on the next line of text where it stands alone on its line. One
that puts nothing aside is itself told, so that it does not outlive what it was for.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence

import attrs

from optam_rules.analysis.lint.absence import absence
from optam_rules.analysis.lint.adjustments import adjustments
from optam_rules.analysis.lint.finding import Edit, Finding
from optam_rules.analysis.lint.grounds import not_checked_for_long, without_article, without_reason
from optam_rules.analysis.lint.mixed import mixed
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.source import Position
from optam_rules.syntax.abstract import FileSyntax
from optam_rules.syntax.tokens import COMMENT, Token, tokens

_ASIDE = re.compile(r"#\s*lint\s*:\s*(?P<codes>W[0-9]{3}(?:[\s,;]+W[0-9]{3})*)(?P<reason>.*)")
_CODE = re.compile(r"W[0-9]{3}")


def lint(
    files: Sequence[FileSyntax], warnings: Iterable[Diagnostic], *, verified: dt.date | None = None, today: dt.date | None = None
) -> tuple[Finding, ...]:
    """Return the findings on texts that read without error, with the warnings already told of them, in the order of the texts.

    `verified` is the day up to which the pack was checked against the law, `today` what it is measured from.
    """
    found = [Finding(warning) for warning in warnings]
    for index, file in enumerate(files):
        for family in (mixed, absence, without_article, without_reason):
            found += family(file)
        if index == 0:
            found += not_checked_for_long(file, verified, today)
    found += adjustments(files)
    asides = [aside for file in files for aside in _asides(file)]
    kept = [finding for finding in found if not any(aside.covers(finding.diagnostic) for aside in asides)]
    for aside in asides:
        idle = aside.codes - {finding.diagnostic.code for finding in found if aside.covers(finding.diagnostic)}
        kept += [Finding(diagnose("W508", aside.position, name=code)) for code in sorted(idle)]
        if not aside.reason:
            kept.append(Finding(diagnose("W509", aside.position)))
    return tuple(sorted(kept, key=_place))


@attrs.frozen
class _Aside:
    """A comment that puts codes aside on a line of a text."""

    position: Position
    line: int
    codes: frozenset[str]
    reason: str

    def covers(self, diagnostic: Diagnostic) -> bool:
        place = diagnostic.position
        return place is not None and place.file == self.position.file and place.line == self.line and diagnostic.code in self.codes


def _asides(file: FileSyntax) -> Iterator[_Aside]:
    cut = tokens(file.source).tokens
    for index, token in enumerate(cut):
        match = _ASIDE.fullmatch(token.text.strip()) if token.terminal == COMMENT else None
        if match is not None:
            place = Position(file.source, token.start, token.end)
            codes = frozenset(_CODE.findall(match["codes"]))
            yield _Aside(place, _line(file, token, cut[index + 1 :]), codes, match["reason"].strip(" \t:,;.—-"))


def _line(file: FileSyntax, token: Token, rest: Sequence[Token]) -> int:
    """Return the line that a comment speaks of: its own, or that of the next word where it stands alone."""
    start = file.source.text.rfind("\n", 0, token.start) + 1
    following = next((other for other in rest if other.terminal != COMMENT), None)
    alone = not file.source.text[start : token.start].strip()
    place = following.start if alone and following is not None else token.start
    return file.source.line_column(place)[0]


def mended(text: str, edits: Iterable[Edit]) -> str:
    """Return a text as written with edits made; those that touch others already made are left for a next run."""
    free = len(text) + 1
    for edit in sorted(set(edits), key=lambda edit: (edit.start, edit.end, edit.text), reverse=True):
        if edit.end <= free:
            text = text[: edit.start] + edit.text + text[edit.end :]
            free = edit.start
    return text


def _place(finding: Finding) -> tuple[str, int, str]:
    place = finding.diagnostic.position
    return (place.file, place.start, finding.diagnostic.code) if place else ("", 0, finding.diagnostic.code)
