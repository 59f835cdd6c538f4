"""Cuts a text into pieces, one per declaration, and finds what no parser can read: unclosed texts and hidden characters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from types import MappingProxyType

import attrs

from optam_rules.base.phrases import Phrase, Word, joined
from optam_rules.base.source import Position, Source
from optam_rules.syntax.faults import Faults
from optam_rules.syntax.lexicon import Lexicon, lexicon
from optam_rules.syntax.limits import Limits

HEADERS = ("_CONVENTION", "_AMENDMENT")
VERBS = ("_REPLACE", "_INSERT", "_COMPLETE", "_REPEAL")
# Every word that may open a piece.
DECLARATIONS = (
    *HEADERS,
    *VERBS,
    "_ARTICLE",
    "_ANNEX",
    "_CLAUSE",
    "_TEXT",
    "MAIN_ENTITY",
    "ENTITY",
    "_INPUT",
    "_CONTROL",
    "_ENUM",
    "_PARAMETER",
    "_REFERENCE_TABLE",
    "_HYPOTHESIS",
    "_RULE",
    "_EXCEPTION",
    "_DISAPPLIES",
    "_TABLE",
    "_TEST",
    "_PROPERTY",
)
# Words after which a name must come: a declaration word just there is meant as a name.
_NAMING = ("MAIN_ENTITY", "ENTITY", "_INPUT", "_ENUM", "_PARAMETER", "_REFERENCE_TABLE", "_RULE", "_EXCEPTION", "_TABLE", "_CLAUSE", "_OF")
_BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NOT_LATIN = re.compile(r"[^\W\u0000-\u024f\u1e00-\u1eff]")
_SCRIPTS = MappingProxyType(
    {
        "LATIN": Phrase("latine", "Latin"),
        "CYRILLIC": Phrase("cyrillique", "Cyrillic"),
        "GREEK": Phrase("grecque", "Greek"),
        "ARMENIAN": Phrase("arménienne", "Armenian"),
        "HEBREW": Phrase("hébraïque", "Hebrew"),
        "ARABIC": Phrase("arabe", "Arabic"),
    }
)
BLANK = re.compile(r"(?:\s|#[^\n]*)*+")


@attrs.frozen
class Comment:
    """A comment, `#` included."""

    start: int
    end: int


@attrs.frozen
class Piece:
    """A stretch of text that opens with a declaration word (or with none: text that belongs to nothing).

    `word` is the terminal that opens it; `legible` is false where a fault of the characters has been found in it.
    """

    start: int
    end: int
    word: str | None
    legible: bool


@attrs.frozen
class Scan:
    """The pieces of a text in order, and its comments."""

    pieces: tuple[Piece, ...]
    comments: tuple[Comment, ...]


@attrs.frozen
class _Words:
    """The patterns of one lexicon."""

    code: re.Pattern[str]
    opening_line: re.Pattern[str]
    terminals: tuple[str, ...]
    naming: re.Pattern[str]
    used_as_name: re.Pattern[str]


@cache
def _words(language: str) -> _Words:
    words: Lexicon = lexicon(language)
    # Longest spellings first, so that `reference table` is not taken for `table`.
    terminals = tuple(sorted(DECLARATIONS, key=lambda t: -max(map(len, words.keywords[t]))))
    openings = "|".join(f"(?P<w{i}>{words.pattern(terminal)})" for i, terminal in enumerate(terminals))
    code = (
        r'(?P<string>"(?:[^"\\\n]|\\.)*+(?P<string_end>")?)'
        r"|(?P<quotation>«[^«»]*+(?:«[^«»]*+»[^«»]*+)*+(?P<quotation_end>»)?)"
        r"|(?P<comment>\#[^\n]*)"
        r"|(?P<quoted>`[^`\n]*+(?P<quoted_end>`)?)"
        r"|(?P<open>[({])|(?P<close>[)}])"
        r"|(?P<hidden>[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])"
        rf"|(?<![\w.])(?P<word>{openings})"
        r"|(?P<other>\w++)"
        r"|(?P<arrow>->|→)|(?P<separator>[;|])|(?P<mark>[^\s\w])"
    )
    after = r"\s*[.=;)|,+*/<>≤≥≠\]}→-]"
    as_name = rf"\s*(?:{words.pattern('_OF')}|{words.pattern('_IF')}|[:({{\"=])"
    return _Words(
        re.compile(code),
        re.compile(rf"\n[^\S\n]*(?:{words.pattern(*DECLARATIONS)})"),
        terminals,
        re.compile(rf"(?<!\w)(?:{words.pattern(*_NAMING)})\s+$"),
        re.compile(rf"(?P<after>{after})|(?P<as_name>{as_name})"),
    )


def scan(source: Source, language: str, start: int, limits: Limits, faults: Faults) -> Scan:
    """Cut the text from offset `start` on."""
    strange = _NOT_LATIN.search(source.text) is not None
    return _Scanner(source, _words(language), limits, faults, strange).run(start)


def unclosed(text: str, language: str) -> int | None:
    """Return the place of the last `{` or `(` that nothing closes."""
    opened: list[int] = []
    for match in _words(language).code.finditer(text):
        if match.lastgroup == "open":
            opened.append(match.start())
        elif match.lastgroup == "close" and opened:
            opened.pop()
    return opened[-1] if opened else None


@attrs.define
class _Counts:
    """How many things stand side by side in a piece, so that an endless one is refused before it is parsed.

    `items` are counted apart inside each pair of brackets, `cells` and `run` since the last separator.
    """

    items: list[int] = attrs.field(factory=lambda: [0])
    cells: int = 0
    rows: int = 0
    run: int = 0
    told: bool = False

    def over(self, kind: str | None, text: str, limit: int) -> bool:
        """Count one more thing; true the first time that a count goes over the limit."""
        if kind in {"comment", "hidden"}:
            return False
        self.run += 1
        match kind, text:
            case "separator", ";":
                self.items[-1] += 1
                self.run = 0
            case "separator", _:
                self.cells += 1
                self.items[-1] = self.run = 0
            case "arrow", _:
                self.rows += 1
                self.items[-1] = self.cells = self.run = 0
            case "open", _:
                self.items.append(0)
                self.run = 0
            case "close", _:
                self.items.pop()
                self.items = self.items or [0]
                self.run = 0
        if self.told or (self.items[-1] < limit and max(self.cells, self.rows, self.run) <= limit):
            return False
        self.told = True
        return True


@attrs.define
class _Scanner:
    """The state of one scan."""

    source: Source
    words: _Words
    limits: Limits
    faults: Faults
    strange: bool  # some letter is not Latin: words have to be looked at
    pieces: list[Piece] = attrs.field(factory=list)
    comments: list[Comment] = attrs.field(factory=list)
    opened: int = 0
    word: str | None = None
    counts: _Counts = attrs.field(factory=lambda: _Counts())
    bare_verb: bool = False  # nothing but blanks since the verb of an amendment
    legible: bool = True
    depth: int = 0

    def run(self, start: int) -> Scan:
        """Cut from `start` to the end."""
        text = self.source.text
        self.opened = start
        cursor = start
        while match := self.words.code.search(text, cursor):
            cursor = match.end()
            if self.counts.over(match.lastgroup, match[0], self.limits.items):
                self._fault("E133", match.start(), match.end(), limit=self.limits.items)
            match match.lastgroup:
                case "comment":
                    self.comments.append(Comment(match.start(), match.end()))
                    continue
                case "word":
                    self._declaration(match)
                    continue
                case "other":
                    self._name(match)
                case "string":
                    self._closed(match, "string_end", "E105")
                case "quoted":
                    self._closed(match, "quoted_end", "E107")
                    self._name(match)
                case "quotation":
                    cursor = self._quotation(match)
                case "open":
                    self._deeper(match.start())
                case "close":
                    self.depth -= 1
                case "hidden":
                    self._hidden(match)
                case _:
                    pass
            self.bare_verb = False
        self._cut(len(text))
        return Scan(tuple(self.pieces), tuple(self.comments))

    def _fault(self, code: str, start: int, end: int, **words: Word) -> None:
        self.legible = False
        self.faults.note(code, Position(self.source, start, end), hint=None, **words)

    def _name(self, match: re.Match[str]) -> None:
        if self.strange and not self.faults.full and len(scripts := _scripts(match[0][:1000])) > 1:
            position = Position(self.source, match.start(), match.end())
            self.faults.note("W101", position, name=match[0][:100], scripts=joined(Phrase(" et ", " and "), sorted(scripts, key=str)))

    def _closed(self, match: re.Match[str], closing: str, code: str) -> None:
        if match[closing] is None:
            self._fault(code, match.start(), match.end())
        self._hidden(match)

    def _hidden(self, match: re.Match[str]) -> None:
        for hidden in _BIDIRECTIONAL.finditer(self.source.text, match.start(), match.end()):
            self._fault("E104", hidden.start(), hidden.end(), name=f"U+{ord(hidden[0]):04X}")

    def _quotation(self, match: re.Match[str]) -> int:
        """Return where to go on: after the closing mark, or where a declaration opens a line."""
        if match["quotation_end"] is not None:
            return match.end()
        resumed = self.words.opening_line.search(self.source.text, match.start())
        self._fault("E106", match.start(), match.start() + 1)
        return resumed.start() if resumed else len(self.source.text)

    def _deeper(self, start: int) -> None:
        self.depth += 1
        if self.depth == self.limits.nesting + 1:
            self._fault("E130", start, start + 1, limit=self.limits.nesting)

    def _declaration(self, match: re.Match[str]) -> None:
        terminal = next(self.words.terminals[i] for i in range(len(self.words.terminals)) if match[f"w{i}"] is not None)
        opens = self._opens(terminal, match.start(), match.end())
        self.bare_verb = False
        if opens:
            self._cut(match.start())
            self.word, self.bare_verb = terminal, terminal in VERBS

    def _opens(self, terminal: str, start: int, end: int) -> bool:
        """Tell whether a declaration word opens a piece rather than goes on with the one before."""
        if self.bare_verb:
            return False
        following = self.words.used_as_name.match(self.source.text, end)
        if following is None:
            return True
        if following["as_name"] is None:
            return False
        if terminal == "_HYPOTHESIS" and following[0].endswith('"'):
            return False  # the clause `hypothèse "…"`
        return not self.words.naming.search(self.source.text, max(self.opened, start - 60), start)

    def _cut(self, end: int) -> None:
        """Close the piece that ends here; blank text before the first declaration is none."""
        if self.word is not None or not BLANK.fullmatch(self.source.text, self.opened, end):
            self.pieces.append(Piece(self.opened, end, self.word, self.legible))
        self.opened, self.word, self.legible, self.depth, self.counts = end, None, True, 0, _Counts()


def _scripts(name: str) -> set[Word]:
    """Return the scripts of a name's letters, after the first words of their Unicode names."""
    names = (unicodedata.name(char, "") for char in name)
    return {_SCRIPTS.get(full.split()[0], full.split()[0].lower()) for full in names if " LETTER " in full}
