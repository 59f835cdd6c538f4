"""Wrong calls: each says what is wrong, in French or in English, on standard error, and exits 2."""

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
    ("words", "french", "english"),
    [
        (
            ["evaluer"],
            "optam : commande inconnue `evaluer` ; vouliez-vous écrire `evaluate` ?",
            "optam: unknown command `evaluer`; did you mean `evaluate`?",
        ),
        (
            ["explian"],
            "optam : commande inconnue `explian` ; vouliez-vous écrire `explain` ?",
            "optam: unknown command `explian`; did you mean `explain`?",
        ),
        (
            ["explain", "--formt", "text"],
            "optam explain : option inconnue `--formt` ; vouliez-vous écrire `--format` ?",
            "optam explain: unknown option `--formt`; did you mean `--format`?",
        ),
        (
            ["explain", "--format", "txt"],
            "optam explain : --format : `txt` n'est pas `text`, `markdown` ou `json` ; vouliez-vous écrire `text` ?",
            "optam explain: --format: `txt` is not `text`, `markdown` or `json`; did you mean `text`?",
        ),
        (["explain", "--format"], "optam : l'option `--format` demande une valeur", "optam: the option `--format` requires a value"),
        (["explain", "E601", "E602"], "optam explain : argument en trop : E602", "optam explain: unexpected argument: E602"),
        (["explain", "zut"], "optam explain : code inconnu `zut`", "optam explain: unknown code `zut`"),
        (
            ["check"],
            "optam check : il manque l'argument `PACK|DOSSIER|FICHIER`",
            "optam check: missing argument `PACK|FOLDER|FILE`",
        ),
        (
            ["catalogue", "--on", "08/06/2017"],
            "optam catalogue : --on : date `08/06/2017` mal formée, une date s'écrit 2017-06-08",
            "optam catalogue: --on: malformed date `08/06/2017`, a date is written 2017-06-08",
        ),
        (
            ["catalogue", "--on", "20170608"],
            "optam catalogue : --on : date `20170608` mal formée, une date s'écrit 2017-06-08",
            "optam catalogue: --on: malformed date `20170608`, a date is written 2017-06-08",
        ),
        (
            ["catalogue", "--on", "2017-02-30"],
            "optam catalogue : --on : date `2017-02-30` mal formée, une date s'écrit 2017-06-08",
            "optam catalogue: --on: malformed date `2017-02-30`, a date is written 2017-06-08",
        ),
        (
            ["evaluate", "--pack", "cm-2016"],
            "optam evaluate : il manque l'argument `DOSSIERS`",
            "optam evaluate: missing argument `RECORDS`",
        ),
        (["exercices", "."], "optam exercices : il manque l'option `--on`", "optam exercices: missing option `--on`"),
        (
            ["evaluate", ".", "--pack", "cm-2016"],
            "optam evaluate : DOSSIERS : `.` est un dossier, un fichier est attendu",
            "optam evaluate: RECORDS: `.` is a folder, not a file",
        ),
        (
            ["evaluate", "rien.json"],
            "optam evaluate : DOSSIERS : le fichier `rien.json` n'existe pas",
            "optam evaluate: RECORDS: the file `rien.json` does not exist",
        ),
        (
            ["exercices", "rien.parquet"],
            "optam exercices : ACTES : le fichier `rien.parquet` n'existe pas",
            "optam exercices: ACTS: the file `rien.parquet` does not exist",
        ),
        (
            ["check", "essai", "--texts", "rien"],
            "optam check : --texts : le dossier `rien` n'existe pas",
            "optam check: --texts: the folder `rien` does not exist",
        ),
        (
            ["evaluate", "--assume", "bornes"],
            "optam evaluate : --assume : `bornes` n'a pas la forme NOM=VALEUR",
            "optam evaluate: --assume: `bornes` does not have the form NAME=VALUE",
        ),
        (
            ["evaluate", "--answers", "a,,b"],
            "optam evaluate : --answers : `a,,b` contient un nom vide",
            "optam evaluate: --answers: `a,,b` contains an empty name",
        ),
        (
            ["test", "cm-2016", "--examples", "dix"],
            "optam test : --examples : `dix` n'est pas un nombre entier",
            "optam test: --examples: `dix` is not a whole number",
        ),
        (
            ["evaluate", "--explain=oui"],
            "optam : l'option `--explain` ne prend pas de valeur",
            "optam: the option `--explain` does not take a value",
        ),
        (
            ["law", "cm-2016", "41,1"],
            "optam law : le pack `cm-2016` n'a pas d'article `41,1` ; vouliez-vous écrire `41.1` ?",
            "optam law: the pack `cm-2016` has no article `41,1`; did you mean `41.1`?",
        ),
    ],
)
def test_a_wrong_call_is_told_in_either_language(optam: Optam, words: list[str], french: str, english: str) -> None:
    """The first line says what is wrong, the second where to look; nothing goes to standard output."""
    for ran, line, hint in (
        (optam(*words), french, f"  aide : {french.partition(' : ')[0]} --help"),
        (optam("--messages", "en", *words), english, f"  help: {english.partition(': ')[0]} --help"),
    ):
        assert (2, "", f"{line}\n{hint}\n") == (ran.code, ran.out, ran.err)


