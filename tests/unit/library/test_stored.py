"""Compiled packs in the user's cache folder: read back, compiled anew where a file is not whole, never read from others' folders."""

from __future__ import annotations

import os
import pickle
import sys
import zlib
from pathlib import Path

import attrs
import pytest

from optam_rules.core.program import Program
from optam_rules.library import stored as module
from optam_rules.library.stored import Compiled, stored
from tests.support.programs import compiled

TOLD = """
entité principale dossier "Dossier"
  donnée n : entier "n"
article 1 "Un" en vigueur du 2017-01-01
  règle r : entier vaut n + 1
test "un de plus" au 2017-06-08 sachant n = 1 attendu r = 2
propriété "plus grand" r > n
"""
TEXT = 'entité principale dossier "Dossier"\n  donnée n : entier "n"\nrègle r : entier vaut n + 1\n'


class Compiler:
    """Counts how often it compiles."""

    def __init__(self, program: Program | None = None) -> None:
        self.count = 0
        self.program = program

    def __call__(self) -> Compiled:
        self.count += 1
        return self.program, ()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    chosen = tmp_path / "cache"
    monkeypatch.setenv("OPTAM_CACHE", str(chosen))
    return chosen


def test_a_program_is_compiled_once_and_read_back(folder: Path) -> None:
    """The second time the file is read: the same definitions, and nothing compiled; another identity is compiled."""
    compiler = Compiler(compiled(TEXT))
    stored("a", compiler)
    found, _ = stored("a", compiler)
    assert (1, 1) == (compiler.count, len(list(folder.iterdir())))
    assert found is not None
    assert compiled(TEXT).definitions == found.definitions
    stored("b", compiler)
    assert 2 == compiler.count


def test_what_no_judgement_reads_comes_back_when_it_is_looked_at(folder: Path) -> None:
    """Articles, tests and properties of a stored program are equal to those compiled, their number told, and go to other processes."""
    program = compiled(TOLD)
    stored("a", Compiler(program))
    found, _ = stored("a", Compiler())
    assert found is not None
    assert (program.articles, program.tests, program.properties) == (found.articles, found.tests, found.properties)
    assert (1, 1, 1) == (len(found.articles), len(found.tests), len(found.properties))
    assert ["un de plus"] == [test.title for test in pickle.loads(pickle.dumps(found.tests))]
    assert found.tests[0:1] == program.tests[0:1]


def test_a_package_in_an_archive_is_told_by_its_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There are no sources to look at there; an archive that changes is another package."""
    archive = tmp_path / "paquet.zip"
    archive.write_bytes(b"un")
    monkeypatch.setattr(module, "__file__", str(archive / "optam_rules" / "library" / "stored.py"))
    first = module._this_package.__wrapped__()
    archive.write_bytes(b"deux")
    assert str(archive) in first
    assert first != module._this_package.__wrapped__()


@pytest.mark.parametrize("data", [b"", b"short", b"x" * 100])
def test_a_file_that_is_not_whole_is_compiled_anew(folder: Path, data: bytes) -> None:
    """Cut short or overwritten, a file is not read; it is written again, whole."""
    compiler = Compiler(compiled(TEXT))
    stored("a", compiler)
    (file,) = folder.iterdir()
    file.write_bytes(data)
    stored("a", compiler)
    stored("a", compiler)
    assert 2 == compiler.count


def _signed(file: Path, data: bytes) -> None:
    """Write a file that is whole: it begins with the digest of its name and content."""
    file.write_bytes(module._digest(file.name, data) + data)


@pytest.mark.parametrize(
    "content",
    [
        7,
        [],
        [b"x", b"", b"", b""],
        [pickle.dumps(7), b"", b"", b""],
        [pickle.dumps((7, ())), b"", b"", b""],
        [pickle.dumps((None, ())), b"", b"", b""],
        [pickle.dumps((compiled(TEXT), 7)), b"", b"", b""],
        [pickle.dumps((compiled(TEXT), ())), b""],
        [pickle.dumps((compiled(TEXT), ())).replace(b"Program", b"Program2"), b"", b"", b""],
        ["", None, (), {}],
    ],
)
def test_a_whole_file_that_holds_something_else_is_compiled_anew(folder: Path, content: object) -> None:
    """Whatever stands in a file, with the right digest: it is compiled once more, and written again."""
    compiler = Compiler(compiled(TEXT))
    stored("a", compiler)
    (file,) = folder.iterdir()
    _signed(file, pickle.dumps(content))
    assert compiler.program is stored("a", compiler)[0]
    found, _ = stored("a", compiler)
    assert (2, compiled(TEXT).definitions) == (compiler.count, found and found.definitions)


def test_a_file_of_another_pack_is_not_read(folder: Path) -> None:
    """Renamed, a file does not have the digest of its name: the pack is compiled, the other one's rules are not taken for its own."""
    compiler, other = Compiler(compiled(TEXT)), Compiler(compiled(TOLD))
    stored("a", compiler)
    (file,) = folder.iterdir()
    stored("b", other)
    (foreign,) = set(folder.iterdir()) - {file}
    os.replace(foreign, file)
    assert compiler.program is stored("a", compiler)[0]


