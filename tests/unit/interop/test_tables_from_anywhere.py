"""What a hostile or careless caller passes as a table: a diagnostic that says what was found, never Python's own error."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest

from optam_rules import CallError, Pack, load

ON = dt.date(2017, 6, 8)
SECTORS = ["secteur_1", "secteur_2"]


@cache
def pack() -> Pack:
    """Load the pack once."""
    return load("cm-2016")


def judged(data: Any, **asked: Any) -> pa.Table:
    """Judge a table."""
    return pack().evaluate_table(data, **{"on": ON, "answers": ["eligible_optam"], **asked})


class Named(pa.ExtensionType):  # type: ignore[misc] # pyarrow has no types
    """A type of some other library, over texts."""

    def __init__(self) -> None:
        super().__init__(pa.string(), "tests.named")

    def __arrow_ext_serialize__(self) -> bytes:
        """Return nothing: there is nothing to keep."""
        return b""

    @classmethod
    def __arrow_ext_deserialize__(cls, storage_type: pa.DataType, serialized: bytes) -> Named:
        """Return the type."""
        return cls()


def broken_text() -> pa.Array:
    """A column of texts, the second of which is Latin-1."""
    return pa.array([b"A", b"\xe9"]).view(pa.string())


TEXTS = pa.array(SECTORS)
KINDS: dict[str, Callable[[], pa.Array]] = {
    "large": lambda: TEXTS.cast(pa.large_string()),
    "view": lambda: TEXTS.cast(pa.string_view()),
    "dictionary": lambda: TEXTS.dictionary_encode(),
    "dictionary of 8 bits": lambda: TEXTS.dictionary_encode().cast(pa.dictionary(pa.uint8(), pa.large_string())),
    "dictionary of dictionary": lambda: pa.DictionaryArray.from_arrays(pa.array([0, 1]), TEXTS.dictionary_encode()),
    "run-end": lambda: pa.RunEndEncodedArray.from_arrays([1, 2], TEXTS),
    "extension": lambda: pa.ExtensionArray.from_storage(Named(), TEXTS),
    "sliced": lambda: pa.concat_arrays([pa.array(["x"]), TEXTS])[1:],
    "chunked": lambda: pa.chunked_array([TEXTS[:1], TEXTS[:0], TEXTS[1:]]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_texts_of_every_kind_are_read_alike(kind: str) -> None:
    """`secteur_1`, then `secteur_2`: whatever library holds them, identifiants and values are those of a plain column."""
    column = KINDS[kind]()
    found = judged(pa.table({"identifiant": column, "secteur": column}))
    assert found.to_pylist() == judged(pa.table({"identifiant": TEXTS, "secteur": TEXTS})).to_pylist()
    assert found["identifiant"].to_pylist() == SECTORS


LISTS = [["medecin_des_armees"], []]


@pytest.mark.parametrize(
    "kind",
    [pa.list_(pa.string()), pa.large_list(pa.large_string()), pa.list_view(pa.string()), pa.large_list_view(pa.string_view())],
    ids=str,
)
def test_lists_of_every_kind_are_read_alike(kind: pa.DataType) -> None:
    """Titles held in any kind of list: the first practitioner is eligible by his, the second, of sector 1, is not."""
    records = [{"identifiant": name, "secteur": "secteur_1", "titres": titles} for name, titles in zip("AB", LISTS, strict=True)]
    table = pa.table({"identifiant": ["A", "B"], "secteur": ["secteur_1"] * 2, "titres": pa.array(LISTS, kind)})
    assert judged(table[:]).to_pylist() == judged(records).to_pylist()


MONEY = [Decimal("1.00"), Decimal("2.00")]


@pytest.mark.parametrize("kind", [pa.decimal32(5, 2), pa.decimal64(9, 2), pa.decimal128(12, 2), pa.decimal256(50, 2)], ids=str)
def test_amounts_of_every_width_are_read_alike(kind: pa.DataType) -> None:
    """One euro of excess over two euros of fees in each of three years: a rate of 1/2, whatever the width of the decimals."""
    columns = {f"depassements_{year}": pa.array(MONEY[:1], kind) for year in (2013, 2014, 2015)}
    columns |= {f"honoraires_remboursables_{year}": pa.array(MONEY[1:], kind) for year in (2013, 2014, 2015)}
    table = pa.table({"adherent_cas": [True], "secteur": ["secteur_2"], "demande_taux_groupe": [False], **columns})
    assert judged(table, answers=["taux_engagement"])["taux_engagement"].to_pylist() == ["0.5"]


def days(*numbers: int) -> pa.Array:
    """Days from the epoch."""
    return pa.array(numbers, pa.int32()).cast(pa.date32())


ROWS: dict[str, tuple[str, Callable[[], pa.Array], list[str | None]]] = {
    "a day after the year 9999 beside a good one": ("date_premiere_installation", lambda: days(2**31 - 1, 15_000), ["E504", None]),
    "a day before the year 1": ("date_premiere_installation", lambda: days(-(2**31), -719_162), ["E504", None]),
    "milliseconds beyond the calendar": (
        "date_premiere_installation",
        lambda: pa.array([2**62, 0], pa.int64()).cast(pa.date64()),
        ["E504", None],
    ),
    "moments": ("date_premiere_installation", lambda: pa.array([dt.datetime(2013, 1, 1)] * 2), ["E502", "E502"]),
    "moments with a zone": (
        "date_premiere_installation",
        lambda: pa.array([dt.datetime(2013, 1, 1)] * 2, pa.timestamp("us", "Europe/Paris")),
        ["E502", "E502"],
    ),
    "moments beyond the calendar": ("date_premiere_installation", lambda: pa.array([2**60] * 2, pa.timestamp("s")), ["E504", "E504"]),
    "an integer beyond 63 bits": ("actes_anesthesie", lambda: pa.array([2**64 - 1, 2], pa.uint64()), ["E510", None]),
    "a decimal of fifty digits": ("depassements_2013", lambda: pa.array([Decimal(10) ** 50, None], pa.decimal256(70, 2)), ["E506", None]),
    "bytes": ("secteur", lambda: TEXTS.cast(pa.binary()).cast(pa.binary_view()), ["E502", "E502"]),
    "nothing at all": ("secteur", lambda: pa.nulls(2), [None, None]),
    "no list at all": ("exercices", lambda: pa.nulls(2), [None, None]),
    "a list of nothing": ("exercices", lambda: pa.array([[None], []]), ["E500", None]),
    "a list of lists": ("exercices", lambda: pa.array([[[1]], None]), ["E500", None]),
    "a map": ("adhesion", lambda: pa.array([[("option", "optam")], None], pa.map_(pa.string(), pa.string())), ["E500", None]),
    "a record in a scalar": ("secteur", lambda: pa.array([{"a": 1}, None]), ["E502", None]),
    "a union": (
        "secteur",
        lambda: pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array(["secteur_1"] * 2), pa.array([1, 2])]),
        [None, "E502"],
    ),
    "floats": ("depassements_2013", lambda: pa.array([float("nan"), None]), ["E503", None]),
}


@pytest.mark.parametrize("case", ROWS)
def test_a_column_of_another_kind_refuses_its_rows_alone(case: str) -> None:
    """What is no value of the datum is a fault of its row; the other row, good or unknown, is judged."""
    name, column, expected = ROWS[case]
    refused = judged(pa.table({"identifiant": ["A", "B"], name: column()}))["refused"].to_pylist()
    assert [row and row[0]["code"] for row in refused] == expected


@pytest.mark.parametrize(
    "column", [pa.array([{"a": 1}] * 2), pa.array([["A"]] * 2), pa.array([1, 1]), pa.array([0.5, float("nan")])], ids=str
)
def test_identifiants_of_another_kind_refuse_their_rows(column: pa.Array) -> None:
    """Records, lists, integers and floats name nobody (E502, E503), twice the same or not."""
    refused = judged(pa.table({"identifiant": column}))["refused"].to_pylist()
    assert [fault["code"] for row in refused for fault in row] == ["E503" if pa.types.is_floating(column.type) else "E502"] * 2


TABLE = pa.table({"identifiant": ["A", "B"]})
TWICE = pa.StructArray.from_arrays([pa.array(["optam"])] * 2, names=["option", "option"])


def one(name: str, column: pa.Array) -> Callable[[Path], object]:
    """Judge a table of one column."""
    return lambda _: judged(pa.table({name: column}))


def file(name: str, content: bytes) -> Callable[[Path], object]:
    """Judge a file."""
    return lambda folder: ((folder / name).write_bytes(content), judged(folder / name))


def stored(*, arrow: bool) -> bytes:
    """A thousand rows in a file."""
    held, table = io.BytesIO(), pa.table({"identifiant": [f"DR-{n}" for n in range(1000)]})
    if arrow:
        with pa.ipc.new_file(held, table.schema) as writer:
            writer.write_table(table)
    else:
        pq.write_table(table, held, compression="none")
    return held.getvalue()


class OnlyRead(io.BytesIO):
    """A stream that was opened for reading."""

    def writable(self) -> bool:
        """Say so."""
        return False


PARQUET, ARROW = stored(arrow=False), stored(arrow=True)
CALLS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a struct with one name twice": (one("adhesion", TWICE), "E537"),
    "one name twice in the structs of a list": (one("exercices", pa.array([[None]], pa.list_(TWICE.type))), "E537"),
    "one name twice in a file": (
        lambda folder: (
            pq.write_table(pa.table([TEXTS, TEXTS], names=["secteur"] * 2), folder / "a.parquet"),
            judged(folder / "a.parquet"),
        ),
        "E537",
    ),
    "a column without a name": (one("", TEXTS), "E535"),
    "a text outside UTF-8": (one("identifiant", broken_text()), "E819"),
    "a text outside UTF-8, deep": (one("titres", pa.ListArray.from_arrays(pa.array([0, 2], pa.int32()), broken_text())), "E819"),
    "an array of numbers": (lambda _: judged(pa.array([1, 2])), "E816"),
    "chunks of numbers": (lambda _: judged(pa.chunked_array([[1], [2]])), "E816"),
    "structs and a null": (lambda _: judged(pa.array([{"identifiant": "A"}, None])), "E816"),
    "bytes for a table": (lambda _: judged(b"identifiant"), "E816"),
    "no rows a batch": (lambda _: judged(TABLE, batch_size=0), "E827"),
    "batches of less than nothing": (lambda _: judged(TABLE, batch_size=-1), "E827"),
    "batches of a text": (lambda _: judged(TABLE, batch_size="a"), "E827"),
    "batches of a truth": (lambda _: judged(TABLE, batch_size=True), "E827"),
    "no rates": (lambda _: judged(TABLE, rates=None), "E827"),
    "a folder of Parquet": (lambda folder: ((folder / "a.parquet").mkdir(), judged(folder / "a.parquet")), "E809"),
    "a folder of Arrow": (lambda folder: ((folder / "a.arrow").mkdir(), judged(folder / "a.arrow")), "E809"),
    "a Parquet file that is cut": (file("a.parquet", PARQUET[: len(PARQUET) // 2]), "E809"),
    "a Parquet file with a hole": (file("a.parquet", PARQUET[:4] + bytes(300) + PARQUET[304:]), "E809"),
    "an empty Parquet file": (file("a.parquet", b""), "E809"),
    "an Arrow file that is cut": (file("a.arrow", ARROW[: len(ARROW) // 2]), "E809"),
    **{
        f"a name too long in .{suffix}": (lambda _, suffix=suffix: judged(f"{'x' * 5000}.{suffix}"), "E809")
        for suffix in ("parquet", "csv")
    },
    "an output whose name is too long": (lambda _: pack().write_table("x" * 5000 + ".parquet", "x" * 5000, on=ON), "E809"),
    "an output alone whose name is too long": (lambda _: pack().write_table(TABLE, "x" * 5000, on=ON), "E820"),
    "a name with a null character": (lambda _: judged("a\0b.csv"), "E809"),
    "no output": (lambda _: pack().write_table(TABLE, None, on=ON), "E827"),  # type: ignore[arg-type]
    "an output of text": (lambda _: pack().write_table(TABLE, io.StringIO(), on=ON), "E827"),  # type: ignore[arg-type]
    "an output open for reading": (lambda _: pack().write_table(TABLE, OnlyRead(), on=ON), "E827"),  # type: ignore[arg-type]
    "an output of a format that is not written": (lambda folder: pack().write_table(TABLE, folder / "a.csv", on=ON), "E827"),
    "a folder for output": (lambda folder: pack().write_table(TABLE, folder, on=ON), "E820"),
    "no folder for output": (lambda folder: pack().write_table(TABLE, folder / "b" / "c.parquet", on=ON), "E820"),
    "an output with a null character": (lambda _: pack().write_table(TABLE, "a\0b", on=ON), "E820"),
    "a full disk": (lambda _: pack().write_table(TABLE, "/dev/full", on=ON), "E820"),
    "rows that are a number": (lambda _: list(pack().explain_table(TABLE, 3, on=ON)), "E827"),  # type: ignore[arg-type]
    "rows that are texts": (lambda _: list(pack().explain_table(TABLE, ["a"], on=ON)), "E827"),  # type: ignore[list-item]
    "a row before the first": (lambda _: list(pack().explain_table(TABLE, [-1], on=ON)), "E827"),
    "a row past the last": (lambda _: list(pack().explain_table(TABLE, [0, 2], on=ON)), "E827"),
}


@pytest.mark.parametrize("case", CALLS)
def test_a_call_that_is_wrong_says_so(case: str, tmp_path: Path) -> None:
    """Each is told by its code, in both languages, before or while the table is read."""
    call, code = CALLS[case]
    with pytest.raises(CallError) as caught:
        call(tmp_path)
    assert [fault.code for fault in caught.value.diagnostics] == [code]
    assert caught.value.told("en") != caught.value.told("fr")


@pytest.mark.parametrize("data", [[], TABLE[:0], pa.table({}), TABLE.to_batches()[0][:0]], ids=["list", "rows", "columns", "batch"])
def test_an_empty_table_has_no_answers(data: Any) -> None:
    """No rows in, no rows out, with the columns that any table of answers has."""
    found = judged(data)
    assert (found.num_rows, found.column_names) == (0, judged(TABLE).column_names)


def test_rows_without_columns_are_records_of_which_nothing_is_known() -> None:
    """Two rows and no column: two records, all unknown."""
    assert judged(TABLE.select([]))["eligible_optam__status"].to_pylist() == ["unknown"] * 2


def test_keys_that_are_no_texts_are_faults_of_their_record() -> None:
    """Keys that no JSON could hold (E501), and things that are no records (E500)."""
    records: list[Any] = [{1: 2}, {None: 2}, {(1, 2): 3}, 1, None, "A"]
    assert [row[0]["code"] for row in judged(records)["refused"].to_pylist()] == ["E501"] * 3 + ["E500"] * 3


@pytest.mark.parametrize("suffix", ["parquet", "arrow"])
def test_records_are_not_written_over(suffix: str, tmp_path: Path) -> None:
    """Answers asked for in the file of the records, by whatever path (E820): the file stays."""
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(PARQUET if suffix == "parquet" else ARROW)
    (tmp_path / "b").mkdir()
    with pytest.raises(CallError, match="E820"):
        pack().write_table(path, tmp_path / "b" / ".." / path.name, on=ON)
    assert path.read_bytes() == (PARQUET if suffix == "parquet" else ARROW)


def test_a_wrong_source_leaves_the_output_as_it_was(tmp_path: Path) -> None:
    """A call refused before its first row empties no file."""
    held = tmp_path / "reponses.parquet"
    held.write_bytes(b"hier")
    with pytest.raises(CallError, match="E535"):
        pack().write_table(pa.table({"secteurs": TEXTS}), held, on=ON)
    assert held.read_bytes() == b"hier"
