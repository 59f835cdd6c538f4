"""From batches of answers, as they come, to a file or a stream: Parquet or Arrow; memory does not grow with their number."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from itertools import chain, islice
from os.path import isfile
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

    Raises CallError for what cannot be written (E820) and for an output that is neither a path nor a binary stream (E827).
    """
    held = iter(batches)
    begun = list(islice(held, 1))  # what is wrong with the call or with the source is told before the file is opened, and emptied
    target = _opened(output)
    try:
        with target:
            if form is FileForm.PARQUET:
                with pq.ParquetWriter(target, schema) as writer:
                    for batch in chain(begun, held):
                        writer.write_batch(batch)
                    writer.add_key_value_metadata(metadata())
            else:
                with pa.ipc.new_file(target, schema.with_metadata(metadata())) as writer:
                    for batch in chain(begun, held):
                        writer.write_batch(batch)
    except OSError as error:
        raise _unwritable(output, error.strerror or str(error)) from error


def _opened(output: str | Path | BinaryIO) -> Any:
    if isinstance(output, str | Path):
        try:
            return pa.OSFile(str(output), "wb")
        except (OSError, pa.ArrowInvalid) as error:
            raise _unwritable(output, getattr(error, "strerror", None) or str(error)) from error
    if callable(getattr(output, "write", None)) and not isinstance(output, io.TextIOBase):
        try:
            return pa.PythonFile(output, "w")
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
