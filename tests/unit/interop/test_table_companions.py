"""Tables in long form: joined to records by identifiant, as the companions of a CSV file are; nothing is lost on the way."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from optam_rules import CallError, Judgement, Pack, Refusal, load
from optam_rules.interop import table_lists
from optam_rules.interop.table_lists import Elements, Listed
from optam_rules.interop.table_sources import TableSource

ON = dt.date(2017, 8, 1)
ASKED = ["eligible_optam", "taux_engagement"]
MAIN = pa.schema(
    [("identifiant", pa.string()), ("secteur", pa.string()), ("adherent_cas", pa.bool_()), ("demande_taux_groupe", pa.bool_())]
)
YEAR = pa.schema(
    [
        ("identifiant", pa.string()),
        ("annee", pa.int64()),
        ("depassements", pa.decimal128(12, 2)),
        ("honoraires_remboursables", pa.decimal128(12, 2)),
    ]
)


@cache
def pack() -> Pack:
    """Load the pack once."""
    return load("cm-2016")


def judged(data: Any, **asked: Any) -> pa.Table:
    """Judge a table."""
    return pack().evaluate_table(data, **{"on": ON, "answers": ASKED, **asked})


def practitioner(name: str | None) -> dict[str, Any]:
    """A practitioner of sector 2 who had signed, and asks for no group rate."""
    return {"identifiant": name, "secteur": "secteur_2", "adherent_cas": True, "demande_taux_groupe": False}


def years(name: str, *excess: int) -> list[dict[str, Any]]:
    """His years from 2013 on, with so many euros of excess over a thousand."""
    return [
        {"identifiant": name, "annee": year, "depassements": Decimal(amount), "honoraires_remboursables": Decimal(1000)}
        for year, amount in enumerate(excess, 2013)
    ]


def tables(records: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> tuple[pa.Table, pa.Table]:
    """Return records and their years as two tables."""
    return pa.Table.from_pylist(list(records), MAIN), pa.Table.from_pylist(list(rows), YEAR)


def test_years_in_long_form_are_those_of_the_record() -> None:
    """(40 % + 50 % + 25 %) / 3 = 23/60 from three rows of a second table; who has no row has his years unknown, not empty."""
    main, held = tables([practitioner("A"), practitioner("B")], years("A", 400, 500, 250))
    found = judged(main, tables={"exercices": held})
    assert found["taux_engagement"].to_pylist() == ["23/60", None]
    assert ["exercices" in needs for needs in found["taux_engagement__needs"].to_pylist()] == [False, True]


@pytest.mark.parametrize("seed", range(24))
def test_drawn_tables_give_what_whole_records_give(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sorted or not, whatever the batches, with rows of nobody and records without a name: the answers of the same records written whole.

    Rows of nobody come last, each named and counted: as many faults as rows.
    """
    draw = random.Random(seed)
    monkeypatch.setattr(table_lists, "_READ", draw.choice([1, 2, 5, 1000]))
    names = [f"D{n:02}" for n in range(draw.randrange(30))]
    if seed % 3 == 0:
        draw.shuffle(names)
    if seed % 4 == 0 and names:
        names += names[-1:]  # one practitioner twice, with the same content
    records = [practitioner(name if draw.random() < 0.95 else None) for name in names]
    rows = [row for name in dict.fromkeys(names) for row in years(name, *(draw.randrange(1000) for _ in range(draw.randrange(4))))]
    rows += [row for name in ("A1", "D05b", "Z9")[: draw.randrange(4)] for row in years(name, 1, 2)]
    rows.sort(key=lambda row: str(row["identifiant"])) if seed % 2 else draw.shuffle(rows)
    main, held = tables(records, rows)
    found = judged(main, tables={"exercices": held}, batch_size=draw.choice([1, 3, 1000])).to_pylist()
    own: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        own.setdefault(row["identifiant"], []).append({name: value for name, value in row.items() if name != "identifiant"})
    whole = [
        {name: value for name, value in {**one, "exercices": own.get(one["identifiant"])}.items() if value is not None} for one in records
    ]
    assert found[: len(records)] == judged(whole).to_pylist()
    present = {record["identifiant"] for record in records}
    nobody = [row["identifiant"] for row in rows if row["identifiant"] not in present]
    last = found[len(records) :]
    assert [row["identifiant"] for row in last for _ in row["refused"]] == nobody
    assert {fault["code"] for row in last for fault in row["refused"]} == ({"E539"} if nobody else set())


def test_rows_of_nobody_are_kept_told_and_counted(tmp_path: Path) -> None:
    """Rows 1 and 2 are of B, who is no record: one row more, refused, that names both; three rows of answers in all, two judged."""
    main, held = tables([practitioner("A"), practitioner("C")], [*years("A", 400), *years("B", 1, 2), *years("C", 3)])
    for name, table in (("p.parquet", main), ("p.exercices.parquet", held)):
        pq.write_table(table, tmp_path / name)
    counts = pack().write_table(tmp_path / "p.parquet", tmp_path / "r.parquet", on=ON, answers=ASKED)
    assert (counts.records, counts.judged, counts.refused, counts.orphans) == (3, 2, 1, 2)
    assert pq.ParquetFile(tmp_path / "r.parquet").metadata.metadata[b"optam.orphans"] == b"2"
    last = pq.read_table(tmp_path / "r.parquet").to_pylist()[-1]
    assert (last["identifiant"], last["taux_engagement__status"]) == ("B", None)
    path = tmp_path / "p.exercices.parquet"
    assert [(fault["code"], fault["path"]) for fault in last["refused"]] == [("E539", f"{path}[1]"), ("E539", f"{path}[2]")]


