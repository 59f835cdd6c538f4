"""`optam fmt`, and `format_text` behind it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

import optam_rules
from optam_rules.syntax import print as printer
from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]

ROUGH = 'convention "E" version "1"\nregle r:taux\nvaut 1%\n'
NEAT = 'convention "E" version "1"\nrègle r : taux\n  vaut 1 %\n'
ENGLISH = 'langue en\n\nconvention "E" version "1"\nrule r : rate\n  is 1 %\n'
BROKEN = 'convention "E" version "1"\nrègle r : taux vaut\n'


def write(path: str, text: str) -> Path:
    """Write a file of the working folder."""
    file = Path(path)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode())
    return file


def test_a_folder_is_put_in_form(optam: Optam) -> None:
    """Files below it are written again where they change; a second call changes none."""
    Path("pack").mkdir()
    rough, neat = write("pack/tests/a.conv", ROUGH), write("pack/b.conv", NEAT)
    ran = optam("fmt", "pack")
    assert (ran.code, ran.out, ran.err) == (0, "", "1 fichier mis en forme, 1 déjà en forme\n")
    assert [NEAT, NEAT] == [rough.read_text(encoding="utf-8"), neat.read_text(encoding="utf-8")]
    assert optam("fmt", "pack").err == "0 fichier mis en forme, 2 déjà en forme\n"


def test_counts_are_told_in_english(optam: Optam) -> None:
    """`--messages en` tells the counts as it tells the faults."""
    write("a.conv", ROUGH)
    write("b.conv", BROKEN)
    assert optam("--messages", "en", "fmt", "--check", "a.conv").err == "1 file to format, 0 in form already\n"
    assert optam("--messages", "en", "fmt", "a.conv", "b.conv").err.endswith("1 file formatted, 0 in form already, 1 file to mend first\n")


def test_check_names_files_and_writes_nothing(optam: Optam) -> None:
    """Exit 1 and the names of the files that would change; 0 where none would."""
    rough = write("a.conv", ROUGH)
    ran = optam("fmt", "--check", "a.conv")
    assert (ran.code, ran.out, ran.err) == (1, "a.conv\n", "1 fichier à mettre en forme, 0 déjà en forme\n")
    assert ROUGH == rough.read_text(encoding="utf-8")
    write("a.conv", NEAT)
    assert optam("fmt", "--check", "a.conv").code == 0


def test_line_ends_and_byte_order_marks_count_as_changes(optam: Optam) -> None:
    """A file of another system is written with line feeds and without a mark."""
    file = write("a.conv", "\ufeff" + NEAT.replace("\n", "\r\n"))
    assert optam("fmt", "--check", "a.conv").code == 1
    optam("fmt", "a.conv")
    assert NEAT.encode() == file.read_bytes()


def test_a_translation_goes_to_standard_output(optam: Optam) -> None:
    """`--stdout` leaves the file alone."""
    file = write("a.conv", ROUGH)
    assert optam("fmt", "a.conv", "--lang", "en", "--stdout").out == ENGLISH
    assert ROUGH == file.read_text(encoding="utf-8")


def test_standard_input_gives_standard_output(optam: Optam, monkeypatch: pytest.MonkeyPatch) -> None:
    """`optam fmt -`."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ROUGH.encode())))
    assert optam("fmt", "-").out == NEAT


def test_a_file_with_errors_is_left_and_told_the_others_written(optam: Optam) -> None:
    """Exit 2, the diagnostic on standard error; the broken file stays as it was."""
    broken, rough = write("a.conv", BROKEN), write("b.conv", ROUGH)
    ran = optam("fmt", "a.conv", "b.conv")
    assert ran.code == 2
    assert ran.err.startswith("a.conv:2:20: erreur E111")
    assert ran.err.endswith("1 fichier mis en forme, 0 déjà en forme, 1 fichier à corriger d'abord\n")
    assert (BROKEN, NEAT) == (broken.read_text(encoding="utf-8"), rough.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["absent.conv"], "le fichier `absent.conv` n'existe pas"),
        (["vide"], "le dossier `vide` ne contient aucun fichier `.conv`"),
        (["a.conv", "--lang", "de"], "`de` n'est pas `fr` ou `en`"),
    ],
)
def test_wrong_calls(optam: Optam, words: list[str], said: str) -> None:
    """Exit 2 and a sentence."""
    Path("vide").mkdir()
    ran = optam("fmt", *words)
    assert (ran.code, said in ran.err) == (2, True)


def test_the_api_says_the_same() -> None:
    """`format_text` returns the text; another language is a wrong call, an error of form a PackError."""
    assert optam_rules.format_text(ROUGH) == NEAT
    assert optam_rules.format_text(ROUGH, language="en") == ENGLISH
    with pytest.raises(optam_rules.CallError, match="E830"):
        optam_rules.format_text(ROUGH, language="de")
    with pytest.raises(optam_rules.PackError, match="E111"):
        optam_rules.format_text(BROKEN)


def test_a_text_that_would_read_back_otherwise_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the formatter to lose something, it would say so instead of writing."""
    monkeypatch.setattr(printer, "_THOUSANDS", printer.re.compile("1"))
    with pytest.raises(optam_rules.PackError, match="E901"):
        optam_rules.format_text(ROUGH)
