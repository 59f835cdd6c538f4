"""The few words in which SQL engines differ; all else is written once, in what they share."""

from __future__ import annotations

from collections.abc import Sequence

import attrs


@attrs.frozen
class Dialect:
    """How one engine quotes names and texts, trims and matches a text, cuts one up, counts up in rows, and leaves columns out of `*`.

    `escapes` are made in order in a quoted text.
    """

    name: str
    quote: str
    text_type: str
    escapes: tuple[tuple[str, str], ...]
    trim: str
    full_match: str
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

    def parts(self, text: str) -> str:
        """Return what makes a row of each part of a text, parted by `|`."""
        return self.cutting.format(text=text)

    def numbers(self, first: int, last: str) -> str:
        """Return what makes a row of each number from `first` to `last`, both included, and none where `last` is less."""
        return self.counting.format(first=first, last=last)


# SOURCE: the separators of Unicode, category Zs, which TRIM of DuckDB takes off and that of Spark does not.
_SPACES = "\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"

DUCKDB = Dialect(
    "duckdb",
    '"',
    "VARCHAR",
    (("'", "''"),),
    "TRIM({text})",
    "regexp_full_match({text}, '{pattern}')",
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
    "explode(split({text}, '[|]'))",
    # A sequence whose end is below its start would count down.
    "explode(CASE WHEN {last} >= {first} THEN sequence(CAST({first} AS BIGINT), {last}) ELSE array() END)",
    "EXCEPT",
)