def test_one_year_twice_refuses_its_record_alone() -> None:
    """Two rows of 2013 for A: nothing tells which holds; B is judged. The fault is that of the same record written whole."""
    main, held = tables([practitioner("A"), practitioner("B")], [*years("A", 400), *years("A", 500), *years("B", 400, 500, 250)])
    refused = judged(main, tables={"exercices": held})["refused"].to_pylist()
    twice = [{name: value for name, value in row.items() if name != "identifiant"} for row in (*years("A", 400), *years("A", 500))]
    assert refused == [*judged([{**practitioner("A"), "exercices": twice}])["refused"].to_pylist(), None]
    assert refused[0] is not None


GROUP = {"meme_structure": True, "pratique_tarifaire_commune": True}


def test_groups_are_read_with_their_members() -> None:
    """Two cardiologists who ask for the group rate, 10 % and 30 % of excess each year: the mean of the group is 20 %."""
    asking = [{**practitioner(name), "demande_taux_groupe": True, "specialite": "cardiologie", "groupe": "G"} for name in "AB"]
    held = tables([], [*years("A", 100, 100, 100), *years("B", 300, 300, 300)])[1]
    groups = pa.Table.from_pylist([{"identifiant": "G", **GROUP}, {"identifiant": "H", **GROUP}])
    found = judged(pa.Table.from_pylist(asking), tables={"exercices": held, "groupes": groups}, answers=["groupe.taux_commun"])
    assert found["groupe.taux_commun"].to_pylist() == ["0.2", "0.2"]


def test_a_group_given_twice_with_other_contents_is_refused() -> None:
    """Nothing tells which of the two groups G holds (E517), as in a CSV; a group that is not there is told too (E516)."""
    main = pa.Table.from_pylist([{**practitioner("A"), "groupe": "G"}, {**practitioner("B"), "groupe": "X"}, practitioner("C")])
    groups = pa.Table.from_pylist([{"identifiant": "G", **GROUP}, {"identifiant": "G", **GROUP, "meme_structure": False}])
    refused = judged(main, tables={"groupe": groups})["refused"].to_pylist()
    assert [row and [fault["code"] for fault in row] for row in refused] == [["E517"], ["E516"], None]


def test_columns_and_lines_give_the_same(tmp_path: Path) -> None:
    """A practice in three files, of columns and of lines, found by their names: the same answers, group included."""
    main = [
        {**practitioner(name), "demande_taux_groupe": True, "specialite": "cardiologie", "groupe": group} for name, group in ("AG", "BG")
    ]
    rows = [*years("A", 100, 100, 100), *years("B", 300, 300, 300)]
    for name, held in (("c", main), ("c.exercices", rows), ("c.groupes", [{"identifiant": "G", **GROUP}])):
        pq.write_table(pa.Table.from_pylist(held), tmp_path / f"{name}.parquet")
        cells = [
            [{True: "oui", False: "non"}.get(value, str(value)) if value.__class__ is bool else str(value) for value in row.values()]
            for row in held
        ]
        lines = [",".join(cell) for cell in [list(held[0]), *cells]]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    answers = [*ASKED, "groupe.taux_commun"]
    found, expected = (judged(tmp_path / name, answers=answers) for name in ("c.parquet", "c.csv"))
    assert found.to_pylist() == expected.to_pylist()
    assert found["groupe.taux_commun"].to_pylist() == ["0.2", "0.2"]


def test_a_row_is_explained_with_what_its_tables_hold() -> None:
    """The second row judged again has the steps that the whole record has; the third, of nobody, is a refusal."""
    main, held = tables([practitioner("A"), practitioner("B")], [*years("B", 400, 500, 250), *years("C", 1)])
    again, nobody = pack().explain_table(main, [1, 2], tables={"exercices": held}, on=ON, answers=ASKED)
    whole = {**practitioner("B"), "exercices": [{n: v for n, v in row.items() if n != "identifiant"} for row in years("B", 400, 500, 250)]}
    assert again == pack().evaluate(whole, on=ON, answers=ASKED)
    assert isinstance(again, Judgement)
    assert isinstance(nobody, Refusal)
    assert (nobody.position, nobody.identifiant) == (2, "C")


