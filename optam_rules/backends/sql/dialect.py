"""The few words in which SQL engines differ; all else is written once, in what they share."""

from __future__ import annotations

from collections.abc import Sequence

import attrs


@attrs.frozen
class Dialect:
    """How one engine quotes names, matches a whole text, counts up in rows of their own, and leaves columns out of `*`."""

    name: str
    quote: str
    text_type: str
    full_match: str
    counting: str
    excluding: str

    def identifier(self, name: str) -> str:
        """Quote a name."""
        return f"{self.quote}{name.replace(self.quote, self.quote * 2)}{self.quote}"

    def text(self, value: str) -> str:
        """Quote a text."""
        escaped = value.replace("'", "''")
        return f"'{escaped}'"

    def texts(self, values: Sequence[str]) -> str:
        """Quote a list of texts, for `IN`."""
        return f"({', '.join(map(self.text, values))})"

    def matches(self, text: str, pattern: str) -> str:
        """Return the condition that all of a text matches a pattern, which holds no quote and no backslash."""
        return self.full_match.format(text=text, pattern=pattern)

    def numbers(self, first: int, last: str) -> str:
        """Return what makes a row of each number from `first` to `last`, both included, and none where `last` is less."""
        return self.counting.format(first=first, last=last)


DUCKDB = Dialect("duckdb", '"', "VARCHAR", "regexp_full_match({text}, '{pattern}')", "unnest(range({first}, {last} + 1))", "EXCLUDE")
SPARK = Dialect(
    "spark",
    "`",
    "STRING",
    "({text} RLIKE '^({pattern})$')",
    # A sequence whose end is below its start would count down.
    "explode(CASE WHEN {last} >= {first} THEN sequence(CAST({first} AS BIGINT), {last}) ELSE array() END)",
    "EXCEPT",
)
