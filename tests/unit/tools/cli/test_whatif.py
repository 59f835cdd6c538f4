"""`optam whatif`: sentences for each record, refusals apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.unit.tools.cli.conftest import Ran

TEXT = """convention "E" version "1"
article 1 "Un" en vigueur du 2017-01-01
  règle ouvert : booléen vaut secteur = secteur_1 et adherent_cas
test "t" au 2017-06-08 sachant secteur = secteur_2 attendu ouvert = faux
"""
RECORDS = """[{"identifiant": "A", "secteur": "secteur_1"},
 {"identifiant": "B", "secteur": "z"},
 {"secteur": "secteur_2", "adherent_cas": true}]
"""


def test_each_record_is_told(optam: Callable[..., Ran], tmp_path: Path) -> None:
    """What decides, what it may be, what would change it; a faulty record is refused with its faults, and the others are told."""
    (tmp_path / "essai").mkdir()
    (tmp_path / "essai" / "manifest.toml").write_text('id = "essai"\ntitle = "E"\nversion = "1"\nparent = "commun"\n', encoding="utf-8")
    (tmp_path / "essai" / "articles.conv").write_text(TEXT, encoding="utf-8")
    (tmp_path / "si.json").write_text(RECORDS, encoding="utf-8")
    ran = optam("whatif", "si.json", "--pack", "./essai", "--on", "2017-06-08", "--answer", "ouvert", "--wanted", "vrai")
    assert [
        "A : ouvert = inconnu (attend adherent_cas)",
        "  adherent_cas décide, quelle que soit la valeur essayée :",
        "    adherent_cas = faux -> faux",
        "    adherent_cas = vrai -> vrai",
        "  ce sera : faux ou vrai",
        "dossier 3 : ouvert = faux",
        "  ouvert = vrai par le plus petit changement de :",
        "    secteur = secteur_1",
    ] == ran.out.splitlines()
    english = optam(
        *("--messages", "en", "whatif", "si.json", "--pack", "./essai", "--on", "2017-06-08", "--answer", "ouvert", "--wanted", "vrai")
    )
    assert [
        "A: ouvert = unknown (waits for adherent_cas)",
        "  adherent_cas decides, whatever the value tried:",
        "    adherent_cas = faux -> faux",
        "    adherent_cas = vrai -> vrai",
        "  it will be: faux or vrai",
        "record 3: ouvert = faux",
        "  ouvert = vrai by the smallest change of:",
        "    secteur = secteur_1",
    ] == english.out.splitlines()
    assert (1, "refusé : B") == (ran.code, ran.err.splitlines()[0])
    assert (1, "refused: B") == (english.code, english.err.splitlines()[0])
    assert "E509" in ran.err


def test_an_empty_set_is_written_as_the_language_does(optam: Callable[..., Ran], tmp_path: Path) -> None:
    """That no title is held is said, not left blank."""
    (tmp_path / "si.json").write_text('{"identifiant": "A", "secteur": "secteur_1"}', encoding="utf-8")
    ran = optam("whatif", "si.json", "--pack", "cm-2016", "--on", "2017-06-08", "--answer", "eligible_optam")
    assert "    titres = { } -> faux" in ran.out.splitlines()


def test_an_answer_that_the_pack_does_not_have_is_a_wrong_call(optam: Callable[..., Ran], tmp_path: Path) -> None:
    """It is told before any record is read."""
    (tmp_path / "si.json").write_text("[]", encoding="utf-8")
    ran = optam("whatif", "si.json", "--pack", "cm-2016", "--on", "2017-06-08", "--answer", "eligible_otam")
    assert 2 == ran.code
    assert "E806" in ran.err
