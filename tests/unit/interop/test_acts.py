"""From lines of fees to years: figures against an oracle in plain Python, every line told, and single lines against the interpreter."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Mapping
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import optam_rules
from optam_rules.interop.acts.plan import Rules
from tests.support.acts import COLUMNS, FIGURES, KNOWN, ON, Line, as_cents, expected, lines

SETTLED = {"reglement_du_dernier_jour": "compris", "acte_sous_la_base": "base_entiere"}


def table(given: list[Line]) -> pa.Table:
    """Put lines in a table of texts."""
    return pa.Table.from_pylist(given, schema=pa.schema([(name, pa.string()) for name in COLUMNS]))


def typed(given: list[Line]) -> pa.Table:
    """Put lines, none of them unreadable, in a table of dates, decimals and booleans."""
    kinds = {"date": pa.date32(), "tarif": pa.decimal128(9, 2), "honoraires": pa.decimal128(9, 2), "urgence": pa.bool_()}
    schema = pa.schema([(name, kinds.get(name.split("_")[0], pa.string())) for name in COLUMNS])
    read = {
        "date": dt.date.fromisoformat,
        "tarif": Decimal,
        "honoraires": Decimal,
        "urgence": lambda text: text == "oui",
    }
    return pa.Table.from_pylist(
        [{name: read.get(name.split("_")[0], str)(text) if text is not None else None for name, text in line.items()} for line in given],  # type: ignore[operator]
        schema=schema,
    )


def run(data: object, **arguments: Any) -> optam_rules.Exercices:
    """Count lines on the day of the tests, the practitioners being those that the oracle knows."""
    return optam_rules.exercices(data, on=ON, practitioners=KNOWN, **arguments)


def figures(done: optam_rules.Exercices) -> dict[tuple[str, int], dict[str, int | None]]:
    """Return the years as the oracle gives them."""
    assert done.years is not None
    return {(row["identifiant"], row["annee"]): as_cents(row) for row in done.years.to_pylist()}


def reasons(done: optam_rules.Exercices) -> Counter[tuple[str | None, str]]:
    """Return the reasons of each line as the oracle gives them."""
    assert done.set_aside is not None
    return Counter((row["identifiant"], reason) for row in done.set_aside.to_pylist() for reason in row["motifs"].split("|"))


@pytest.mark.parametrize("assume", [SETTLED, {"reglement_du_dernier_jour": "exclu", "acte_sous_la_base": "prix_facture"}, {}], ids=str)
@pytest.mark.parametrize("doubts", ["unknown", "computed"])
def test_figures_and_reasons_are_those_of_the_oracle(assume: Mapping[str, str], doubts: str) -> None:
    """Settled on either side of 31 March, priced on either side of two bases, repeated, faulty: every line as the oracle counts it."""
    given = lines(7, 1500, faulty=0.01 if doubts == "unknown" else 0.2)
    done = run(table(given), assume=assume, doubts=doubts, lump_sums=["FMT"])
    wanted = expected(given, assume=assume, lump_sums=["FMT"], doubts_unknown=doubts == "unknown")
    assert wanted.reasons == reasons(done)
    assert wanted.years == figures(done)
    unknown = [None in found.values() for found in wanted.years.values()]
    met = {reason for _, reason in wanted.reasons}
    assert {"praticien_inconnu", "doublon", "doublon_contradictoire", "montant_negatif:honoraires", "reglement_avant_acte"} <= met
    assert {"acte_a_venir", "reglement_a_venir"} & met
    assert any(unknown) or doubts == "computed"
    assert not all(unknown) or not assume
    assert len(given) == done.report.read == done.report.counted + done.report.set_aside + done.report.by_reading


def test_a_year_without_a_faulty_line_is_known() -> None:
    """Without faults and with every reading chosen nothing is unknown, and the oracle's sums come out."""
    given = lines(3, 400, faulty=0)
    done = run(table(given), assume=SETTLED)
    wanted = expected(given, assume=SETTLED)
    assert wanted.years == figures(done)
    assert wanted.reasons == reasons(done)