@pytest.mark.parametrize("part", [b"", b"x", zlib.compress(b"x"), zlib.compress(pickle.dumps(7)), 7, None])
def test_a_part_that_cannot_be_read_is_compiled_when_it_is_looked_at(folder: Path, part: object) -> None:
    """The rules are read back; articles, tests and properties, where their part is spoilt, come from compiling the pack."""
    program = compiled(TOLD)
    compiler = Compiler(program)
    stored("a", compiler)
    (file,) = folder.iterdir()
    bare = attrs.evolve(program, articles=(), tests=(), properties=())
    _signed(file, pickle.dumps([pickle.dumps((bare, ())), part, part, part]))
    found, _ = stored("a", compiler)
    assert found is not None
    assert (1, program.definitions) == (compiler.count, found.definitions)
    assert (program.articles, program.tests, program.properties) == (found.articles, found.tests, found.properties)


def test_what_has_errors_is_not_stored(folder: Path) -> None:
    """A pack without a program is compiled each time: its diagnostics are what the caller wants to see change."""
    compiler = Compiler()
    stored("a", compiler)
    stored("a", compiler)
    assert (2, []) == (compiler.count, list(folder.iterdir()))


def test_the_cache_can_be_switched_off(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`OPTAM_CACHE=non`: compiled each time, and no folder made."""
    monkeypatch.setenv("OPTAM_CACHE", "non")
    compiler = Compiler(compiled(TEXT))
    stored("a", compiler)
    stored("a", compiler)
    assert (2, False) == (compiler.count, folder.exists())


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
def test_a_folder_that_others_may_write_to_is_not_used(folder: Path) -> None:
    """A file of such a folder may be anyone's: it is neither read nor written."""
    folder.mkdir()
    folder.chmod(0o777)
    compiler = Compiler(compiled(TEXT))
    stored("a", compiler)
    stored("a", compiler)
    assert (2, []) == (compiler.count, list(folder.iterdir()))


def test_no_more_than_some_files_are_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of five, the two written last are left."""
    monkeypatch.setattr("optam_rules.library.stored._MAX_FILES", 2)
    compiler = Compiler(compiled(TEXT))
    for identity in "abcde":
        stored(identity, compiler)
    assert 2 == len(list(folder.iterdir()))
    stored("e", compiler)
    assert 5 == compiler.count


def test_files_of_others_in_the_folder_are_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable may name a folder that holds documents, some named for their content: old as they are, none is deleted."""
    monkeypatch.setattr("optam_rules.library.stored._MAX_FILES", 1)
    folder.mkdir(mode=0o700)
    others = {folder / name for name in ("lettre.txt", "0" * 64, "sans suffixe")}
    for file in others:
        file.write_text("à garder", encoding="utf-8")
        os.utime(file, (0, 0))
    compiler = Compiler(compiled(TEXT))
    for identity in "ab":
        stored(identity, compiler)
    assert others <= set(folder.iterdir())
    assert len(others) + 1 == len(list(folder.iterdir()))


def test_what_cannot_be_put_in_place_leaves_nothing(folder: Path) -> None:
    """A folder stands where the file should: the pack is compiled each time, and no half-written file stays beside it."""
    compiler = Compiler(compiled(TEXT))
    stored("a", compiler)
    (file,) = folder.iterdir()
    file.unlink()
    file.mkdir()
    stored("a", compiler)
    assert [file] == list(folder.iterdir())
