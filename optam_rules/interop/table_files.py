"""From batches of answers, as they come, to a file or a stream: Parquet or Arrow; memory does not grow with their number."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from enum import StrEnum
from itertools import chain, islice
from os.path import isfile, realpath
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from optam_rules.base.arguments import kind
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase, Word

_WANTED = Phrase("un chemin, ou un flux binaire ouvert en écriture", "a path, or a binary stream open for writing")


class FileForm(StrEnum):
    """What answers are written as."""

    PARQUET = "parquet"
    ARROW = "arrow"


def write_batches(
    batches: Iterable[pa.RecordBatch],
    schema: pa.Schema,
    output: str | Path | BinaryIO,
    form: FileForm,
    metadata: Callable[[], Mapping[str, str]],
) -> None:
    """Write batches; `metadata` are asked for when they are written: first in an Arrow file, last in a Parquet one.

    What fails on the way leaves no file, and on a stream, which stays open, one that has no end and is not read.

    Raises CallError for what cannot be written (E820) and for an output that is neither a path nor a binary stream (E827).
    """
    held = iter(batches)
    begun = list(islice(held, 1))  # what is wrong with the call or with the source is told before the file is opened, and emptied
    target = _opened(output)
    try:
        with target:
            _written(chain(begun, held), schema, target, form, metadata)
    except BaseException as error:
        if isinstance(output, str | Path) and isfile(output):
            Path(realpath(output)).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _unwritable(output, error.strerror or str(error)) from error
        raise


def _written(
    batches: Iterable[pa.RecordBatch], schema: pa.Schema, target: pa.NativeFile, form: FileForm, metadata: Callable[[], Mapping[str, str]]
) -> None:
    """Write batches and the end without which no file is read: what fails before it leaves none, for the rows so far would pass for all."""
    parquet = form is FileForm.PARQUET
    writer = pq.ParquetWriter(target, schema) if parquet else pa.ipc.new_file(target, schema.with_metadata(metadata()))
    try:
        for batch in batches:
            writer.write_batch(batch)
        if parquet:
            writer.add_key_value_metadata(metadata())
        writer.close()
    except BaseException:
        target.close()
        with suppress(OSError, ValueError):  # a writer that was never closed would write the end when it is thrown away
            writer.close()
        raise


class _Open(io.RawIOBase):
    """A stream of the caller, who closes it himself."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def writable(self) -> bool:
        """Tell whether it was open for writing."""
        writable = getattr(self._stream, "writable", None)
        return writable is None or bool(writable())

    def write(self, data: Any) -> int:
        """Write to it."""
        return self._stream.write(data)

    def close(self) -> None:
        """Flush it."""
        if not self.closed:
            super().close()
            if callable(flush := getattr(self._stream, "flush", None)):
                flush()


def _opened(output: str | Path | BinaryIO) -> pa.NativeFile:
    if isinstance(output, str | Path):
        try:
            return pa.OSFile(str(output), "wb")
        except (OSError, pa.ArrowInvalid) as error:
            raise _unwritable(output, getattr(error, "strerror", None) or str(error)) from error
    if callable(getattr(output, "write", None)) and not isinstance(output, io.TextIOBase):
        try:
            return pa.PythonFile(_Open(output), "w")
        except TypeError:  # open for reading
            pass
    raise CallError([diagnose("E827", name="output", found=kind(output), wanted=_WANTED)])


def check_apart(sources: Iterable[object], output: object) -> None:
    """Refuse to write over what is read. Raises CallError (E820)."""
    for source in sources:
        if not isinstance(source, str | Path) or not isinstance(output, str | Path) or "\0" in f"{source}{output}":
            continue
        read, written = Path(source), Path(output)
        if isfile(read) and isfile(written) and read.samefile(written):
            reason = Phrase("c'est un fichier de dossiers, qui serait effacé", "it is a file of records, which would be lost")
            raise _unwritable(output, reason)


def _unwritable(output: object, reason: Word) -> CallError:
    file = str(output) if isinstance(output, str | Path) else type(output).__name__
    return CallError([diagnose("E820", file=file.replace("\0", "\N{REPLACEMENT CHARACTER}"), reason=reason)])
