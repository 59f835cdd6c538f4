"""`optam evaluate` by columns: Parquet and Arrow in and out, every row kept, counts told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest

from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]

CALL = ("--pack", "cm-2016", "--on", "2017-06-08", "--answers", "eligible_optam")
SECTORS = {"identifiant": ["A", "B", "C"], "secteur": ["secteur_1", "secteur_9", "secteur_2"]}


def read(path: Path) -> tuple[pa.Table, dict[bytes, bytes]]:
    """Read a file of answers, and what its metadata say."""
    if path.suffix == ".parquet":
        return pq.read_table(path), pq.ParquetFile(path).metadata.metadata
    with pa.ipc.open_file(path) as file:
        return file.read_all(), file.schema.metadata


@pytest.mark.parametrize("source", ["dossiers.parquet", "dossiers.arrow", "dossiers.json"])
@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_a_refused_row_stays_with_its_faults_and_the_counts_are_told(optam: Optam, tmp_path: Path, source: str, form: str) -> None:
    """Three records, one in an unknown sector: exit 1, three rows in order, two judged, and the same table from each format."""
    table = pa.table(SECTORS)
    if source.endswith(".parquet"):
        pq.write_table(table, tmp_path / source)
    elif source.endswith(".arrow"):
        with pa.ipc.new_file(tmp_path / source, table.schema) as writer:
            writer.write_table(table)
    else:
        (tmp_path / source).write_text(json.dumps(table.to_pylist()), encoding="utf-8")
    ran = optam("evaluate", source, *CALL, "--format", form, "--output", f"sortie.{form}")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines() == [
        "les dossiers refusés gardent leur ligne : leurs fautes sont dans la colonne `refused`",
        "lus : 3 = jugés : 2 + refusés : 1 + écartés : 0",
    ]
    found, metadata = read(tmp_path / f"sortie.{form}")
    assert found["identifiant"].to_pylist() == ["A", "B", "C"]
    assert [status is None for status in found["eligible_optam__status"].to_pylist()] == [False, True, False]
    assert found["refused"].to_pylist()[1][0]["message"] == "`secteur_9` n'est pas une valeur de `secteur`"
    assert found["refused"].to_pylist()[0::2] == [None, None]
    assert metadata[b"optam.pack"] == b"cm-2016"


ROWS = [
    {"identifiant": "=1+1", "secteur": "secteur_2", "adherent_cas": True},
    {"identifiant": "B", "secteur": "secteur_9"},
    {"identifiant": "C", "secteur": "secteur_1", "adhesion.date_adhesion": "2017-01-02"},
]


@pytest.mark.parametrize("form", ["csv", "jsonl", "json", "text", "markdown", "fhir", "parquet"])
@pytest.mark.parametrize("source", ["dossiers.parquet", "dossiers.arrow"])
@pytest.mark.parametrize("when", [("--on", "2017-06-08"), ("--on-field", "adhesion.date_adhesion")], ids=["on", "field"])
def test_a_file_of_columns_gives_every_format_as_lines_do(
    optam: Optam, tmp_path: Path, source: str, form: str, when: tuple[str, str]
) -> None:
    """The same records as JSON Lines and as columns: the same output, the same notes, the same exit code, whatever the format."""
    names = ["identifiant", "secteur", "adherent_cas", "adhesion.date_adhesion"]
    table = pa.Table.from_pylist([{name: row.get(name) for name in names} for row in ROWS])
    if source.endswith(".parquet"):
        pq.write_table(table, tmp_path / source)
    else:
        with pa.ipc.new_file(tmp_path / source, table.schema) as writer:
            writer.write_table(table)
    lines = [{name: value for name, value in row.items() if "." not in name} for row in ROWS]
    lines[2]["adhesion"] = {"date_adhesion": "2017-01-02"}
    (tmp_path / "dossiers.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    if when[0] == "--on" and form == "parquet":  # one table, that of the tests above
        return
    call = ("--pack", "cm-2016", *when, "--answers", "eligible_optam,date_effet_resiliation", "--format", form)
    found, expected = (optam("evaluate", name, *call, "--output", f"{name}.out") for name in (source, "dossiers.jsonl"))
    assert found == expected
    assert (tmp_path / f"{source}.out").read_bytes() == (tmp_path / "dossiers.jsonl.out").read_bytes()


def test_codes_name_branches_where_asked(optam: Optam, tmp_path: Path) -> None:
    """The branch of `prime` is named where it is asked, and the clause alone where it is not."""
    pq.write_table(pa.table({"identifiant": ["A"], "secteur": ["secteur_2"]}), tmp_path / "p.parquet")
    words = ("--pack", "cm-2016", "--on", "2017-06-08", "--answers", "prime", "--format", "parquet", "--output", "r")
    codes = []
    for asked in ((), ("--because", "branch")):
        assert optam("evaluate", "p.parquet", *words, *asked).code == 0
        codes += pq.read_table(tmp_path / "r")["prime__because"].to_pylist()
    assert codes[0] == codes[1].partition("#")[0]
    assert codes[1].partition("#")[2].isdigit()


def test_no_cell_of_a_csv_is_a_formula(optam: Optam, tmp_path: Path) -> None:
    """An identifiant that a spreadsheet would compute is made inert; the refused record is told beside, not in the file."""
    pq.write_table(pa.Table.from_pylist([{name: row[name] for name in ("identifiant", "secteur")} for row in ROWS]), tmp_path / "a.parquet")
    ran = optam("evaluate", "a.parquet", *CALL, "--format", "csv")
    assert [line.split(",")[:3] for line in ran.out.splitlines()] == [
        ["identifiant", "eligible_optam", "eligible_optam__status"],
        ["'=1+1", "true", "known"],
        ["C", "", "unknown"],
    ]
    assert ran.code == 1
    assert "refusé : dossier 2 (B)" in ran.err
    assert ran.err.splitlines()[-1] == "lus : 3 = jugés : 2 + refusés : 1 + écartés : 0"


def test_what_goes_with_texts_is_refused_before_columns_are_read(optam: Optam, tmp_path: Path) -> None:
    """The form of a text file says nothing of a Parquet one: nothing is read or written."""
    pq.write_table(pa.table(SECTORS), tmp_path / "dossiers.parquet")
    ran = optam("evaluate", "dossiers.parquet", *CALL, "--input-format", "csv", "--format", "parquet", "--output", "sortie")
    assert ran.code == 2
    assert "--input-format" in ran.err
    assert not (tmp_path / "sortie").exists()


def test_a_file_that_is_not_parquet_says_so(optam: Optam, tmp_path: Path) -> None:
    """E809, with the reason that the reader gives."""
    (tmp_path / "dossiers.parquet").write_text("identifiant\nA\n", encoding="utf-8")
    ran = optam("evaluate", "dossiers.parquet", *CALL, "--format", "parquet", "--output", "sortie.parquet")
    assert ran.code == 2
    assert "E809" in ran.err


def test_a_value_that_no_column_holds_refuses_its_record_alone(optam: Optam, tmp_path: Path) -> None:
    """10^10 squared is 10^20, beyond 2^63: judged each on its own date, the second of three is refused (E703), the others are written."""
    pack = tmp_path / "essai"
    pack.mkdir()
    (pack / "manifest.toml").write_text('id = "essai"\ntitle = "Essai"\nversion = "1"\n', encoding="utf-8")
    data = "entité principale dossier\n  donnée nom : chaîne\n  donnée depuis_le : date\n  donnée n : entier\n"
    rules = f'convention "Essai" version "1"\n{data}article 1 "Un"\n  règle carre : entier vaut n * n\n'
    (pack / "essai.conv").write_text(rules, encoding="utf-8")
    records = [{"nom": name, "depuis_le": "2018-01-01", "n": n} for name, n in (("A", 10), ("B", 10**10), ("C", -3))]
    (tmp_path / "dossiers.json").write_text(json.dumps(records), encoding="utf-8")
    ran = optam("evaluate", "dossiers.json", "--pack", "./essai", "--on-field", "depuis_le", "--format", "parquet", "--output", "a.parquet")
    assert ran.code == 1
    assert "refusé : dossier 2" in ran.err
    assert "carre: erreur E703: la réponse `carre` vaut 100000000000000000000, que sa colonne (`int64`) ne tient pas" in ran.err
    assert ran.err.splitlines()[-1] == "lus : 3 = jugés : 2 + refusés : 1 + écartés : 0"
    assert pq.read_table(tmp_path / "a.parquet")["carre"].to_pylist() == [100, 9]


YEARS = [
    {"identifiant": name, "annee": year, "depassements": "10.00", "honoraires_remboursables": "100.00"}
    for name in ("A", "B", "X")
    for year in (2013, 2014, 2015)
]


@pytest.mark.parametrize("named", [("--table", "exercices=annees.parquet"), ("--exercices", "annees.parquet")])
@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_table_of_years_goes_with_a_file_of_columns(optam: Optam, tmp_path: Path, named: tuple[str, ...], form: str) -> None:
    """Two practitioners, 10 % of excess in each of three years; the three rows of X, who is nobody, are told and counted: exit 1."""
    known = {"secteur": "secteur_2", "adherent_cas": True, "demande_taux_groupe": False}
    pq.write_table(pa.Table.from_pylist([{"identifiant": name, **known} for name in "AB"]), tmp_path / "p.parquet")
    pq.write_table(pa.Table.from_pylist(YEARS), tmp_path / "annees.parquet")
    words = ("--pack", "cm-2016", "--on", "2017-06-08", "--answers", "taux_engagement", "--format", form, "--output", "r")
    ran = optam("evaluate", "p.parquet", *named, *words)
    assert ran.code == 1
    assert ran.err.splitlines()[-1] == "lus : 3 = jugés : 2 + refusés : 1 + écartés : 0"
    if form == "csv":
        rows = [line.split(",")[:2] for line in (tmp_path / "r").read_text(encoding="utf-8").splitlines()]
        assert rows == [["identifiant", "taux_engagement"], ["A", "0.1"], ["B", "0.1"]]
        assert ran.err.count("annees.parquet[") == 3
    else:
        assert "lignes jointes sans dossier : 3" in ran.err.splitlines()
        found = pq.read_table(tmp_path / "r")
        assert found["taux_engagement"].to_pylist() == ["0.1", "0.1", None]
        assert [fault["code"] for fault in found["refused"].to_pylist()[2]] == ["E539"] * 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--table", "exercices=absent.parquet"), "E809"),
        (("--table", "exercices=a.parquet", "--exercices", "b.parquet"), "E826"),
        (("--table", "secteur=a.parquet"), "E543"),
        (("--table", "exercices=b.parquet", "--output", "b.parquet"), "il serait effacé"),
    ],
)
def test_tables_that_do_not_go_with_records_are_told(optam: Optam, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """A table that is not there, two for one name, one for what is no list, one that the answers would replace: a wrong call."""
    for name in "pab":
        pq.write_table(pa.table(SECTORS), tmp_path / f"{name}.parquet")
    ran = optam("evaluate", "p.parquet", *CALL, "--format", "parquet", *(() if "--output" in words else ("--output", "r")), *words)
    assert ran.code == 2
    assert said in ran.err


def test_a_table_of_years_in_lines_goes_with_lines(optam: Optam, tmp_path: Path) -> None:
    """`--table` names the companion of a CSV file too."""
    (tmp_path / "p.csv").write_text("identifiant,secteur,adherent_cas,demande_taux_groupe\nA,secteur_2,oui,non\n", encoding="utf-8")
    lines = [",".join(map(str, row.values())) for row in YEARS if row["identifiant"] == "A"]
    (tmp_path / "annees.csv").write_text("\n".join([",".join(YEARS[0]), *lines, ""]), encoding="utf-8")
    words = ("--pack", "cm-2016", "--on", "2017-06-08", "--answers", "taux_engagement", "--format", "csv")
    ran = optam("evaluate", "p.csv", "--table", "exercices=annees.csv", *words)
    assert (ran.code, ran.out.splitlines()[1].split(",")[:3]) == (0, ["A", "0.1", "known"])
