"""From JSON Lines to raw records, one line at a time; a line that cannot be read is a refused record and stops no other.

The file is read twice: first to index which identifiant stands on which line, then to yield the records. Memory stays bounded: the
index is kept outside it, and a line that another names is read again where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from optam_rules.base.diagnostics import Diagnostic
from optam_rules.core.drafts import names
from optam_rules.core.program import Program
from optam_rules.core.vocabulary import Vocabulary
from optam_rules.interop.json_text import parse_json
from optam_rules.interop.lines import Line, decode, lines
from optam_rules.interop.names import NameIndex
from optam_rules.interop.raw import RawRecord, identifiant_of

MAX_LINE = 16 * 2**20  # bytes: a group of thousands of practitioners given whole


class JsonLinesRecords:
    """The records of a JSON Lines file; blank lines are passed over. Positions are numbers of lines, places their offsets."""

    def __init__(self, program: Program, path: Path) -> None:
        self._program = program
        self._path = path
        self._stream = path.open("rb")
        self._index = NameIndex()
        main, vocabulary = program.main.name, Vocabulary.of(program)
        with path.open("rb") as stream:
            for line in lines(stream, MAX_LINE):
                raw, fault = self._parse(line)
                if fault is None:
                    for entity, name in dict.fromkeys(names(vocabulary, main, raw)):
                        self._index.add(entity, name, line.offset)
        self._index.seal()

    @property
    def others(self) -> JsonLinesRecords:
        """The records of the file by identifiant."""
        return self

    def places(self, entity: str, identifier: str) -> Sequence[int]:
        """Return the offsets of the lines that hold a record whole or list it among members."""
        return self._index.places(entity, identifier)

    def at(self, place: int) -> tuple[str, object]:
        """Return the record of the line at an offset."""
        self._stream.seek(place)
        line = next(lines(self._stream, MAX_LINE))
        return self._program.main.name, self._parse(line)[0]

    def __iter__(self) -> Iterator[RawRecord]:
        """Yield every record and every refused line."""
        with self._path.open("rb") as stream:
            for line in lines(stream, MAX_LINE):
                if line.fault is None and not line.content.strip():
                    continue
                raw, fault = self._parse(line)
                if fault is not None:
                    yield RawRecord(line.number, None, None, (fault,))
                else:
                    yield RawRecord(line.number, identifiant_of(self._program, raw), raw, place=line.offset)

    def close(self) -> None:
        """Close the file and its index."""
        self._stream.close()
        self._index.close()

    def __enter__(self) -> Self:
        """Return the file itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the file."""
        self.close()

    def _parse(self, line: Line) -> tuple[object, Diagnostic | None]:
        if line.fault is not None:
            return None, line.fault
        text, fault = decode(line.content, line.offset)
        return parse_json(text.rstrip("\r\n"), str(self._path), first_line=line.number) if fault is None else (None, fault)
