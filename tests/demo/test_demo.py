"""The main job as `make demo` runs it: what the page says, and what it leaves behind."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from demo import annuaire
from demo.__main__ import main

pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Run the demonstration in an empty folder; return its page and the folder of results."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        printed = _capture(patch)
        assert main() == 0
    return "".join(printed), folder / "demo-output"


def _capture(patch: pytest.MonkeyPatch) -> list[str]:
    printed: list[str] = []
    patch.setattr("builtins.print", lambda *words, **_: printed.append(" ".join(map(str, words)) + "\n"))
    return printed


def _rows(page: str, day: str) -> dict[str, list[str]]:
    table = page.partition(f"Au {day}")[2].partition("\n\n")[2].partition("\n\n")[0]
    return {cells[0]: cells[1:] for cells in (re.split(r" {2,}", line) for line in table.splitlines()[2:])}


def test_the_page_says_who_may_join_at_which_rate(run: tuple[str, Path]) -> None:
    """On 8 June each volunteer has his own rate: the mean of 40, 50 and 25 %, 60 %, 120 % capped at 100 %, 5 %.

    A doctor of sector 1 installed in 2014 may not join; one whose installation is not known may or may not.
    """
    rows = _rows(run[0], "2017-06-08")
    assert {name: cells[2] for name, cells in rows.items()} == {
        "RAD-1": "oui",
        "RAD-2": "oui",
        "RAD-3": "oui",
        "RAD-4": "oui",
        "RAD-5": "non",
        "RAD-6": "inconnu",
        "RAD-7": "oui",
        "RAD-8": "oui",
    }
    assert [cells[5] for cells in rows.values()] == ["≈ 38,33 %", "60 %", "100 %", "5 %", "0 %", "2 %", "inconnu", "inconnu"]


def test_from_july_the_volunteers_share_one_rate(run: tuple[str, Path]) -> None:
    """(38.33 + 60 + 120 + 5) / 4 = 55.83 %: the recalculated rates of the four volunteers alone, before any cap."""
    rows = _rows(run[0], "2017-08-01")
    assert [cells[5] for cells in rows.values()] == [*["≈ 55,83 %"] * 4, "0 %", "2 %", "inconnu", "inconnu"]


@pytest.mark.parametrize(
    "expected",
    [
        "- RAD-6, OPTAM : date_premiere_installation (Date de la première installation en libéral)",
        "- RAD-7, taux recalculé, engagement : exercice 2014 : depassements_recalcules",
        "RAD-1, RAD-2, RAD-3 et RAD-4 signent sur leur",
        "├─ plafonné à 100 % : ramené de 120 % à 100 %",
        "├─ exception taux_de_groupe retenue : sa condition est remplie",
        "   └─ paramètre derogation_installe_avant = 2013-01-01",
    ],
    ids=["missing date", "missing amount", "rate to come", "cap", "exception", "date"],
)
def test_the_page_says_what_is_missing_and_why(run: tuple[str, Path], expected: str) -> None:
    """What would settle it, the cap that bound, the exception taken, the date that decided."""
    assert expected in run[0]


def test_no_line_of_the_page_is_too_long_to_print(run: tuple[str, Path]) -> None:
    """Explanations and paragraphs keep to the page; only tables and commands may be wider."""
    prose = run[0].partition("Un registre")[0]
    assert [line for line in prose.splitlines() if len(line) > 118] == []


def test_the_counts_of_the_register_add_up(run: tuple[str, Path]) -> None:
    """Judged, refused and set aside are the rows of the file."""
    told = re.search(r"Lues : (\d+) lignes = jugées : (\d+) \+ refusées : (\d+) \+ écartées, autres professions : (\d+)", run[0])
    assert told is not None
    read, *parts = map(int, told.groups())
    assert (read, sum(parts)) == (len(list(annuaire.rows())), read)


def test_complete_results_are_left_as_json_and_csv(run: tuple[str, Path]) -> None:
    """One file a date and a format, the same records in both."""
    for name, count in (("groupe-2017-06-08", 8), ("groupe-2017-08-01", 8), ("annuaire-2017-06-08", None)):
        document = json.loads((run[1] / f"{name}.json").read_text(encoding="utf-8"))
        with (run[1] / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert [one["identifiant"] for one in document["records"]] == [row["identifiant"] for row in rows]
        assert count in (None, len(rows))


def test_the_register_is_always_the_same(tmp_path: Path) -> None:
    """A seed gives one file, byte for byte, with the mark of byte order and 24 columns."""
    paths = [tmp_path / "un.csv", tmp_path / "deux.csv"]
    for path in paths:
        annuaire.write(path)
    content = paths[0].read_bytes()
    assert content == paths[1].read_bytes()
    assert (content[:3], content.partition(b"\r\n")[0].count(b";")) == (b"\xef\xbb\xbf", 23)
