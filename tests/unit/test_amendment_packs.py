"""Amendments in the folder of their pack, or in a pack of their own: both are judged with, on both sides of each date."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import optam_rules
from optam_rules.backends.row import steps
from optam_rules.core.schema import read_record

BASE = """convention "Base" version "1"
entité principale personne "Personne"
donnée nom : chaîne
article 1 "Un" en vigueur du 2015-01-01
règle r : entier vaut 1
test "avant" au 2019-01-01 attendu r = 1
"""
AMENDMENT = """avenant "Avenant A" modifie "Base" publié le 2018-02-01
remplace règle r : entier en vigueur du 2018-01-01 vaut 9
test "au jour d'effet" au 2018-01-01 attendu r = 9
test "la veille" au 2017-12-31 attendu r = 1
test "avant la publication" au 2018-01-01 connu au 2018-01-31 attendu r = 1
"""


def write(folder: Path, name: str, title: str, texts: dict[str, str], more: str = "") -> Path:
    """Write a pack."""
    for file, text in {**texts, "manifest.toml": f'id = "{name}"\ntitle = "{title}"\nversion = "1"\n{more}'}.items():
        (folder / name / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / name / file).write_text(text, encoding="utf-8")
    return folder / name


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    """Return a pack that holds its amendment."""
    base = BASE.replace("2019", "2017")
    return write(tmp_path, "base", "Base", {"texte.conv": base, "avenants/a.conv": AMENDMENT}, "in_force = { from = 2015-01-01 }\n")


@pytest.fixture
def apart(tmp_path: Path) -> Path:
    """Return a pack that holds an amendment to another one."""
    write(tmp_path, "base", "Base", {"texte.conv": BASE}, "in_force = { from = 2015-01-01 }\nverified = 2030-01-01\n")
    return write(tmp_path, "amende", "A", {"texte.conv": AMENDMENT}, 'parent = "base"\n')


def value(pack: optam_rules.Pack, day: str, known_on: str | None = None) -> object:
    """Return the answer `r`."""
    known = dt.date.fromisoformat(known_on) if known_on else None
    return pack.evaluate({"nom": "N"}, on=dt.date.fromisoformat(day), known_on=known).answers["r"].value


@pytest.mark.parametrize("place", ["inside", "apart"])
def test_an_amendment_is_judged_with(place: str, request: pytest.FixtureRequest) -> None:
    """The old text holds until the day before, the new from its day on; the pack's tests pass, those of what is amended are its own."""
    path = request.getfixturevalue(place)
    pack = optam_rules.load(path)
    assert [] == [d.code for d in optam_rules.check(path) if d.severity == "error"]
    assert (1, 9) == (value(pack, "2017-12-31"), value(pack, "2018-01-01"))
    assert [] == [result for result in pack.test() if not result.passed]
    assert (4 if place == "inside" else 3) == len(list(pack.test()))


def test_what_was_not_published_is_left_out(inside: Path) -> None:
    """Known up to the eve of its publication, the amendment is not applied, even on days of effect; the day itself counts."""
    pack = optam_rules.load(inside)
    assert (1, 9) == (value(pack, "2018-06-01", "2018-01-31"), value(pack, "2018-06-01", "2018-02-01"))
    assert 1 == value(optam_rules.load(inside, known_on=dt.date(2018, 1, 31)), "2018-06-01")


def test_the_trace_says_what_publication_changes(inside: Path) -> None:
    """Before publication: what was not known; in full: the amendment, and that it was published after the day judged."""
    pack, january = optam_rules.load(inside), dt.date(2018, 1, 15)
    earlier = pack.evaluate({"nom": "N"}, on=january, known_on=january)
    assert january == earlier.known_on
    (step,) = earlier.answers["r"].outcome.steps
    assert ("« Avenant A », publié le 2018-02-01, n'était pas connu : l'état antérieur vaut",) == step.notes
    (step,) = pack.evaluate({"nom": "N"}, on=january).answers["r"].outcome.steps
    assert ("Avenant A", ("publié le 2018-02-01, après le jour jugé",)) == (step.amendment, step.notes)
    (step,) = pack.evaluate({"nom": "N"}, on=dt.date(2018, 2, 1)).answers["r"].outcome.steps
    assert () == step.notes
    (step,) = pack.evaluate({"nom": "N"}, on=dt.date(2017, 12, 31), known_on=january).answers["r"].outcome.steps
    assert () == step.notes


def test_compiled_steps_say_what_publication_changes(inside: Path) -> None:
    """One version holds on both sides of its publication; what the step remarks changes on that day, compiled or not."""
    program = optam_rules.load(inside).program
    record, _ = read_record(program, {"nom": "N"})
    assert record is not None
    for day, notes in ((15, ("publié le 2018-02-01, après le jour jugé",)), (31, ("publié le 2018-02-01, après le jour jugé",)), (32, ())):
        on = dt.date(2017, 12, 31) + dt.timedelta(days=day)
        found = steps.prepare(program, on, answers=("r",), assume={}, warm=0)(record)
        assert found is not None
        assert notes == found["r"].steps[0].notes


def test_each_state_has_its_digest(inside: Path) -> None:
    """Days on which the same was published read as one text; another text has another digest."""
    pack = optam_rules.load(inside)
    digests = [pack.known(dt.date(2018, month, 1)).digest for month in (1, 2, 3)]
    assert digests[0] != digests[1] == digests[2] == pack.digest
    assert pack.known(dt.date(2016, 1, 1)).digest == digests[0]


def test_a_pack_of_amendments_has_the_days_of_what_it_amends(apart: Path) -> None:
    """What its manifest does not say, its parent's does: here the days in force and the last day verified."""
    program = optam_rules.load(apart).program
    assert (dt.date(2015, 1, 1), dt.date(2030, 1, 1)) == (program.interval.start, program.verified)


def test_an_earlier_state_must_hold_together(tmp_path: Path) -> None:
    """A rule that reads what another amendment, published later, inserts: the check says from which day it could be read."""
    one = 'avenant "Un" modifie "Base" en vigueur du 2018-01-01 publié le 2018-02-01\ninsère règle s : entier vaut 2\n'
    two = 'avenant "Deux" modifie "Base" en vigueur du 2018-01-01 publié le 2018-01-01\nremplace règle r : entier vaut s\n'
    path = write(tmp_path, "base", "Base", {"texte.conv": BASE.replace("2019", "2017"), "a/1.conv": one, "a/2.conv": two})
    errors = [d for d in optam_rules.check(path) if d.severity == "error"]
    assert ["E812"] == [d.code for d in errors]
    assert "2018-01-01" in errors[0].message
    assert errors[0].position is not None
    assert "base/a/2.conv" == errors[0].position.file
    with pytest.raises(optam_rules.PackError):
        optam_rules.load(path).known(dt.date(2018, 1, 15))


def test_known_on_is_a_date(inside: Path) -> None:
    """Anything else is refused."""
    with pytest.raises(optam_rules.CallError):
        optam_rules.load(inside).known("2018-01-01")  # type: ignore[arg-type]