RECORDS, YEARS = tables([practitioner("A")], years("A", 400, 500, 250))
NUMBERS = YEARS.set_column(0, "identifiant", pa.array([1, 1, 1]))
WRONG: dict[str, tuple[Any, Any, str]] = {
    "a name that no table fills": (RECORDS, {"exercice": YEARS}, "E543"),
    "a datum that is no list": (RECORDS, {"secteur": YEARS}, "E543"),
    "a table without identifiants": (RECORDS, {"exercices": YEARS.drop_columns("identifiant")}, "E536"),
    "records without identifiants": (RECORDS.drop_columns("identifiant"), {"exercices": YEARS}, "E536"),
    "an unknown column": (RECORDS, {"exercices": YEARS.append_column("depassement", YEARS["annee"])}, "E535"),
    "a column twice": (RECORDS, {"exercices": YEARS.append_column("annee", YEARS["annee"])}, "E537"),
    "one datum by two names": (RECORDS, {"groupe": YEARS, "groupes": YEARS}, "E537"),
    "years in columns too": (RECORDS.append_column("depassements_2013", pa.array([1])), {"exercices": YEARS}, "E544"),
    "years in a list too": (RECORDS.append_column("exercices", pa.array([[{"annee": 2013}]])), {"exercices": YEARS}, "E544"),
    "a row without identifiant": (RECORDS, {"exercices": YEARS.set_column(0, "identifiant", pa.array(["A", None, "A"]))}, "E542"),
    "a row with an empty one": (RECORDS, {"exercices": YEARS.set_column(0, "identifiant", pa.array(["A", "", "A"]))}, "E542"),
    "a group without identifiant": (RECORDS, {"groupe": pa.table({"identifiant": pa.array([None], pa.string())})}, "E542"),
    "groups named by numbers": (RECORDS, {"groupe": pa.table({"identifiant": [1]})}, "E502"),
    "groups named by records": (RECORDS, {"groupe": pa.table({"identifiant": [{"a": 1}]})}, "E502"),
    "records named twice": (RECORDS.append_column("identifiant", RECORDS["identifiant"]), {"exercices": YEARS}, "E537"),
    "names outside UTF-8": (RECORDS, {"exercices": YEARS.set_column(0, "identifiant", pa.array([b"A\xe9"] * 3).view(pa.string()))}, "E819"),
    "a column with days that no calendar has": (
        RECORDS,
        {"exercices": YEARS.set_column(1, "annee", pa.array([1, 2, 2**31 - 1], pa.int32()).cast(pa.date32()))},
        "E819",
    ),
    "identifiants that are numbers": (RECORDS, {"exercices": NUMBERS}, "E502"),
    "tables in a list": (RECORDS, [YEARS], "E827"),
    "a table that is a list": (RECORDS, {"exercices": YEARS.to_pylist()}, "E827"),
    "a table in lines": (RECORDS, {"exercices": "exercices.csv"}, "E827"),
    "records that hold their lists": (RECORDS.to_pylist(), {"exercices": YEARS}, "E827"),
    "columns beside lines": ("medecins.csv", {"exercices": YEARS}, "E827"),
    "a table that is not there": (RECORDS, {"exercices": "absent.parquet"}, "E809"),
}


@pytest.mark.parametrize("case", WRONG)
def test_tables_that_do_not_go_together_are_told(case: str) -> None:
    """Each is told by its code, that of a CSV where there is one, and nothing is judged."""
    data, held, code = WRONG[case]
    with pytest.raises(CallError) as caught:
        judged(data, tables=held)
    assert [fault.code for fault in caught.value.diagnostics] == [code]


def test_tables_are_not_written_over(tmp_path: Path) -> None:
    """Answers asked for in the file of the years (E820): it stays."""
    pq.write_table(YEARS, tmp_path / "annees.parquet")
    before = (tmp_path / "annees.parquet").read_bytes()
    with pytest.raises(CallError, match="E820"):
        pack().write_table(RECORDS, tmp_path / "annees.parquet", tables={"exercices": tmp_path / "annees.parquet"}, on=ON)
    assert (tmp_path / "annees.parquet").read_bytes() == before


class Counted(TableSource):
    """A table that counts the rows that were taken from it."""

    taken = 0

    def batches(self, size: int, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the batches of the table, counted where they are whole."""
        for batch in super().batches(size, columns):
            if columns is None or len(columns) > 1:
                Counted.taken += batch.num_rows
            yield batch


@pytest.mark.parametrize("in_order", [True, False])
def test_sorted_tables_are_read_at_one_pace(in_order: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a thousand records with three rows each, ten records a batch: thirty rows are read for the first, and at most thirty more.

    Out of order, all three thousand are.
    """
    monkeypatch.setattr(table_lists, "_READ", 30)
    monkeypatch.setattr(Counted, "taken", 0)
    names = [f"D{n:03}" for n in range(1000)]
    main, held = tables([practitioner(name) for name in names], [row for name in names for row in years(name, 1, 2, 3)])
    if not in_order:
        held = held.take(pa.array([*range(2999, -1, -1)]))
    elements = Elements("exercices", "exercices", "identifiant", tuple(YEAR.names[1:]), Counted(held))
    first = next(Listed(TableSource(main), "identifiant", elements).batches(10))
    assert [len(one) for one in first["exercices"].to_pylist()] == [3] * 10
    assert 30 <= Counted.taken <= 60 if in_order else Counted.taken == 3000
