"""From a file of bytes to its lines, one at a time and none longer than a limit, so that memory stays bounded whatever the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from optam_rules.base.diagnostics import Diagnostic, diagnose

BOM = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """A line and where it stands, from `offset` up to `end`; `content` is empty where it was over the limit, as `fault` then says.

    A tuple, for there is one for each of millions of lines.
    """

    number: int
    offset: int
    end: int
    content: bytes
    fault: Diagnostic | None = None


def lines(stream: BinaryIO, limit: int, *, number: int = 1) -> Iterator[Line]:
    """Yield the lines from where the stream stands, counted from `number`; the mark of byte order is left out."""
    offset = stream.tell()
    while content := stream.readline(limit + 1):
        size = len(content)
        if size > limit and not content.endswith(b"\n"):
            while not content.endswith(b"\n") and (content := stream.readline(limit)):
                size += len(content)
            yield Line(number, offset, offset + size, b"", diagnose("E540", limit=limit))
        else:
            yield Line(number, offset, offset + size, content.removeprefix(BOM) if offset == 0 else content)
        offset += size
        number += 1


def decode(content: bytes, offset: int = 0) -> tuple[str, Diagnostic | None]:
    """Decode UTF-8; where it is not, the text with the wrong bytes replaced, and the fault."""
    try:
        return content.decode("utf-8"), None
    except UnicodeDecodeError as error:
        return content.decode("utf-8", "replace"), diagnose("E531", offset=offset + error.start)
