"""Registers judged on Spark: the rows of the embedded tables, groups and faults included, however the records are cut."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

import optam_rules
from optam_rules.spark import evaluate_table, records
from optam_rules.spark.judging import roots

pytestmark = pytest.mark.xdist_group("spark")

ON = dt.date(2017, 6, 8)
YEARS = pa.list_(
    pa.struct(
        [
            ("annee", pa.int64()),
            ("honoraires_remboursables_recalcules", pa.decimal128(12, 2)),
            ("depassements_recalcules", pa.decimal128(12, 2)),
        ]
    )
)
GROUP = pa.struct(
    [
        ("identifiant", pa.string()),
        ("meme_structure", pa.bool_()),
        ("pratique_tarifaire_commune", pa.bool_()),
        ("membres", pa.list_(pa.string())),
    ]
)
SCHEMA = pa.schema(
    [
        ("identifiant", pa.string()),
        ("secteur", pa.string()),
        ("specialite", pa.string()),
        ("demande_taux_groupe", pa.bool_()),
        ("adherent_cas", pa.bool_()),
        ("groupe", GROUP),
        ("exercices", YEARS),
    ]
)


def doctor(number: int) -> dict[str, Any]:
    """Return a doctor: of group `number % 10` where that is under 6, of two to four members whose places are ten apart."""
    kin = number % 10
    members = [f"DR-{other}" for other in range(kin, 40, 10)][: 2 + kin % 3]
    fees, excess = "honoraires_remboursables_recalcules", "depassements_recalcules"
    return {
        "identifiant": f"DR-{number}",
        "secteur": "secteur_2",
        "specialite": "radiologie",
        "demande_taux_groupe": kin < 6,
        "adherent_cas": False,
        "groupe": {"identifiant": f"G-{kin}", "meme_structure": True, "pratique_tarifaire_commune": kin != 3, "membres": members},
        "exercices": [{"annee": year, fees: Decimal(100_000 + number), excess: Decimal(number * 997)} for year in (2013, 2014, 2015)],
    }


def register() -> pa.Table:
    """Draw forty doctors, grouped, alone, unnamed, refused; a group that its first member alone names; an identifiant with two contents."""
    rows = [doctor(number) for number in range(40)]
    for number, row in enumerate(rows):
        if number % 10 >= 6 and number != 7:
            row["groupe"] = None
    rows[25]["identifiant"] = None
    rows[31]["secteur"] = "secteur_9"
    rows[14]["exercices"] = None
    rows += [rows[8] | {"specialite": "cardiologie"}, dict(rows[9])]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def rows(table: pa.Table) -> Sequence[str]:
    """Return the rows, in an order of their own."""
    return sorted(map(repr, table.to_pylist()))


def test_groups_and_faults_are_those_of_the_embedded_table(spark: Any) -> None:
    """Members of a group in several partitions, a member that does not name its group, one identifiant with two contents, refused rows."""
    pack = optam_rules.load("cm-2016")
    table = register()
    asked: Mapping[str, Any] = {
        "on": ON,
        "answers": ["eligible_optam", "taux_engagement", "groupe.taux_commun", "groupe.ouvert_au_taux_commun"],
    }
    wanted = pack.evaluate_table(table, **asked)
    assert {None} < {row["groupe.taux_commun"] for row in wanted.to_pylist()}
    refused = [row["identifiant"] for row in wanted.to_pylist() if row["refused"]]
    assert refused.count("DR-8") == 2
    assert "DR-31" in refused
    found = evaluate_table(spark.createDataFrame(table).repartition(5), pack=pack, **asked)
    assert wanted.column_names == found.columns
    assert rows(wanted) == rows(found.toArrow())


def test_records_that_stand_alone_stay_where_they_are(spark: Any) -> None:
    """Without a group, rows are judged in place, their years joined to them, with the references and enumerations of the embedded table."""
    table = register().drop_columns(["groupe"]).slice(0, 24).append_column("region", pa.array(["bretagne", None, "corse"] * 8))
    asked: Mapping[str, Any] = {
        "on": ON,
        "answers": ["taux_depassement_moyen", "etat_adhesion", "taux_engagement"],
        "references": {"moyennes_regionales": {("radiologie", "bretagne"): "0.1250"}},
    }
    wanted = optam_rules.load("cm-2016").evaluate_table(table, **asked)
    assert "0.125" in wanted.column("taux_depassement_moyen").to_pylist()
    years = [{"identifiant": row["identifiant"]} | year for row in table.to_pylist() for year in row["exercices"] or []]
    alone = spark.createDataFrame(table.drop_columns(["exercices"])).repartition(3)
    joined = records(alone, pack="cm-2016", years=spark.createDataFrame(pa.Table.from_pylist(years)))
    assert rows(wanted) == rows(evaluate_table(joined, pack="cm-2016", **asked).toArrow())


def test_joined_records_are_those_that_were_taken_apart(spark: Any) -> None:
    """A register whose years and groups stand in frames of their own comes out whole; a group without a row is known by its members."""
    whole = [doctor(number) for number in range(20)]
    for number, row in enumerate(whole):
        kin = number % 10
        row["groupe"] = row["groupe"] | {"membres": sorted([f"DR-{kin}", f"DR-{kin + 10}"])} if kin < 6 else None
        if kin == 5:
            row["groupe"] |= {"meme_structure": None, "pratique_tarifaire_commune": None}
    whole[19]["exercices"] = None
    plain = [name for name in SCHEMA.names if name not in ("groupe", "exercices")]
    alone = [{name: row[name] for name in plain} | {"groupe": row["groupe"] and row["groupe"]["identifiant"]} for row in whole]
    years = [{"identifiant": row["identifiant"]} | year for row in whole for year in reversed(row["exercices"] or [])]
    groups = [{name: value for name, value in row["groupe"].items() if name != "membres"} for row in whole[:5]]
    found = records(
        spark.createDataFrame(pa.Table.from_pylist(alone)),
        pack="cm-2016",
        years=spark.createDataFrame(pa.Table.from_pylist(years)).repartition(3),
        groups=spark.createDataFrame(pa.Table.from_pylist(groups)),
    )
    taken = [row.asDict(recursive=True) for row in found.collect()]
    assert whole == [{name: row[name] for name in SCHEMA.names} for row in sorted(taken, key=lambda row: int(row["identifiant"][3:]))]


def test_a_year_of_nobody_stops_the_joining(spark: Any) -> None:
    """A year of a practitioner who is not in the register is told, not dropped."""
    register = spark.createDataFrame([("DR-1",)], "identifiant STRING")
    with pytest.raises(optam_rules.CallError) as caught:
        records(register, pack="cm-2016", years=spark.createDataFrame([("DR-2", 2015)], "identifiant STRING, annee BIGINT"))
    assert ["E539"] == [fault.code for fault in caught.value.diagnostics]


def test_names_borne_together_share_a_root() -> None:
    """Rows (a, b), (c, d), (b, c) join all four; (e, f) stays apart."""
    assert roots([["c", "d"], ["a", "b"], ["e", "f"], ["b", "c"]]) == {"a": "a", "b": "a", "c": "a", "d": "a", "e": "e", "f": "e"}


@pytest.mark.parametrize(
    ("arguments", "code"), [({"answers": ["absente"]}, "E806"), ({"on": dt.date(2030, 1, 1)}, "E805"), ({"data": [{}]}, "E816")]
)
def test_a_wrong_call_is_refused_before_any_work(spark: Any, arguments: dict[str, Any], code: str) -> None:
    """An unknown answer, a day past verification, a list of records."""
    call: dict[str, Any] = {"data": spark.createDataFrame(register()), "on": ON, "pack": "cm-2016"} | arguments
    with pytest.raises(optam_rules.CallError) as caught:
        evaluate_table(call.pop("data"), **call)
    assert [code] == [fault.code for fault in caught.value.diagnostics]


def test_an_unknown_column_is_refused_before_any_work(spark: Any) -> None:
    """A column that nothing declares is told at once, as the embedded table tells it."""
    with pytest.raises(optam_rules.CallError) as caught:
        evaluate_table(spark.createDataFrame(pa.table({"identifant": ["DR-1"]})), on=ON, pack="cm-2016")
    assert ["E535"] == [fault.code for fault in caught.value.diagnostics]
