"""Tables of answers: the same as one by one, whatever they are read from, with everything refused or recomputed told."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from optam_rules import CallError, Judgement, Pack, Refusal, load
from optam_rules.backends.columnar.ratio import constant, of_numbers, select, within
from optam_rules.base.numbers import format_ratio
from optam_rules.core.places import decimal_places
from optam_rules.core.program import EntitySpec, Program
from optam_rules.core.types import EntityType, ListType, Scalar, SetType
from optam_rules.core.values import plain_text
from optam_rules.interop.arrow_text import ratio_texts
from optam_rules.library.manifest import Manifest
from tests.support.programs import compiled

ON = dt.date(2017, 6, 8)
YEARS = {2013: ("40000.00", "100000.00"), 2014: ("30000.00", "60000.00"), 2015: ("10000.00", "40000.00")}
KNOWN: Mapping[str, Any] = {
    "identifiant": "A",
    "secteur": "secteur_2",
    "adherent_cas": True,
    "demande_taux_groupe": False,
    "exercices": [{"annee": year, "depassements": x, "honoraires_remboursables": y} for year, (x, y) in YEARS.items()],
}


@cache
def shipped(name: str) -> Pack:
    """Load a pack once."""
    return load(name)


def invented(text: str) -> Pack:
    """Return a pack of one text."""
    program = compiled(text)
    return Pack(program, Manifest(program.id, program.title, program.version, None, program.interval, None, ()))


def expected_row(pack: Pack, record: Mapping[str, Any], answers: list[str], on: dt.date = ON) -> dict[str, Any]:
    """Return the row of a record from its judgement alone."""
    row: dict[str, Any] = {"identifiant": record.get("identifiant"), "refused": None}
    for path, answer in pack.evaluate(record, on=on, answers=answers).answers.items():
        value: Any = answer.value
        if answer.outcome.value is not None and str(answer.outcome.type) in ("taux", "points"):
            value = plain_text(answer.outcome.value, answer.outcome.type)
        step = answer.because[0] if answer.because else None
        row |= {
            path: value,
            f"{path}__status": str(answer.status),
            f"{path}__standing": answer.standing,
            f"{path}__needs": sorted(answer.needs),
            f"{path}__because": None if step is None or step.position is None else _code(step),
        }
    return row


def _code(step: Any) -> str:
    name = step.definition if step.taken is None else f"{step.definition}/{step.taken}"
    return name if step.interval[0] is None else f"{name}@{step.interval[0]}"


def typed(program: Program, spec: EntitySpec) -> pa.StructType:
    """The Arrow type of what a record of an entity holds alone, groups left out."""
    fields = []
    for field in spec.fields.values():
        match field.type:
            case Scalar.BOOLEAN:
                held: pa.DataType = pa.bool_()
            case Scalar.INTEGER:
                held = pa.int64()
            case Scalar.MONEY:
                held = pa.decimal128(20, 2)
            case Scalar.RATE | Scalar.POINTS:
                held = pa.decimal128(20, 3)
            case Scalar.DATE if not field.optional:
                held = pa.date32()
            case SetType():
                held = pa.list_(pa.string())
            case ListType(EntityType(name)) if name in ("exercice", "trimestre"):
                held = pa.list_(typed(program, program.entities[name]))
            case EntityType(name) if name in ("adhesion", "soin"):
                held = typed(program, program.entities[name])
            case EntityType() | ListType():
                continue
            case _:
                held = pa.string()
        fields.append((field.name, held))
    return pa.struct(fields)


def as_arrow(value: Any, held: pa.DataType) -> Any:
    """Turn what a user writes into what a typed column takes; `sans_objet`, which none but a text can say, becomes unknown."""
    if pa.types.is_struct(held):
        return {f.name: as_arrow(value.get(f.name), f.type) for f in held} if isinstance(value, dict) else None
    if pa.types.is_list(held):
        return [as_arrow(item, held.value_type) for item in value] if isinstance(value, list) else None
    if value is None or pa.types.is_string(held):
        return value
    if value == "sans_objet":
        return None
    return Decimal(value) if pa.types.is_decimal(held) else dt.date.fromisoformat(value) if pa.types.is_date(held) else value


def test_typed_columns_are_read_as_records_are() -> None:
    """A typed Arrow table gives what its rows give as a list of records, refusals included: a pack's own records, and some with faults."""
    pack = shipped("cm-2016")
    drawn = examples("cm-2016")
    faulty = [
        {"exercices": [{"annee": 2014}, {"annee": 2014}]},
        {"actes_anesthesie": -1},
        {"titres": ["medecin_des_armees", "medecin_des_armees"]},
        {"secteur": "secteur_9", "exercices": [{"annee": 1900}]},
        {"adhesion": {"option": "rien"}},
        {"exercices": [{"depassements": "1.00"}, {"annee": 2014}]},
        {"exercices": [{"annee": 2014, "nombre_actes": 1, "nombre_actes_opposables": 2}]},
    ]
    schema = typed(pack.program, pack.program.main)
    rows = [as_arrow({**record, "identifiant": f"R{place}"}, schema) for place, record in enumerate([*drawn, *faulty])]
    table = pa.Table.from_pylist(rows, pa.schema(list(schema))).drop_columns(["trimestres"])
    listed = [_clean({name: value for name, value in row.items() if name != "trimestres"}) for row in rows]
    expected = pack.evaluate_table(listed, on=ON, answers=ANSWERS)
    found = pack.evaluate_table(table, on=ON, answers=ANSWERS)
    assert expected.to_pylist() == found.to_pylist()
    assert found.schema.metadata[b"optam.refused"] == b"6"


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _clean(part) for name, part in value.items() if part is not None}
    return [_clean(part) for part in value] if isinstance(value, list) else value


