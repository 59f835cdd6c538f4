"""Wrong calls: each says what is wrong in French, on standard error, and exits 2."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import pytest

from optam_rules.tools.cli import main
from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]
COMMANDS = Path(main.__file__).parent


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["evaluer"], "optam : commande inconnue `evaluer`"),
        (["explian"], "optam : commande inconnue `explian` ; vouliez-vous écrire `explain`"),
        (["explain", "--formt", "text"], "optam explain : option inconnue `--formt` ; vouliez-vous écrire `--format`"),
        (
            ["explain", "--format", "txt"],
            "optam explain : --format : `txt` n'est pas `text`, `markdown` ou `json` ; vouliez-vous écrire `text`",
        ),
        (["explain", "--format"], "optam : l'option `--format` demande une valeur"),
        (["explain", "E601", "E602"], "optam explain : argument en trop : E602"),
        (["explain", "E000"], "optam explain : code inconnu `E000`"),
        (["check"], "optam check : il manque l'argument `PACK|DOSSIER|FICHIER`"),
        (["catalogue", "--on", "08/06/2017"], "optam catalogue : --on : date `08/06/2017` mal formée, une date s'écrit 2017-06-08"),
        (["catalogue", "--on", "20170608"], "optam catalogue : --on : date `20170608` mal formée, une date s'écrit 2017-06-08"),
        (["catalogue", "--on", "2017-02-30"], "optam catalogue : --on : date `2017-02-30` mal formée, une date s'écrit 2017-06-08"),
        (["evaluate", "--pack", "cm-2016"], "optam evaluate : il manque l'argument `DOSSIERS`"),
        (["evaluate", ".", "--pack", "cm-2016"], "optam evaluate : DOSSIERS : `.` est un dossier, un fichier est attendu"),
        (["evaluate", "rien.json"], "optam evaluate : DOSSIERS : le fichier `rien.json` n'existe pas"),
        (["evaluate", "--assume", "bornes"], "optam evaluate : --assume : `bornes` n'a pas la forme NOM=VALEUR"),
        (["evaluate", "--answers", "a,,b"], "optam evaluate : --answers : `a,,b` contient un nom vide"),
        (["test", "cm-2016", "--examples", "dix"], "optam test : --examples : `dix` n'est pas un nombre entier"),
        (["evaluate", "--explain=oui"], "optam : l'option `--explain` ne prend pas de valeur"),
    ],
)
def test_a_wrong_call_is_told_in_french(optam: Optam, words: list[str], expected: str) -> None:
    """The first line says what is wrong, the second where to look; nothing goes to standard output."""
    ran = optam(*words)
    first, hint = ran.err.splitlines()[:2]
    assert (ran.code, ran.out) == (2, "")
    assert first.startswith(expected)
    assert hint == f"  aide : {expected.partition(' : ')[0]} --help"


def test_a_call_without_command_shows_the_help(optam: Optam) -> None:
    """The help goes to standard error, since the call is wrong."""
    ran = optam()
    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (2, "", "Usage : optam [OPTIONS] COMMANDE [ARGUMENTS]…")


@pytest.mark.parametrize("name", ["evaluate", "whatif", "check", "test", "catalogue", "law", "schema", "explain"])
def test_every_command_helps_in_french_with_examples_and_exit_codes(optam: Optam, name: str) -> None:
    """Help is a result: it goes to standard output and exits 0."""
    ran = optam(name, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage : optam {name}")
    assert [word for word in ("Exemples", "Codes de sortie", f"  optam {name} ", "Affiche cette aide.") if word not in ran.out] == []
    assert [word for word in ("Usage:", "Show this", "[required]", "Options:\n\n", "default:") if word in ran.out] == []


def test_the_commands_are_listed_in_the_order_of_use(optam: Optam) -> None:
    """What is done with records comes first, then what is done to a pack's text; none is missing."""
    listed = optam("--help").out.partition("Commandes:")[2]
    names = [line.split()[0] for line in listed.splitlines() if line.startswith("  ") and not line.startswith("   ")]
    assert names[:5] == ["evaluate", "exercices", "whatif", "check", "test"]
    declared = {file.stem for file in COMMANDS.glob("*.py") if "\n@click.command(" in file.read_text(encoding="utf-8")} - {"main"}
    assert sorted(names) == sorted(declared)


def test_the_version_is_the_packages(optam: Optam) -> None:
    """One version, that of the installed package."""
    assert optam("--version").out == "0.1.0\n"


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (KeyboardInterrupt(), 130, "interrompu\n"),
        (click.Abort(), 130, "interrompu\n"),
        (PermissionError(13, "Permission denied", "secret.json"), 2, "optam : `secret.json` : Permission denied\n"),
        (OSError(28, "No space left on device"), 2, "optam : No space left on device\n"),
    ],
)
def test_what_stops_a_call_is_told_without_a_traceback(
    optam: Optam, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, told: str
) -> None:
    """An interrupt and a refusal of the system have their exit codes and one line."""

    def fail(on: object) -> None:
        raise error

    monkeypatch.setattr("optam_rules.tools.cli.catalogue.catalogue", fail)
    ran = optam("catalogue")
    assert (ran.code, ran.out, ran.err) == (code, "", told)