def test_text_and_typed_columns_count_alike(tmp_path: Path) -> None:
    """CSV, a Parquet file and a folder of them give the same years and the same account as a table of texts."""
    given = lines(5, 300, faulty=0)
    whole = run(table(given), assume=SETTLED)
    with (tmp_path / "actes.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(given)
    (tmp_path / "parts").mkdir()
    pq.write_table(typed(given), tmp_path / "actes.parquet")
    for part in (0, 1):
        pq.write_table(typed(given[part::2]), tmp_path / "parts" / f"{part}.parquet")
    for source in ("actes.csv", "actes.parquet", "parts"):
        done = run(tmp_path / source, assume=SETTLED)
        assert (figures(whole), whole.report) == (figures(done), done.report), source


@pytest.mark.parametrize("column", ["praticien", "code_acte", "date_acte", "honoraires", "urgence"])
@pytest.mark.parametrize("blank", [" ", "\N{NO-BREAK SPACE}"], ids=["space", "no-break space"])
def test_blanks_at_the_edges_change_no_figure(column: str, blank: str) -> None:
    """One padded cell in a column is enough for all of it to be trimmed; a cell of blanks is a missing one, never a doctor or a code."""
    given = lines(13, 80, faulty=0)
    padded = [line | {column: f"{blank}{line[column]}{blank}"} if n % 7 == 3 else line for n, line in enumerate(given)]
    tidy, done = run(table(given), assume=SETTLED, lump_sums=["FMT"]), run(table(padded), assume=SETTLED, lump_sums=["FMT"])
    assert (figures(tidy), tidy.report) == (figures(done), done.report)
    emptied = run(table([given[0] | {column: blank}, *given[1:]]), assume=SETTLED, lump_sums=["FMT"])
    missing = emptied.report.reasons.get(f"valeur_manquante:{column}", 0)
    assert missing == (column != "urgence")


def line(**cells: str | None) -> Line:
    """Return a line of DR-1 that counts in 2016: 35 € on bases of 23 and 28 €."""
    told = {"tarif_secteur_1": "28", "tarif_propre": "23", "honoraires": "35", "date_acte": "2016-05-02", "date_reglement": "2016-05-09"}
    return {**dict.fromkeys(COLUMNS), "praticien": "DR-1", "code_acte": "CS", **told, **cells}


ADVERSARIAL: list[tuple[Line, str | None]] = [
    (line(identifiant="bon"), None),
    (line(identifiant="deux fois"), None),
    (line(identifiant="deux fois"), "doublon"),
    (line(identifiant="contredit"), "doublon_contradictoire"),
    (line(identifiant="contredit", honoraires="36"), "doublon_contradictoire"),
    (line(identifiant="négatif", honoraires="-35"), "montant_negatif:honoraires"),
    (line(identifiant="moins un centime", tarif_propre="-0.01"), "montant_negatif:tarif_propre"),
    (line(identifiant="trois décimales", honoraires="35.001"), "valeur_illisible:honoraires"),
    (line(identifiant="immense", honoraires="10000000.01"), "valeur_hors_bornes:honoraires"),
    (line(identifiant="sans prix", honoraires=None), "valeur_manquante:honoraires"),
    (line(identifiant="inconnu", praticien="DR-999"), "praticien_inconnu"),
    (line(identifiant="inconnu et négatif", praticien="DR-999", honoraires="-35"), "montant_negatif:honoraires|praticien_inconnu"),
    (line(identifiant="tardif", date_reglement="2017-04-01"), "reglement_tardif"),
    (line(identifiant="le dernier jour", date_reglement="2017-03-31"), None),
    (line(identifiant="tardif et négatif", date_reglement="2017-04-01", honoraires="-35"), "montant_negatif:honoraires|reglement_tardif"),
    (line(identifiant="avant l'acte", date_reglement="2016-05-01"), "reglement_avant_acte"),
    (line(identifiant="demain", date_acte="2018-06-02", date_reglement="2018-06-02"), "acte_a_venir|reglement_a_venir"),
    (line(identifiant="le 30 février", date_acte="2016-02-30"), "valeur_illisible:date_acte"),
    (line(identifiant="forfait", code_acte="ROSP"), "forfait"),
    (line(identifiant="sans base", tarif_propre="0"), "sans_base"),
    (line(identifiant="sans médecin", praticien=None), "valeur_manquante:praticien"),
    (line(identifiant="caché", praticien="DR-\u200b1"), "caractere_invisible:praticien"),
]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_every_anomaly_is_counted_and_kept_apart_with_its_reasons(tmp_path: Path, form: str) -> None:
    """Of the lines written by hand, three count; each other one is in the file of anomalies as it came, with its reasons in words."""
    given = table([each for each, _ in ADVERSARIAL])
    acts, apart = tmp_path / f"actes.{form}", tmp_path / f"ecartees.{form}"
    if form == "csv":
        with acts.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS)
            writer.writeheader()
            writer.writerows(given.to_pylist())
    else:
        pq.write_table(given, acts)
    done = run(acts, assume=SETTLED, lump_sums=["ROSP"], doubts="computed", anomalies=apart)
    with apart.open(encoding="utf-8", newline="") if form == "csv" else nullcontext() as stream:
        kept = list(csv.DictReader(stream)) if stream is not None else pq.read_table(apart).to_pylist()
    wanted = [(each, reason) for each, reason in ADVERSARIAL if reason is not None]
    told = [{name: cell or "" for name, cell in each.items()} | {"motifs": reason} for each, reason in wanted]
    assert sorted(map(repr, told)) == sorted(repr({name: cell or "" for name, cell in row.items()}) for row in kept)
    assert Counter(part for _, reason in wanted for part in reason.split("|")) == done.report.reasons
    assert (22, 3, 19) == (done.report.read, done.report.counted, done.report.set_aside)
    assert 3 == figures(done)["DR-1", 2016]["nombre_actes"]


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u00ad", "\t", "\u2028", "\U000e0041"], ids=ascii)
@pytest.mark.parametrize("column", ["praticien", "code_acte"])
def test_a_character_that_nobody_sees_makes_no_other_name(column: str, unseen: str) -> None:
    """At the start, inside or at the end, the line is set aside with why; so is a no-break space inside. No second doctor appears."""
    name = {"praticien": "DR-1", "code_acte": "CS"}[column]
    hidden = [f"{unseen}{name}", f"{name[0]}{unseen}{name[1:]}", f"{name}{unseen}", f"{name[0]}\u00a0{name[1:]}"]
    given = [line(identifiant=str(place), **{column: cell}) for place, cell in enumerate([name, *hidden])]
    done = run(table(given), assume=SETTLED, lump_sums=["FMT"], doubts="computed")
    assert {f"caractere_invisible:{column}": 4} == done.report.reasons
    assert [("DR-1", 2016)] == list(figures(done))
    assert 1 == figures(done)["DR-1", 2016]["nombre_actes"]
    assert (4 if column == "praticien" else 0) == done.report.unattributed


