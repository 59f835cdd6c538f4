"""What a call of `exercices` cannot mean: each wrong argument, column or file gets its diagnostic, and no error of an engine is met."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import optam_rules
from tests.support.acts import COLUMNS, ON
from tests.unit.interop.test_acts import SETTLED, figures, line, run, table

HEADER = ",".join(COLUMNS)


def told(acts: object, **arguments: Any) -> list[optam_rules.Diagnostic]:
    """Return what a refused call tells."""
    with pytest.raises(optam_rules.CallError) as caught:
        optam_rules.exercices(acts, on=ON, **arguments)
    return list(caught.value.diagnostics)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("lump_sums", "ROSP", "de type `str`"),
        ("lump_sums", iter(["ROSP"]), "de type `list_iterator`"),
        ("key", "identifiant", "de type `str`"),
        ("doubts", "nulle", "`'nulle'`"),
        ("after_verified", "oui", "`'oui'`"),
        ("columns", ["praticien"], "de type `list`"),
        ("practitioners", 5, "de type `int`"),
        ("practitioners[0]", [5], "de type `int`"),
        ("practitioners", {"DR-1": True}, "de type `dict`"),
        ("threads", 0, "`0`"),
        ("threads", -1, "`-1`"),
        ("threads", True, "`True`"),
        ("threads", "2", "de type `str`"),
        ("memory_limit", "beaucoup", "`beaucoup`"),
        ("memory_limit", "0GB", "`0GB`"),
        ("memory_limit", "-1GB", "`-1GB`"),
        ("memory_limit", "2GB'; --", "`2GB'; --`"),
        ("memory_limit", "1KB", "`1KB`"),
        ("memory_limit", 2, "de type `int`"),
        ("output", 5, "de type `int`"),
        ("anomalies", ["ecartees.csv"], "de type `list`"),
    ],
)
def test_an_argument_of_another_type_is_told(name: str, value: object, found: str) -> None:
    """One code of lump sums given as a text would be four codes of a letter, and its lines would count as fees: it is refused."""
    (fault,) = told(table([line()]), **{name.partition("[")[0]: value})
    assert ("E827", True) == (fault.code, fault.message.startswith(f"l'argument `{name}` est {found} ;"))


def test_a_column_is_named_by_a_text_and_for_a_datum() -> None:
    """`columns` takes names of data, as its keys, and names of columns."""
    assert ["E827"] == [fault.code for fault in told(table([line()]), columns={"praticien": 5})]
    (fault,) = told(table([line()]), columns={"pratricien": "praticien"})
    assert ("E501", "vouliez-vous écrire `praticien` ?") == (fault.code, fault.hint)


def test_a_great_many_threads_are_no_more_than_are_of_use() -> None:
    """DuckDB would make them all at once, and end the process."""
    assert 1 == run(table([line()]), assume=SETTLED, threads=10**12).report.counted


@pytest.mark.parametrize("acts", [5, None, b"actes.csv", [], [5], {"praticien": 5}, pa.table({})], ids=repr)
def test_what_is_no_table_is_told(acts: object) -> None:
    """A number, nothing, bytes, no line, lines that are none: one diagnostic each."""
    assert ["E816"] == [fault.code for fault in told(acts)]


def test_lines_in_a_list_are_read() -> None:
    """As `evaluate_table` reads records: the line of 35 € on 23 € counts for 12 € of excess; cells of several types in a column do not."""
    given = [{**line(), "honoraires": Decimal(price), "date_acte": dt.date(2016, 5, 2)} for price in ("35", "23.00")]
    assert 1200 == figures(run(given, assume=SETTLED))["DR-1", 2016]["depassements"]
    (fault,) = told([{**line(), "honoraires": 35}, {**line(), "honoraires": "23"}])
    assert ("E819", True) == (fault.code, fault.message.startswith("la colonne `honoraires` (`list`)"))


NOT_UTF_8 = pa.Array.from_buffers(pa.string(), 1, [*pa.array(["é"]).buffers()[:2], pa.py_buffer(b"\xff\xfe")])
WRONG = (
    (
        "date_acte",
        pa.array([dt.datetime(2016, 5, 2)], pa.timestamp("us")),
        "E502",
        "colonne de type date et heure",
        "dates sans heure (DATE)",
    ),
    (
        "date_acte",
        pa.array([dt.datetime(2016, 5, 2)], pa.timestamp("s", "UTC")),
        "E502",
        "colonne de type date et heure",
        "dates sans heure",
    ),
    ("honoraires", pa.array([True]), "E502", "colonne de type booléen", "décimaux exacts"),
    ("honoraires", pa.array([35.0]), "E503", "`honoraires`", "décimaux exacts"),
    ("honoraires", pa.array([35.0], pa.float16()), "E819", "`halffloat`", None),
    ("honoraires", pa.array([Decimal(35)], pa.decimal256(50, 2)), "E819", "`decimal256(50, 2)`", None),
    ("praticien", pa.array([1.0]), "E503", "`praticien`", "textes, ou des entiers"),
    ("praticien", pa.array([b"DR-1"]), "E502", "colonne de type autre", "textes, ou des entiers"),
    ("urgence", pa.array([1]), "E502", "colonne de type entier", "booléens, ou du texte `oui`, `non`"),
    ("autre", pa.array([Decimal(35)], pa.decimal256(50, 2)), "E819", "`decimal256(50, 2)`", None),
    ("praticien", NOT_UTF_8, "E819", "`string`", None),
)


@pytest.mark.parametrize(("column", "held", "code", "found", "hint"), WRONG, ids=lambda value: str(getattr(value, "type", "")))
def test_a_column_of_another_type_is_told_with_what_to_give(column: str, held: pa.Array, code: str, found: str, hint: str | None) -> None:
    """A moment is no day, a float no amount, bytes no name; what DuckDB cannot take is told by its type, whether or not a rule reads it."""
    data = table([line()])
    data = data.drop_columns([column] if column in data.column_names else []).append_column(column, held)
    (fault,) = told(data)
    assert (code, True) == (fault.code, found in fault.message)
    assert hint is None or (fault.hint is not None and hint in fault.hint)


def test_a_column_of_nothing_is_unknown_on_every_line() -> None:
    """As an empty column of text: `urgence` may be unknown, an amount may not."""
    data = table([line(identifiant="1")])
    empty = pa.nulls(1)
    assert 1 == run(data.drop_columns(["urgence"]).append_column("urgence", empty), assume=SETTLED).report.counted
    done = run(data.drop_columns(["honoraires"]).append_column("honoraires", empty), assume=SETTLED)
    assert {"valeur_manquante:honoraires": 1} == done.report.reasons


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("actes.csv", b"", "il est vide"),
        ("actes.csv", b"bonjour\n", "aucune de ses colonnes (`bonjour`) n'est une donnée de `ligne` (`identifiant`, `praticien`"),
        ("actes.parquet", b"PAR1 et rien d'autre", "magic bytes"),
        ("actes.parquet", b"", "Parquet"),
    ],
)
def test_another_file_is_told_once(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    """A file without one column of a line is another file: what it lacks, one by one, would tell nothing."""
    (tmp_path / name).write_bytes(content)
    (fault,) = told(tmp_path / name)
    assert ("E809", True) == (fault.code, reason in fault.message)


def test_a_file_that_has_no_line_has_no_year(tmp_path: Path) -> None:
    """A header alone is a file of no line."""
    (tmp_path / "actes.csv").write_text(HEADER + "\n", encoding="utf-8")
    done = run(tmp_path / "actes.csv", assume=SETTLED)
    assert (0, 0, {}) == (done.report.read, done.report.years, figures(done))


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A folder that is not there; a file that the same call reads, or writes for something else."""
    acts = tmp_path / "actes.parquet"
    pq.write_table(table([line()]), acts)
    written: list[dict[str, Path]] = [
        {"output": tmp_path / "absent" / "exercices.csv"},
        {"anomalies": tmp_path / "absent" / "ecartees.parquet"},
        {"output": acts},
        {"output": tmp_path / "sortie.csv", "anomalies": tmp_path / "sortie.csv"},
    ]
    assert [["E820"]] * 4 == [[fault.code for fault in told(acts, assume=SETTLED, **paths)] for paths in written]
    assert table([line()]) == pq.read_table(acts)


@pytest.mark.parametrize("form", ["memory", "file"])
def test_no_column_of_the_file_is_taken_for_ours(tmp_path: Path, form: str) -> None:
    """Lines set aside and mended come back with their old reasons, which the new ones replace; a column `doute` says nothing of doubts."""
    given = table([line(identifiant="1", honoraires="-35"), line(identifiant="2"), line(identifiant="2")])
    for name in ("motifs", "doute", "le_praticien", "l_annee", "copies", "contenus", "rang"):
        given = given.append_column(name, pa.array(["non"] * 3))
    if form == "file":
        pq.write_table(given, tmp_path / "actes.parquet")
    done = run(given if form == "memory" else tmp_path / "actes.parquet", assume=SETTLED)
    assert (1, None) == (done.report.doubtful, figures(done)["DR-1", 2016]["nombre_actes"])
    assert done.set_aside is not None
    assert sorted(done.set_aside.column_names) == sorted(given.column_names)
    assert {"1": "montant_negatif:honoraires", "2": "doublon"} == {row["identifiant"]: row["motifs"] for row in done.set_aside.to_pylist()}