def test_a_call_without_command_shows_the_help(optam: Optam) -> None:
    """The help goes to standard error, since the call is wrong."""
    ran = optam()
    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (2, "", "Usage : optam [OPTIONS] COMMANDE [ARGUMENTS]…")


def test_the_commands_are_listed_in_the_order_of_use(optam: Optam) -> None:
    """What is done with records comes first, then what is done to a pack's text; none is missing."""
    listed = optam("--help").out.partition("Commandes:")[2]
    names = [line.split()[0] for line in listed.splitlines() if line.startswith("  ") and not line.startswith("   ")]
    assert names[:6] == ["evaluate", "exercices", "moyennes", "whatif", "check", "test"]
    declared = {file.stem for file in COMMANDS.glob("*.py") if "\n@click.command(" in file.read_text(encoding="utf-8")} - {"main"}
    assert sorted(names) == sorted(declared)


def test_the_version_is_the_packages(optam: Optam) -> None:
    """One version, that of the installed package."""
    assert optam("--version").out == "0.1.0\n"


@pytest.mark.parametrize(
    ("error", "code", "french", "english"),
    [
        (KeyboardInterrupt(), 130, "interrompu\n", "interrupted\n"),
        (click.Abort(), 130, "interrompu\n", "interrupted\n"),
        (
            PermissionError(13, "Permission denied", "secret.json"),
            2,
            "optam : `secret.json` : Permission denied\n",
            "optam: `secret.json`: Permission denied\n",
        ),
        (OSError(28, "No space left on device"), 2, "optam : No space left on device\n", "optam: No space left on device\n"),
    ],
)
def test_what_stops_a_call_is_told_without_a_traceback(
    optam: Optam, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, french: str, english: str
) -> None:
    """An interrupt and a refusal of the system have their exit codes and one line."""

    def fail(on: object) -> None:
        raise error

    monkeypatch.setattr("optam_rules.tools.cli.catalogue.catalogue", fail)
    for ran, line in ((optam("catalogue"), french), (optam("--messages", "en", "catalogue"), english)):
        assert (code, "", line) == (ran.code, ran.out, ran.err)


def test_a_file_that_cannot_be_written_is_told(optam: Optam) -> None:
    """The file, and the reason as the system gives it."""
    call = ("schema", "diff", "--output", "rien/s.json")
    assert "optam : le fichier `rien/s.json` ne s'écrit pas : No such file or directory\n" == optam(*call).err
    assert "optam: the file `rien/s.json` cannot be written: No such file or directory\n" == optam("--messages", "en", *call).err