@pytest.mark.parametrize("faulty", ["-35", "35"], ids=["set aside", "counted"])
def test_one_padded_name_among_many_is_still_the_same_doctor(faulty: str) -> None:
    """The doubt of a faulty line goes to the year of the doctor whose name it pads, whether or not a line that counts has one padded."""
    given = [line(identifiant="1"), line(identifiant="2", praticien="\u2003DR-1 ", honoraires=faulty)]
    done = run(table(given), assume=SETTLED)
    assert {("DR-1", 2016): None if faulty == "-35" else 2} == {key: found["nombre_actes"] for key, found in figures(done).items()}


@pytest.mark.parametrize("assume", [SETTLED, {"reglement_du_dernier_jour": "exclu", "acte_sous_la_base": "prix_facture"}], ids=str)
def test_one_line_adds_what_the_interpreter_says(assume: Mapping[str, str]) -> None:
    """Every figure of a line that is all of a year is the answer of the pack for that line: speed buys no other answer."""
    pack = optam_rules.load("actes")
    rules = Rules(pack.program, ON, assume)
    aside = (*rules.contradictions, *rules.aside)
    given = [line | {"praticien": f"P{n}", "identifiant": f"L{n}"} for n, line in enumerate(lines(11, 60, faulty=0))]
    said: dict[str | None, dict[str, int | None]] = {}
    for line in given:
        record: dict[str, object] = {name: value for name, value in line.items() if value is not None} | {"forfait": False}
        record |= {name: record[name] == "oui" for name in ("urgence", "beneficiaire_css") if name in record}
        judged = pack.evaluate(record, on=ON, assume=assume, answers=[*aside, *FIGURES], trace=False).answers
        if not any(judged[name].value for name in aside):
            said[line["praticien"]] = as_cents({name: judged[name].value for name in FIGURES})
    done = optam_rules.exercices(table(given), on=ON, assume=assume)
    assert 10 < len(said) < len(given)
    assert said == {name: found for (name, _), found in figures(done).items()}


