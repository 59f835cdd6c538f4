"""Packs that declare a main entity of their own, one on top of the other."""

from __future__ import annotations

from pathlib import Path

import pytest

import optam_rules
from optam_rules import Pack, PackError

PACKS = {
    "racine": ("", 'entité principale medecin "Médecin"\n  donnée identifiant : chaîne "Nom"\n  donnée zele : booléen "Zèle"\n'),
    "contrats": (
        "racine",
        'entité principale contrat "Contrat"\n  donnée identifiant : chaîne "Nom"\n  donnée large : booléen "Large"\n'
        "règle genereux : booléen vaut large\nrègle assidu de medecin : booléen vaut zele\n"
        'test "un contrat large" au 2020-01-01 sachant large = vrai attendu genereux = vrai\n'
        'propriété "zèle" de medecin assidu implique zele\n',
    ),
    "actes": (
        "contrats",
        'entité principale acte "Acte"\n  donnée identifiant : chaîne "Nom"\n  donnée contrat_lu : contrat "Contrat"\n'
        "règle couvert : booléen vaut contrat_lu.genereux\n"
        'test "un acte couvert" au 2020-01-01 sachant contrat_lu = contrat(large = vrai) attendu couvert = vrai\n',
    ),
}


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """Write three packs, each the parent of the next."""
    for name, (parent, text) in PACKS.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "textes.conv").write_text(f'convention "{name}" version "1"\n{text}', encoding="utf-8")
        more = f'parent = "{parent}"\n' if parent else ""
        manifest = f'id = "{name}"\ntitle = "{name}"\nversion = "1"\n{more}sources = []\n'
        (tmp_path / name / "manifest.toml").write_text(manifest, encoding="utf-8")
    return tmp_path


def titles(pack: Pack) -> list[str]:
    """Return the titles of a pack's tests, all of which must pass."""
    assert [] == [result.test.title for result in pack.test() if not result.passed]
    return [test.title for test in pack.program.tests]


def test_the_nearest_main_entity_is_what_a_record_describes(packs: Path) -> None:
    """A pack's own main entity replaces its parent's, which replaced its own parent's."""
    assert ["medecin", "contrat", "acte"] == [optam_rules.load(packs / name).program.main.name for name in PACKS]


def test_an_inherited_definition_keeps_the_entity_of_its_pack(packs: Path) -> None:
    """A definition that names no entity is about the main one of the pack that wrote it."""
    definitions = optam_rules.load(packs / "actes").program.definitions
    assert {("contrat", "genereux"), ("acte", "couvert"), ("medecin", "assidu")} == set(definitions)


def test_tests_about_another_main_entity_stay_with_their_pack(packs: Path) -> None:
    """A record of the child's main entity cannot be the parent's example."""
    assert [["un contrat large"], ["un acte couvert"]] == [titles(optam_rules.load(packs / name)) for name in ("contrats", "actes")]


def test_two_main_entities_in_one_pack_are_a_fault(packs: Path) -> None:
    """Only another pack may replace a main entity."""
    with (packs / "actes" / "textes.conv").open("a", encoding="utf-8") as text:
        text.write('entité principale soin "Soin"\n  donnée identifiant : chaîne "Nom"\n')
    with pytest.raises(PackError) as caught:
        optam_rules.load(packs / "actes")
    assert ["E210"] == [diagnostic.code for diagnostic in caught.value.diagnostics]
