"""`optam exercices`: years on stdout or in a file that `optam evaluate` reads, lines set aside in another, the account on stderr."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]
HEADER = "identifiant,praticien,date_acte,code_acte,tarif_secteur_1,tarif_propre,honoraires,date_reglement"
LINES = """1,DR-1,2015-03-02,CS,28,23,35,2015-03-20
2,DR-1,2015-03-03,CS,28,23,23,2015-03-20
3,DR-2,2015-03-03,CS,28,23,35,2016-04-01
"""
SETTLED = ("--assume", "reglement_du_dernier_jour=compris", "--assume", "acte_sous_la_base=base_entiere")


@pytest.fixture
def acts(tmp_path: Path) -> str:
    """Write three lines: two of one doctor, and a late one of another."""
    (tmp_path / "actes.csv").write_text(f"{HEADER}\n{LINES}", encoding="utf-8")
    (tmp_path / "medecins.csv").write_text(
        "identifiant,secteur,adherent_cas,demande_taux_groupe\nDR-1,secteur_2,non,non\nDR-2,secteur_2,non,non\n", encoding="utf-8"
    )
    return "actes.csv"


def test_years_feed_evaluate(optam: Optam, acts: str, tmp_path: Path) -> None:
    """Observed: (12 + 0) / (23 + 23) = 6/23. Recalculated on 28: (7 + 0) / 56 = 1/8, which is the commitment."""
    ran = optam("exercices", acts, "--practitioners", "medecins.csv", "--on", "2018-06-01", *SETTLED, "--output", "exercices.csv")
    assert (1, "") == (ran.code, ran.out)
    assert "lignes lues : 3 = comptées : 2 + écartées : 1" == ran.err.splitlines()[-1]
    with (tmp_path / "exercices.csv").open(encoding="utf-8") as stream:
        (row,) = csv.DictReader(stream)
    assert ("DR-1", "2015", "46.00", "12.00", "23.00") == tuple(row.values())[:5]
    judged = optam(
        *("evaluate", "medecins.csv", "--exercices", "exercices.csv", "--pack", "cm-2016", "--on", "2018-06-01", "--format", "csv"),
        *("--answers", "taux_depassement_constate,taux_engagement"),
    )
    first = next(csv.DictReader(judged.out.splitlines()))
    assert ("6/23", "0.125") == (first["taux_depassement_constate"], first["taux_engagement"])


def test_the_account_is_told_in_english(optam: Optam, acts: str) -> None:
    """The same account: where the rules come from, what was chosen, what was sought, and the lines."""
    ran = optam("--messages", "en", "exercices", acts, "--on", "2018-06-01", "--cle", "identifiant", *SETTLED, "--output", "exercices.csv")
    told = ran.err.splitlines()
    assert told[0].startswith("by actes, version ")
    assert told[0].endswith(", on 2018-06-01")
    assert [] == [
        line
        for line in (
            "reading chosen: acte_sous_la_base = base_entiere",
            "lump sums: no code given",
            "duplicates: lines with the same identifiant",
            "unknown doctors not sought",
            "set aside, reglement_tardif: 1",
            "years: 1, of which 0 left in doubt by a faulty line and 0 to be settled",
            "lines read: 3 = counted: 2 + set aside: 1",
        )
        if line not in told
    ]


def test_lines_set_aside_are_kept_with_their_reasons(optam: Optam, acts: str, tmp_path: Path) -> None:
    """The late line stands in the file of anomalies as it came, with why."""
    optam("exercices", acts, "--on", "2018-06-01", *SETTLED, "--output", "exercices.csv", "--anomalies", "ecartees.csv")
    with (tmp_path / "ecartees.csv").open(encoding="utf-8") as stream:
        (row,) = csv.DictReader(stream)
    assert ("3", "2016-04-01", "reglement_tardif") == (row["identifiant"], row["date_reglement"], row["motifs"])


def test_years_go_to_stdout_and_all_counted_exits_zero(optam: Optam, tmp_path: Path) -> None:
    """Without --output the years are on standard output; nothing set aside exits 0."""
    (tmp_path / "bons.csv").write_text(f"{HEADER}\n{LINES.splitlines()[0]}\n", encoding="utf-8")
    ran = optam("exercices", "bons.csv", "--on", "2018-06-01", *SETTLED)
    assert 0 == ran.code
    assert "DR-1,2015,23.00,12.00,0.00,28.00,7.00,0.00,1,0,0" == ran.out.splitlines()[1]


def test_a_file_that_is_read_is_never_written(optam: Optam, acts: str) -> None:
    """Anomalies over the acts would lose them."""
    ran = optam("exercices", acts, "--on", "2018-06-01", "--anomalies", acts)
    assert 2 == ran.code
    assert "`actes.csv` est un fichier lu : il serait effacé" in ran.err


def test_no_cell_of_a_file_is_a_formula(optam: Optam, tmp_path: Path) -> None:
    """On standard output and among the lines set aside; a negative amount stays a number (OWASP, CSV injection)."""
    (tmp_path / "pieges.csv").write_text(
        f"{HEADER}\n1,=cmd|' /C calc'!A0,2015-03-02,CS,28,23,35,2015-03-20\n2,@SUM(A1),2015-03-03,+CS,28,23,-35,2015-03-20\n",
        encoding="utf-8",
    )
    ran = optam("exercices", "pieges.csv", "--on", "2018-06-01", *SETTLED, "--anomalies", "ecartees.csv")
    names = sorted(next(iter(row.values())) for row in csv.DictReader(ran.out.splitlines()))
    assert ["'=cmd|' /C calc'!A0", "'@SUM(A1)"] == names
    with (tmp_path / "ecartees.csv").open(encoding="utf-8") as aside:
        (line,) = csv.DictReader(aside)
    assert ("'@SUM(A1)", "'+CS", "-35") == (line["praticien"], line["code_acte"], line["honoraires"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--engine", "spark", "--output", "exercices.csv"), "`exercices.csv` : Spark écrit un dossier de Parquet, nommez-le en .parquet"),
        (("--engine", "spark", "--memory-limit", "2GB"), "`--memory-limit` ne vaut que pour DuckDB ; Spark lit `spark.driver.memory`"),
        (("--master", "local[2]"), "`--master` ne vaut que pour `--engine spark`"),
    ],
)
def test_what_an_engine_would_pass_over_is_refused(optam: Optam, acts: str, words: tuple[str, ...], told: str) -> None:
    """An option of the other engine, or a form that it does not write, stops the call before any work."""
    ran = optam("exercices", acts, "--on", "2018-06-01", *words)
    assert 2 == ran.code
    assert told in ran.err