def test_the_closing_day_is_that_of_the_convention() -> None:
    """The last day of settlements that lines are held to is the one of article 44 in cm-2016."""
    for year in range(2017, 2025):
        on = dt.date(year + 1, 6, 1)
        line = optam_rules.load("actes").evaluate({"date_acte": f"{year}-07-01"}, on=on, answers=["dernier_reglement"])
        control = optam_rules.load("cm-2016").evaluate({}, on=on, answers=["reglements_pris_jusqu_au"])
        assert line.answers["dernier_reglement"].value == control.answers["reglements_pris_jusqu_au"].value == dt.date(year + 1, 3, 31)


def test_without_identity_equal_lines_all_count() -> None:
    """Two consultations at one price on one day are two acts: nothing tells them from a line given twice, and the report says so."""
    (line,) = lines(1, 1, faulty=0)
    line |= {"praticien": "DR-1", "tarif_propre": "23", "tarif_secteur_1": "23", "date_acte": "2016-05-02", "date_reglement": "2016-05-09"}
    del line["identifiant"]
    twice = pa.Table.from_pylist([line, line])
    done = run(twice, assume=SETTLED)
    assert (2, ()) == (figures(done)["DR-1", 2016]["nombre_actes"], done.report.key)
    assert "doublons non cherchés : rien n'identifie une ligne" in done.report.sentences()
    keyed = run(twice, assume=SETTLED, key=["praticien", "date_acte"])
    assert (1, {"doublon": 1}) == (figures(keyed)["DR-1", 2016]["nombre_actes"], keyed.report.reasons)


def test_a_row_of_the_wrong_length_is_kept_apart(tmp_path: Path) -> None:
    """A CSV row that cannot be cut into cells is counted among the lines read, with its number."""
    given = table(lines(2, 3, faulty=0)).to_pylist()
    text = "\n".join([",".join(COLUMNS), *(",".join(v or "" for v in line.values()) for line in given), "trop,court"])
    (tmp_path / "actes.csv").write_text(text + "\n", encoding="utf-8")
    done = run(tmp_path / "actes.csv", assume=SETTLED)
    assert (len(given) + 1, 1) == (done.report.read, done.report.reasons["ligne_illisible"])


def test_every_fault_of_the_columns_is_told_at_once() -> None:
    """A float column, one of another type and a missing one: three faults of one call."""
    data = table(lines(2, 3, faulty=0)).drop_columns(["praticien", "honoraires", "tarif_propre"])
    data = data.append_column("honoraires", pa.array([1.5] * len(data))).append_column("tarif_propre", pa.array([True] * len(data)))
    with pytest.raises(optam_rules.CallError) as caught:
        run(data)
    assert ["E502", "E503", "E536"] == sorted(fault.code for fault in caught.value.diagnostics)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"pack": "cm-2016"}, "E818"),
        ({"on": dt.date(2030, 1, 1)}, "E805"),
        ({"assume": {"reglement_du_dernier_jour": "demain"}}, "E807"),
        ({"key": ["numero"]}, "E536"),
        ({"acts": "absent.parquet"}, "E809"),
    ],
)
def test_a_wrong_call_is_refused(arguments: dict[str, Any], code: str) -> None:
    """Another pack, a day past verification, an unknown reading, a key of no column, no such file."""
    call: dict[str, Any] = {"acts": table(lines(2, 3)), "on": ON} | arguments
    with pytest.raises(optam_rules.CallError) as caught:
        optam_rules.exercices(call.pop("acts"), **call)
    assert [code] == [fault.code for fault in caught.value.diagnostics]