ANSWERS = ["eligible_optam", "taux_engagement", "part_versee", "prime", "etat_adhesion", "groupe.taux_commun", "date_effet_resiliation"]


@cache
def examples(name: str) -> list[Mapping[str, Any]]:
    """The records of a pack's own tests, without those of groups and quarters, which have identifiants of their own."""
    alone = [test.record for test in shipped(name).program.tests if not {"groupe", "trimestres"} & set(test.record)]
    return alone[:: max(1, len(alone) // 12)]


@pytest.mark.parametrize("name", ["cm-2016", "cas-2011", "contrat-responsable"])
def test_a_table_tells_what_each_record_alone_would_get(name: str) -> None:
    """On the records of a pack's own tests, every column of every row is what the interpreter answers for that record."""
    pack = shipped(name)
    on = min(pack.program.interval.end or ON, dt.date(2017, 8, 1)) if name != "contrat-responsable" else dt.date(2020, 1, 1)
    held = [{**record, "identifiant": f"R{place}"} for place, record in enumerate(examples(name))]
    answers = list(pack.answers(on))
    table = pack.evaluate_table(held, on=on, answers=answers)
    assert len(held) > 10
    assert [expected_row(pack, record, answers, on) for record in held] == table.to_pylist()


def test_the_mean_of_three_years_is_exact() -> None:
    """(40/100 + 30/60 + 10/40) / 3 = (0.4 + 0.5 + 0.25) / 3 = 23/60, and the code names the rule of article 41.1 in force since 2016."""
    (row,) = shipped("cm-2016").evaluate_table([KNOWN], on=ON, answers=["taux_engagement"]).to_pylist()
    assert row["taux_engagement"] == "23/60"
    assert row["taux_engagement__because"] == "taux_engagement@2016-10-24"


def test_large_amounts_stay_exact() -> None:
    """Three years of about 10^11 cents each: the common denominator has 33 digits, far beyond 64 bits, and nothing is lost.

    1/99999999989 + 1/99999999977 + 1/99999999947 over 3, the amounts being 0.01 € over so many cents.
    """
    bases = ("999999999.89", "999999999.77", "999999999.47")
    years = [
        {"annee": year, "depassements": "0.01", "honoraires_remboursables": base}
        for year, base in zip((2013, 2014, 2015), bases, strict=True)
    ]
    record = {**KNOWN, "exercices": years}
    (row,) = shipped("cm-2016").evaluate_table([record], on=ON, answers=["taux_engagement"]).to_pylist()
    a, b, c = 99999999989, 99999999977, 99999999947
    numerator, denominator = row["taux_engagement"].split("/")
    assert int(numerator) * 3 * a * b * c == int(denominator) * (b * c + a * c + a * b)


def test_a_refused_record_keeps_its_row_and_its_faults() -> None:
    """One row a record, in order: the faulty one has nulls and all its faults; the counts say so."""
    table = shipped("cm-2016").evaluate_table(
        [{"identifiant": "X", "secteur": "4", "adherent_cas": 2}, KNOWN], on=ON, answers=["eligible_optam"]
    )
    faulty, judged = table.to_pylist()
    assert [(fault["code"], fault["path"]) for fault in faulty["refused"]] == [("E509", "secteur"), ("E502", "adherent_cas")]
    assert (faulty["identifiant"], faulty["eligible_optam__status"], judged["refused"]) == ("X", None, None)
    assert judged["eligible_optam"] is True
    counts = {name: table.schema.metadata[f"optam.{name}".encode()] for name in ("records", "refused", "recomputed")}
    assert counts == {"records": b"2", "refused": b"1", "recomputed": b"0"}


def nested() -> pa.Table:
    """The known record and an empty one, lists of structs."""
    element = pa.struct([("annee", pa.int32()), ("depassements", pa.decimal128(12, 2)), ("honoraires_remboursables", pa.decimal128(12, 2))])
    years = [{"annee": year, "depassements": Decimal(x), "honoraires_remboursables": Decimal(y)} for year, (x, y) in YEARS.items()]
    return pa.table(
        {
            "identifiant": ["A", "B"],
            "secteur": pa.array(["secteur_2", None]).dictionary_encode(),
            "adherent_cas": [True, None],
            "demande_taux_groupe": [False, None],
            "exercices": pa.array([years, None], pa.list_(element)),
        }
    )


def wide() -> pa.Table:
    """The same, a column a year."""
    columns: dict[str, Any] = {name: nested()[name] for name in ("identifiant", "secteur", "adherent_cas", "demande_taux_groupe")}
    for year, (x, y) in YEARS.items():
        columns[f"depassements_{year}"] = pa.array([Decimal(x), None], pa.decimal128(12, 2))
        columns[f"honoraires_remboursables_{year}"] = pa.array([Decimal(y), None], pa.decimal128(12, 2))
    return pa.table(columns)


ASKED = ["eligible_optam", "taux_engagement"]


class OnlyStream:
    """Arrow data of a library that nobody here knows: the PyCapsule interface and nothing else."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the stream of record batches."""
        return self._table.__arrow_c_stream__(requested_schema)


def source(form: str, table: pa.Table, folder: Path) -> Any:
    """Return a table as some library or file holds it."""
    path = folder / f"dossiers.{form}"
    match form:
        case "polars":
            return polars.from_arrow(table)
        case "duckdb":
            return duckdb.from_arrow(table)
        case "ibis":
            import ibis  # takes two seconds, which no other test has to wait for

            return ibis.memtable(table)
        case "only_stream":
            return OnlyStream(table)
        case "records":
            return _listed(table)
        case "json":
            path.write_text(json.dumps(_listed(table), default=str), encoding="utf-8")
        case "jsonl":
            path.write_text("".join(json.dumps(row, default=str) + "\n" for row in _listed(table)), encoding="utf-8")
        case "csv":
            csv.write_csv(_in_words(table), path)
        case "parquet":
            pq.write_table(table, path)
        case "arrow":
            with pa.ipc.new_file(path, table.schema) as writer:
                writer.write_table(table)
        case _:
            return table
    return path


def _listed(table: pa.Table) -> list[dict[str, Any]]:
    return [_clean(row) for row in table.to_pylist()]


def _in_words(table: pa.Table) -> pa.Table:
    columns = [pc.if_else(column, "oui", "non") if pa.types.is_boolean(column.type) else column for column in table.columns]
    return pa.table([column.cast(pa.string()) for column in columns], names=table.column_names)


FORMS = ["table", "only_stream", "polars", "duckdb", "ibis", "records", "parquet", "arrow", "json", "jsonl"]


@pytest.mark.parametrize("form", [*FORMS, "wide", "csv"])
def test_every_source_gives_the_same_table(form: str, tmp_path: Path) -> None:
    """Records, Arrow from any library, files: lists of structs, or a column a year as a CSV must have."""
    by_year = form in ("wide", "csv")
    data = source(form, wide() if by_year else nested(), tmp_path)
    pack = shipped("cm-2016")
    empty = {"identifiant": "B"}
    if by_year:
        # Columns of a year say that the year was worked, its figures unknown.
        empty |= {"exercices": [{"annee": year} for year in YEARS]}  # type: ignore[dict-item]
    expected = [expected_row(pack, record, ASKED) for record in (KNOWN, empty)]
    assert expected == pack.evaluate_table(data, on=ON, answers=ASKED).to_pylist()


@pytest.mark.parametrize("form", [*FORMS, "csv"])
def test_every_source_says_what_is_wrong(form: str, tmp_path: Path) -> None:
    """`secteurs` for `secteur`: columns are refused at once, as a CSV's are (E535); the keys of records, each where it stands (E501)."""
    data = source(form, pa.table({"identifiant": ["A"], "secteurs": ["secteur_1"]}), tmp_path)
    pack = shipped("cm-2016")
    if form in ("records", "json", "jsonl"):
        (row,) = pack.evaluate_table(data, on=ON, answers=ASKED).to_pylist()
        assert [(fault["code"], fault["hint"]) for fault in row["refused"]] == [("E501", "vouliez-vous écrire `secteur` ?")]
        return
    with pytest.raises(CallError) as caught:
        pack.evaluate_table(data, on=ON, answers=ASKED)
    assert [(fault.code, fault.hint) for fault in caught.value.diagnostics] == [("E535", "vouliez-vous écrire `secteur` ?")]


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_a_file_of_another_form_says_so(form: str, tmp_path: Path) -> None:
    """A text under the name of a columnar file cannot be read (E809)."""
    path = tmp_path / f"dossiers.{form}"
    path.write_text("identifiant\nA\n", encoding="utf-8")
    with pytest.raises(CallError) as caught:
        shipped("cm-2016").evaluate_table(path, on=ON, answers=ASKED)
    assert [fault.code for fault in caught.value.diagnostics] == ["E809"]


def test_a_file_is_judged_batch_by_batch(tmp_path: Path) -> None:
    """What is written is what is returned, whatever the size of a batch, and the file's metadata count it."""
    source, target = tmp_path / "in.parquet", tmp_path / "out.parquet"
    names = pa.array([f"R{place}" for place in range(7)])
    table = pa.table({"identifiant": names, "secteur": ["secteur_2", "secteur_1", "9", None, "secteur_2", "secteur_1", "secteur_2"]})
    pq.write_table(table, source)
    pack = shipped("cm-2016")
    counts = pack.write_table(source, target, on=ON, answers=ASKED, batch_size=3)
    assert (counts.records, counts.judged, counts.refused, counts.recomputed) == (7, 6, 1, 0)
    assert pq.read_table(target).to_pylist() == pack.evaluate_table(table, on=ON, answers=ASKED).to_pylist()
    metadata = pq.ParquetFile(target).metadata.metadata
    assert (metadata[b"optam.records"], metadata[b"optam.refused"], metadata[b"optam.on"]) == (b"7", b"1", b"2017-06-08")


def test_one_identifiant_twice_in_a_file_is_seen_across_batches(tmp_path: Path) -> None:
    """Two rows of one identifiant with other content are refused (E517), though they stand in two batches."""
    source = tmp_path / "in.parquet"
    pq.write_table(pa.table({"identifiant": ["A", "B", "A"], "secteur": ["secteur_1", "secteur_1", "secteur_2"]}), source)
    table = shipped("cm-2016").evaluate_table(source, on=ON, answers=ASKED, batch_size=1)
    assert [row and [fault["code"] for fault in row] for row in table["refused"].to_pylist()] == [["E517"], None, ["E517"]]


def test_members_of_a_group_are_judged_together() -> None:
    """The mean of members' rates, 10 % and 30 %, is 20 %: members named by identifiant are found in the table."""
    members = [
        {
            "identifiant": name,
            "specialite": "cardiologie",
            "secteur": "secteur_2",
            "adherent_cas": True,
            "demande_taux_groupe": True,
            "exercices": [{"annee": y, "depassements": str(rate * 1000), "honoraires_remboursables": "1000000"} for y in YEARS],
            "groupe": {"identifiant": "G", "meme_structure": True, "pratique_tarifaire_commune": True, "membres": ["A", "B"]},
        }
        for name, rate in (("A", 100), ("B", 300))
    ]
    table = shipped("cm-2016").evaluate_table(members, on=dt.date(2017, 8, 1), answers=["groupe.taux_commun"])
    assert table["groupe.taux_commun"].to_pylist() == ["0.2", "0.2"]


def test_what_no_column_can_tell_is_recomputed_and_counted() -> None:
    """31 exceptions, each of which holds for one `n`, left to the interpreter, counted with the reason; `s`, which has none, is not."""
    exceptions = [f"  exception e{n} de r si n = {n} vaut {n} * 10" for n in range(31)]
    data = ['entité principale dossier "Dossier"', '  donnée nom : chaîne "Nom"', '  donnée n : entier "N"', 'clause suite "Suite"']
    pack = invented("\n".join([*data, "  règle r : entier vaut -1", *exceptions, "  règle s : entier vaut n", ""]))
    table = pack.evaluate_table([{"nom": "N", "n": 7}, {"nom": "M", "n": 99}, {"nom": "O"}], on=ON, answers=["r", "s"])
    assert table["r"].to_pylist() == [70, -1, None]
    assert table["r__needs"].to_pylist() == [[], [], ["n"]]
    metadata = table.schema.metadata
    assert (metadata[b"optam.recomputed"], list(json.loads(metadata[b"optam.reasons"]))) == (
        b"3",
        ["plus de trente exceptions d'une même règle"],
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (3, "E816"),
        ("absent.parquet", "E809"),
        (pa.table({"secteurs": ["secteur_1"]}), "E535"),
        (pa.table({"adhesion": [{"option": "optam"}], "adhesion.option": ["optam"]}), "E537"),
    ],
)
def test_what_is_no_table_of_records_is_refused(data: Any, code: str) -> None:
    """A call with other data, a file that is not there, a column that nothing declares, a datum given twice."""
    with pytest.raises(CallError) as caught:
        shipped("cm-2016").evaluate_table(data, on=ON)
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == [code]


def test_floats_are_refused_as_everywhere() -> None:
    """A column of floats holds no exact amount: each row says so (E503)."""
    table = pa.table({"identifiant": ["A"], "depassements_2013": [0.1]})
    (faults,) = shipped("cm-2016").evaluate_table(table, on=ON, answers=ASKED)["refused"].to_pylist()
    assert [fault["code"] for fault in faults] == ["E503"]


def test_a_code_expands_to_the_clause_and_to_the_same_steps() -> None:
    """The code of a row names a clause of the pack, and the row judged again shows the steps that `evaluate` shows."""
    pack = shipped("cm-2016")
    table = pack.evaluate_table([{"identifiant": "Z"}, KNOWN], on=ON, answers=ASKED)
    clause = pack.clause(table["taux_engagement__because"][1].as_py())
    assert (clause.definition, clause.exception, clause.article) == ("taux_engagement", None, "41.1")
    (again,) = pack.explain_table([{"identifiant": "Z"}, KNOWN], [1], on=ON, answers=ASKED)
    assert isinstance(again, Judgement)
    assert again == pack.evaluate(KNOWN, on=ON, answers=ASKED)
    (refused,) = pack.explain_table([{"secteur": 1}], [0], on=ON)
    assert isinstance(refused, Refusal)


def test_an_unknown_code_is_refused() -> None:
    """A code of another pack or version names nothing here (E817)."""
    with pytest.raises(CallError) as caught:
        shipped("cm-2016").clause("taux_engagement@1999-01-01")
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["E817"]


def test_texts_of_rates_are_those_of_one_number() -> None:
    """A column of ratios is written as `format_ratio` writes each: whole, finite, negative, tiny, without a finite decimal."""
    numbers = [Fraction(n, d) for n in (0, 1, -1, 7, 23, 1001, -250) for d in (1, 2, 3, 8, 10, 60, 125, 1000, 10**9, 7 * 10**6)]
    texts = ratio_texts(of_numbers(list(numbers)), len(numbers))
    assert [format_ratio(number) for number in numbers] == texts.to_pylist()


@pytest.mark.parametrize("den", [1, 8, 10**6, 10**18])
def test_texts_over_one_denominator_are_those_of_one_number(den: int) -> None:
    """A rule that rounds gives every row one denominator: signs, ends in zeros, whole parts of several digits, both widths of integers."""
    column = within(np.array([0, 1, -1, 10, 999_999, 1_000_000, -2_500_000, 2**33 + 6]), np.array([den]), 2**33 + 6)
    expected = [format_ratio(Fraction(int(num), den)) for num in column.num]
    texts = ratio_texts(column, len(expected))
    assert texts is not None
    assert expected == texts.to_pylist()


def test_a_choice_between_rates_of_two_denominators_keeps_one() -> None:
    """1/4 or 3/10, row by row, is 5/20 or 6/20: one denominator for the column; beyond 64 bits, each row keeps its own."""
    mask = np.array([True, False])
    small = select(mask, constant(Fraction(1, 4)), constant(Fraction(3, 10)))
    assert (small.num.tolist(), small.den.tolist()) == ([5, 6], [20])
    large = select(mask, constant(Fraction(1, 10**18)), constant(Fraction(1, 7 * 10**17 + 1)))
    assert [Fraction(int(n), int(d)) for n, d in zip(large.num, large.den, strict=True)] == [
        Fraction(1, 10**18),
        Fraction(1, 7 * 10**17 + 1),
    ]


RATES = """
entité principale dossier "Dossier"
  donnée nom : chaîne "Nom"
  donnée x : montant entre 0 € et 10_000_000 € "X"
  donnée y : montant entre 0 € et 10_000_000 € "Y"
  donnée promis : taux entre 0 % et 100 % "Promis"
article 1 "Un" en vigueur du 2016-01-01
  règle arrondi : taux vaut x / y arrondi à 0.0001 % (demi supérieur)
  règle borne : taux vaut arrondi plafonné à 12.5 %
  règle choisi : taux
    vaut arrondi - 0.00001 points si x > 5 €
    sinon 33 %
  règle brut : taux vaut x / y
  règle du_dossier : taux vaut promis plafonné à 50 %
"""


def test_decimals_of_a_rate_are_proved_by_the_rules_alone() -> None:
    """Rounded to 0.0001 %: six; capped at 0.125: six; less 0.0000001: seven; a quotient, or what a record says: none suffices."""
    program = compiled(RATES)
    found = {definition.name: decimal_places(program, definition) for definition in program.definitions.values()}
    assert found == {"arrondi": 6, "borne": 6, "choisi": 7, "brut": None, "du_dossier": None}


def test_rates_are_decimals_where_asked_and_proved() -> None:
    """1/3 rounded is 0.333333, capped 0.125, and 0.33 below five euros; 7/8 is 0.875, less 0.0000001; 0/0 is an error, hence null."""
    pack = invented(RATES)
    amounts = {"x": [Decimal("1.00"), Decimal("7.00"), Decimal("0.00")], "y": [Decimal("3.00"), Decimal("8.00"), Decimal("0.00")]}
    table = pa.table({"nom": ["A", "B", "C"], **{name: pa.array(held, pa.decimal128(12, 2)) for name, held in amounts.items()}})
    found = pack.evaluate_table(table, on=ON, answers=["arrondi", "borne", "choisi", "brut"], rates="decimal")
    types = {"arrondi": pa.decimal128(38, 6), "borne": pa.decimal128(38, 6), "choisi": pa.decimal128(38, 7), "brut": pa.string()}
    assert {name: found.schema.field(name).type for name in types} == types
    assert found["arrondi"].to_pylist() == [Decimal("0.333333"), Decimal("0.875"), None]
    assert found["borne"].to_pylist() == [Decimal("0.125"), Decimal("0.125"), None]
    assert found["choisi"].to_pylist() == [Decimal("0.33"), Decimal("0.8749999"), Decimal("0.33")]
    assert found["brut"].to_pylist() == ["1/3", "0.875", None]
    assert found["arrondi__status"].to_pylist() == ["known", "known", "error"]


def test_rates_of_another_form_are_refused() -> None:
    """`double` is no form of an exact rate (E827)."""
    with pytest.raises(CallError) as caught:
        shipped("cm-2016").evaluate_table([KNOWN], on=ON, answers=ASKED, rates="double")
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["E827"]


def test_batches_judged_at_once_come_in_order_with_all_their_counts() -> None:
    """500 records in batches of seventy, one in nine refused (500 / 9: 56 from the first): the rows and counts of one batch."""
    table = pa.table(
        {"identifiant": [f"R{n}" for n in range(500)], "secteur": ["secteur_9" if n % 9 == 0 else "secteur_2" for n in range(500)]}
    )
    pack = shipped("cm-2016")
    found = [pack.evaluate_table(table, on=ON, answers=["eligible_optam"], batch_size=size) for size in (70, 1000)]
    assert found[0].equals(found[1])
    assert found[0].schema.metadata == found[1].schema.metadata
    assert found[0].schema.metadata[b"optam.refused"] == b"56"


def test_texts_of_rates_beyond_64_bits_are_those_of_one_number() -> None:
    """Denominators of 30 digits, with and without a finite decimal; a row that is absent has no text."""
    numbers = [Fraction(1, 7 * 10**30), Fraction(-3, 10**30), Fraction(10**30), Fraction(2, 5)]
    texts = ratio_texts(of_numbers(list(numbers)), 4, np.array([False, False, False, True]))
    assert texts is not None
    assert texts.to_pylist() == [*(format_ratio(number) for number in numbers[:3]), None]


LARGE = """
entité principale dossier "Dossier"
  donnée nom : chaîne "Nom"
  donnée n : entier "N"
  donnée m : montant "M"
article 1 "Un" en vigueur du 2016-01-01
  règle impair : entier vaut n * 2 + 1
  règle total : montant vaut m * n
  règle arrondi : taux vaut m / 1 € arrondi à 0.0001 % (demi supérieur)
"""
NINES = Decimal("9" * 36 + ".99")
# What gives the last value that a column holds, and the first that it does not: 2^63 - 1 and 2^63 + 1; 38 figures of cents; 38 figures, of
# which six are decimals.
EDGES: list[tuple[str, dict[str, Any], dict[str, Any], Any, str]] = [
    ("impair", {"n": 2**62 - 1}, {"n": 2**62}, 2**63 - 1, "9223372036854775809"),
    ("impair", {"n": -(2**62)}, {"n": -(2**62) - 1}, -(2**63) + 1, "-9223372036854775809"),
    ("total", {"m": NINES, "n": 1}, {"m": Decimal(10**35), "n": -10}, NINES, "-1" + "0" * 36 + ".00"),
    ("arrondi", {"m": Decimal("9" * 32)}, {"m": Decimal(10**32)}, Decimal("9" * 32), "1" + "0" * 32),
]


@pytest.mark.parametrize("form", ["columns", "records", "interpreter"])
@pytest.mark.parametrize(("answer", "last", "first", "value", "said"), EDGES, ids=[f"{edge[0]}{edge[4][:2]}" for edge in EDGES])
def test_a_value_that_no_column_holds_refuses_its_row(
    form: str, answer: str, last: dict[str, Any], first: dict[str, Any], value: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last value that fits is exact; the next one leaves its row without answers, with the answer and the value said (E703)."""
    records = [{"nom": "A", **last}, {"nom": "B", **first}, {"nom": "C"}]
    kinds = {"nom": pa.string(), "n": pa.int64(), "m": pa.decimal128(38, 2)}
    columns = pa.table({name: pa.array([row.get(name) for row in records], kinds[name]) for name in ("nom", *last)})
    if form == "interpreter":
        monkeypatch.setattr("optam_rules.interop.tables.most_records", lambda _: 0)
    table = invented(LARGE).evaluate_table(columns if form == "columns" else records, on=ON, answers=[answer], rates="decimal")
    assert table["identifiant"].to_pylist() == ["A", "B", "C"]
    assert table[answer].to_pylist() == [value, None, None]
    assert table[f"{answer}__status"].to_pylist() == ["known", None, "unknown"]
    good, (fault,), unknown = table["refused"].to_pylist()
    assert (good, unknown, fault["code"], fault["path"]) == (None, None, "E703", answer)
    assert f"`{answer}` vaut {said}, " in fault["message"]
    assert (table.schema.metadata[b"optam.refused"], table.schema.metadata[b"optam.recomputed"]) == (
        b"1",
        b"3" if form == "interpreter" else b"0",
    )
