"""The consolidated text of a day is printed as one, and loads again with the meaning of that day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest

import optam_rules
from optam_rules._resources import shipped
from optam_rules.core.program import Program

MANIFEST = 'id = "base"\ntitle = "Base"\nversion = "1"\nin_force = { from = 2015-01-01 }\n'
BASE = """convention "Base" version "1"
entité principale personne "Personne"
  donnée nom : chaîne
  donnée volontaire : booléen
article 1 "Un" en vigueur du 2015-01-01
  texte « Le premier. »
  paramètre p : taux "Le taux = p" = 1 % depuis 2015-01-01 ; 2 % depuis 2017-01-01 ; 8 % depuis 2020-01-01
  règle r : taux vaut p + plus_tard
  règle rappel : taux vaut p au 2016-01-01
  exception x de r si volontaire vaut 9 %
  table t : entier selon volontaire | vrai -> 1 # oui
    | faux -> 2
article 2 "Deux" en vigueur du 2019-01-01
  règle plus_tard : points vaut 0 points
"""
FIRST = """avenant "Premier" modifie "Base" en vigueur du 2018-01-01 publié le 2018-03-01
remplace paramètre p : taux = 3 % depuis 2018-01-01 ; 4 % depuis 2018-06-01
insère neutralise x si nom = "N"
complète article 1
  règle s de personne : taux partielle vaut r si volontaire
"""
SECOND = """language en
amendment "Second" amends "Base" in force from 2018-09-01
replaces exception x of r if volontaire is 7 %
inserts article 3 "Three"
  rule third : rate is r capped at 5 %
repeals table t from 2018-10-01
"""
DAYS = ["2016-05-01", "2018-01-01", "2018-07-01", "2018-09-01", "2018-12-31", "2020-01-01"]


def meaning(program: Program, day: dt.date) -> Mapping[object, object]:
    """Return what a program says on a day: bodies and where they come from, exceptions, neutralisations, parameters, words."""
    found: dict[object, object] = {
        key: (
            (version.body, version.provenance),
            {c.name: (c.parent, c.condition, c.body, c.overrides, c.provenance) for c in definition.exceptions if day in c.interval},
            sorted((cut.target, repr(cut.condition)) for cut in definition.undercuts if day in cut.interval),
        )
        for key, definition in program.definitions.items()
        if (version := definition.version_at(day)) is not None
    }
    found["parameters"] = {name: parameter.at(day) for name, parameter in program.parameters.items()}
    found["articles"] = {unit.number: (unit.title, unit.text, unit.provenance) for unit in program.articles if day in unit.interval}
    found["vocabulary"] = (program.entities, program.enumerations, program.references, program.hypotheses)
    return found


def reloaded(text: str, manifest: str, folder: Path) -> Program:
    """Load a text as the only file of a pack."""
    (folder / "pack").mkdir(parents=True)
    (folder / "pack" / "manifest.toml").write_text(manifest, encoding="utf-8")
    (folder / "pack" / "texte.conv").write_text(text, encoding="utf-8")
    return optam_rules.load(folder / "pack").program


@pytest.fixture
def base(tmp_path: Path) -> optam_rules.Pack:
    """Return a pack with two amendments, one of them in the other lexicon."""
    folder = tmp_path / "base"
    folder.mkdir()
    for name, text in (("manifest.toml", MANIFEST), ("texte.conv", BASE), ("un.conv", FIRST), ("deux.en.conv", SECOND)):
        (folder / name).write_text(text, encoding="utf-8")
    return optam_rules.load(folder)


@pytest.mark.parametrize("day", DAYS)
def test_the_text_of_a_day_has_the_meaning_of_that_day(base: optam_rules.Pack, day: str, tmp_path: Path) -> None:
    """Printed and loaded again, the text says on its day what the pack does, read on other days included."""
    on = dt.date.fromisoformat(day)
    again = reloaded(base.consolidated(on=on), MANIFEST, tmp_path)
    assert meaning(base.program, on) == meaning(again, on)
    assert [value.value for value in base.program.parameters["p"].values] == [value.value for value in again.parameters["p"].values]


def test_the_text_tells_which_amendment_wrote_a_clause(base: optam_rules.Pack) -> None:
    """Under a comment that names the amendment, in the lexicon of the convention; what gave way and tests are not there."""
    text = base.consolidated(on=dt.date(2018, 10, 1))
    assert "# avenant « Second »\n  exception x de r\n" in text.replace(" en vigueur du 2018-09-01", "\n")
    assert "# avenant « Premier », publié le 2018-03-01" in text
    assert '# avenant « Second »\narticle 3 "Three" en vigueur du 2018-09-01\n' in text
    assert "plafonné à 5 %" in text
    assert "vaut 9 %" not in text
    assert "table t" not in text


def test_the_text_as_it_was_known(base: optam_rules.Pack, tmp_path: Path) -> None:
    """On a day before its publication the first amendment is not in the text."""
    known = base.known(dt.date(2018, 2, 1))
    on = dt.date(2018, 7, 1)
    text = known.consolidated(on=on)
    assert "Premier" not in text
    assert meaning(known.program, on) == meaning(reloaded(text, MANIFEST, tmp_path), on)


@pytest.mark.parametrize(
    ("name", "day"), [("cm-2016", "2017-06-08"), ("cm-2016", "2019-06-01"), ("cm-2024", "2025-06-01"), ("patients", "2026-01-01")]
)
def test_shipped_packs_print_as_one_text(name: str, day: str, tmp_path: Path) -> None:
    """The text of each is loaded again in its place."""
    on = dt.date.fromisoformat(day)
    pack = optam_rules.load(name)
    manifest = (shipped("conventions") / name / "manifest.toml").read_text(encoding="utf-8")
    assert meaning(pack.program, on) == meaning(reloaded(pack.consolidated(on=on), manifest, tmp_path), on)


def test_a_text_is_that_of_one_convention(tmp_path: Path, base: optam_rules.Pack) -> None:
    """A pack that amends two conventions has no text of its own; a pack that amends one has that one's."""
    folder = tmp_path / "autre"
    folder.mkdir()
    (folder / "manifest.toml").write_text('id = "autre"\ntitle = "Autre"\nversion = "1"\nparent = "base"\n', encoding="utf-8")
    (folder / "a.conv").write_text('avenant "A" modifie "Base"\nabroge exception x à compter du 2019-01-01\n', encoding="utf-8")
    assert "exception x" not in optam_rules.load(folder).consolidated(on=dt.date(2019, 1, 1))
    assert "exception x" in optam_rules.load(folder).consolidated(on=dt.date(2018, 12, 31))
    (folder / "b.conv").write_text('convention "Autre" version "1"\narticle 9 "Autre"\n', encoding="utf-8")
    with pytest.raises(optam_rules.CallError) as refused:
        optam_rules.load(folder).consolidated(on=dt.date(2019, 1, 1))
    assert ["E813"] == [d.code for d in refused.value.diagnostics]
