"""`optam moyennes`: the file of a reference table on stdout or where it is said, the account on stderr, the faults of a call told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]
WORDS = (
    *("moyennes", "exercices.csv", "--practitioners", "medecins.csv", "--pack", "cm-2016", "--referentiel", "moyennes_nationales"),
    *("--taux", "depassements/honoraires_remboursables", "--annees", "2014,2015", "--par", "annees"),
)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Write two years of a doctor, 40 % and 25 %, and one of another of which a figure is missing."""
    (tmp_path / "exercices.csv").write_text(
        "identifiant,annee,honoraires_remboursables,depassements\nA,2014,100.00,40.00\nA,2015,40.00,10.00\nB,2015,40.00,\n",
        encoding="utf-8",
    )
    (tmp_path / "medecins.csv").write_text("identifiant,specialite\nA,radiologie\nB,cardiologie\n", encoding="utf-8")
    return tmp_path


def test_means_are_printed_and_what_is_unknown_is_told(optam: Optam, files: Path) -> None:
    """(40 + 25)/2 = 32.5 %; cardiologie has no mean for want of a figure, and the exit code says that something is left out."""
    ran = optam(*WORDS)
    assert (1, "specialite,valeur\nradiologie,0.325\n") == (ran.code, ran.out)
    assert {"années dont un chiffre est inconnu : 1", "moyennes qu'elles laissent inconnues : 1"} <= set(ran.err.splitlines())
    assert "moyennes : 1, sur 1 médecins et 2 années" == ran.err.splitlines()[-1]


def test_means_of_complete_years_exit_zero_into_a_file(optam: Optam, files: Path) -> None:
    """Over 2014 alone, in English, into a file."""
    ran = optam("--messages", "en", *WORDS, "--annees", "2014", "--output", "moyennes.csv")
    assert (0, "") == (ran.code, ran.out)
    assert "specialite,valeur\nradiologie,0.4\n" == (files / "moyennes.csv").read_text(encoding="utf-8")
    assert "means: 1, over 1 doctors and 1 years" == ran.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--annees", "2014,mille"), "`mille` n'est pas une année"),
        (("--output", "exercices.csv"), "`exercices.csv` est un fichier lu : il serait effacé"),
        (("--arrondi", "0.01"), "`rounding` est `0.01`"),
        (("--taux", "depassements/annee"), "`rate` est `depassements/annee`"),
        (("--referentiel", "moyennes_national"), "vouliez-vous écrire `moyennes_nationales` ?"),
    ],
)
def test_a_wrong_call_is_told(optam: Optam, files: Path, words: tuple[str, ...], told: str) -> None:
    """A word that is no year, a file that is read, a step without a mode, a rate of two kinds, a table of another name."""
    ran = optam(*WORDS, *words)
    assert 2 == ran.code
    assert told in ran.err
