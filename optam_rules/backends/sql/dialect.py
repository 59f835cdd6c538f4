"""The few words in which SQL engines differ; all else is written once, in what they share."""

from __future__ import annotations

from collections.abc import Sequence

import attrs


@attrs.frozen
class Dialect:
    """How one engine quotes names and texts, trims a text, matches all or some of it, cuts it up, counts up in rows, leaves columns out.

    `escapes` are made in order in a quoted text; `excluding` leaves columns out of `*`.
    """

    name: str
    quote: str
    text_type: str
    escapes: tuple[tuple[str, str], ...]
    trim: str
    full_match: str
    some_match: str
    cutting: str
    counting: str
    excluding: str

    def identifier(self, name: str) -> str:
        """Quote a name."""
        return f"{self.quote}{name.replace(self.quote, self.quote * 2)}{self.quote}"

    def text(self, value: str) -> str:
        """Quote a text."""
        for given, written in self.escapes:
            value = value.replace(given, written)
        return f"'{value}'"

    def texts(self, values: Sequence[str]) -> str:
        """Quote a list of texts, for `IN`."""
        return f"({', '.join(map(self.text, values))})"

    def trimmed(self, text: str) -> str:
        """Return a text without the spaces, of whatever width, around it."""
        return self.trim.format(text=text)

    def matches(self, text: str, pattern: str) -> str:
        """Return the condition that all of a text matches a pattern, which holds no quote and no backslash."""
        return self.full_match.format(text=text, pattern=pattern)

    def tidy(self, text: str) -> str:
        """Return the condition that a text holds no character that nobody sees, spaces apart."""
        return self.matches(text, f"{_VISIBLE}*")

    def untidy(self, text: str) -> str:
        """Return the condition that a text is empty, has spaces around it, or holds a character that nobody sees."""
        unseen = self.some_match.format(text=text, pattern=f"[^{_VISIBLE[1:]}")
        return f"({text} = '' OR {text} <> {self.trimmed(text)} OR {unseen})"

    def parts(self, text: str) -> str:
        """Return what makes a row of each part of a text, parted by `|`."""
        return self.cutting.format(text=text)

    def numbers(self, first: int, last: str) -> str:
        """Return what makes a row of each number from `first` to `last`, both included, and none where `last` is less."""
        return self.counting.format(first=first, last=last)


# SOURCE: the separators of Unicode, category Zs, which TRIM of DuckDB takes off and that of Spark does not.
_SPACES = "\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"

# SOURCE: Unicode 17, what has Default_Ignorable_Code_Point; the controls (Cc); the separators (Zs, Zl, Zp) but the plain space; the marks
# of interlinear annotation. In a name they part two texts that look the same.
_UNSEEN = (
    *((0x0000, 0x001F), (0x007F, 0x00A0), (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x1680, 0x1680)),
    *((0x17B4, 0x17B5), (0x180B, 0x180F), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x206F), (0x3000, 0x3000), (0x3164, 0x3164)),
    *((0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)
# What lies between them, as ranges of a regular expression: no character of its bounds needs an escape.
_BETWEEN = zip((last + 1 for _, last in _UNSEEN), (*(first - 1 for first, _ in _UNSEEN[1:]), 0x10FFFF), strict=True)
_VISIBLE = f"[{''.join(f'{chr(first)}-{chr(last)}' for first, last in _BETWEEN)}]"

DUCKDB = Dialect(
    "duckdb",
    '"',
    "VARCHAR",
    (("'", "''"),),
    "TRIM({text})",
    "regexp_full_match({text}, '{pattern}')",
    "regexp_matches({text}, '{pattern}')",
    "unnest(string_split({text}, '|'))",
    "unnest(range({first}, {last} + 1))",
    "EXCLUDE",
)
SPARK = Dialect(
    "spark",
    "`",
    "STRING",
    (("\\", "\\\\"), ("'", "\\'")),
    f"TRIM(BOTH '{_SPACES}' FROM {{text}})",
    # `$` would let a line feed stand after the match.
    "({text} RLIKE '(?s)^({pattern})(?!.)')",
    "({text} RLIKE '{pattern}')",
    "explode(split({text}, '[|]'))",
    # A sequence whose end is below its start would count down.
    "explode(CASE WHEN {last} >= {first} THEN sequence(CAST({first} AS BIGINT), {last}) ELSE array() END)",
    "EXCEPT",
)
