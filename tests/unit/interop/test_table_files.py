"""Files of answers: whole, or none; a stream of the caller stays his."""

from __future__ import annotations

import datetime as dt
import gc
import io
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest

from optam_rules import CallError, Pack, load

ON = dt.date(2017, 6, 8)
ROWS = 6
FORMS = ("parquet", "arrow")


@cache
def pack() -> Pack:
    """Load the pack once."""
    return load("cm-2016")


def sectors(*, broken: bool) -> pa.Table:
    """Return six records, and a seventh whose sector is no text where the column is to be unreadable, well after the first batch."""
    held = [pa.array(["secteur_1"] * ROWS), *([pa.array([b"\xe9"]).view(pa.string())] if broken else [])]
    column = pa.chunked_array(held)
    return pa.table({"identifiant": [f"DR-{row}" for row in range(len(column))], "secteur": column})


def written(data: pa.Table, output: str | Path | io.BytesIO, form: str) -> None:
    """Write two rows at a time."""
    pack().write_table(data, output, format=form, on=ON, answers=["eligible_optam"], batch_size=2)  # type: ignore[arg-type]


def read(stored: bytes, form: str) -> pa.Table:
    """Read a file back."""
    return pq.read_table(io.BytesIO(stored)) if form == "parquet" else pa.ipc.open_file(io.BytesIO(stored)).read_all()


@pytest.mark.parametrize("form", FORMS)
def test_what_fails_on_the_way_leaves_no_file(tmp_path: Path, form: str) -> None:
    """The rows of the first batches, in a file that reads well, would pass for all of them."""
    output = tmp_path / "reponses"
    with pytest.raises(CallError) as caught:
        written(sectors(broken=True), output, form)
    assert caught.value.diagnostics[0].code == "E819"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_stream_of_what_failed_is_no_file(form: str) -> None:
    """What was written to a stream cannot be taken back: it has no end, so that no reader takes it for a file."""
    stream = io.BytesIO()
    with pytest.raises(CallError):
        written(sectors(broken=True), stream, form)
    gc.collect()  # a writer thrown away adds nothing
    assert stream.getvalue()
    with pytest.raises(pa.ArrowInvalid):
        read(stream.getvalue(), form)


@pytest.mark.parametrize("form", FORMS)
def test_a_stream_stays_open(form: str) -> None:
    """Six rows are in the buffer, which may be read, and written on."""
    stream = io.BytesIO()
    written(sectors(broken=False), stream, form)
    assert read(stream.getvalue(), form)["identifiant"].to_pylist() == [f"DR-{row}" for row in range(ROWS)]
    assert stream.write(b"") == 0
