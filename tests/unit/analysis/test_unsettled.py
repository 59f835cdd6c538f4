"""What a program leaves unsettled, and which answers depend on it."""

from __future__ import annotations

from pathlib import Path

import optam_rules
from optam_rules.analysis.unsettled import Coverage, Kind, coverage, unsettled
from optam_rules.tools.report.unsettled import coverage_page, to_do
from tests.support.programs import compiled

TEXT = """
hypothèse bornes = hautes | basses "à quel palier va la borne ?"
entité principale dossier "Dossier"
  donnée n : entier "n"
article 1 "Su" en vigueur du 2017-01-01
  règle sue : entier vaut n
article 2 "À moitié" en vigueur du 2017-01-01
  paramètre minimum_retenu : entier hypothèse "au moins deux" = 2 depuis 2017-01-01
  règle selon_bornes : entier vaut 1 si bornes = hautes sinon 2
  règle lit_les_bornes : entier vaut selon_bornes + sue
  règle lit_le_minimum : booléen vaut n >= minimum_retenu
  table palier : entier selon n
    | <= 1 -> 1
    | > 1 -> 2 hypothèse "faute de mieux"
article 3 "Ignoré" en vigueur du 2017-01-01
  règle ignoree : entier "Ce que nul ne sait" vaut inconnu
article 4 "Nommé" en vigueur du 2017-01-01
"""


def test_each_unsettled_thing_names_the_answers_that_depend_on_it() -> None:
    """An unknown, a question read through another definition, a parameter's hypothesis and a row's own are all found."""
    found = {(item.kind, item.name or item.text, item.article): item.answers for item in unsettled(compiled(TEXT))}
    assert {
        (Kind.UNKNOWN, "inconnu:ignoree", "3"): ("ignoree",),
        (Kind.QUESTION, "hypothèse:bornes", None): ("lit_les_bornes", "selon_bornes"),
        (Kind.HYPOTHESIS, "au moins deux", "2"): ("lit_le_minimum",),
        (Kind.HYPOTHESIS, "faute de mieux", "2"): ("palier",),
    } == found


def test_a_value_has_the_hypothesis_of_the_declaration_that_gives_it() -> None:
    """Until 2016 the threshold is ours, since 2017 the fund's: only what may read the first value rests on the hypothesis."""
    text = """
entité principale dossier "Dossier"
  donnée d : date "d"
article 1 "Avant" en vigueur du 2016-01-01 au 2016-12-31
  paramètre seuil : entier hypothèse "faute de texte" = 4 depuis 2016-01-01
article 1 "Après" en vigueur du 2017-01-01
  paramètre seuil : entier selon caisse "lettre" = 5 depuis 2017-01-01
article 2 "Lecteurs" en vigueur du 2016-01-01
  règle des_le_debut : entier vaut seuil
  règle ensuite : entier en vigueur du 2017-01-01 vaut seuil
  règle au_jour_dit : entier vaut seuil au 2016-06-01
  règle au_jour_dit_ensuite : entier vaut seuil au 2017-06-01
  règle a_une_date : entier vaut seuil au d
"""
    (item,) = unsettled(compiled(text))
    assert (Kind.HYPOTHESIS, "faute de texte", "1") == (item.kind, item.text, item.article)
    assert ("a_une_date", "au_jour_dit", "des_le_debut") == item.answers


def test_coverage_tells_full_partial_and_none() -> None:
    """Article 1 is settled, 2 holds hypotheses, 3 an unknown, 4 draws nothing."""
    program = compiled(TEXT)
    assert [Coverage.FULL, Coverage.PARTIAL, Coverage.PARTIAL, Coverage.NONE] == [coverage(program, unit) for unit in program.articles]


def test_the_to_do_list_reads_as_sentences() -> None:
    """Each kind has its title, each thing its words, its article and the answers it touches."""
    lines = to_do(compiled(TEXT)).splitlines()
    assert "Ce qu'aucune source lue ne dit :" in lines
    assert "- inconnu:ignoree — Ce que nul ne sait [article 3]" in lines
    assert "- hypothèse:bornes — à quel palier va la borne ? (hautes ou basses)" in lines
    assert "  réponses qui en dépendent : lit_les_bornes, selon_bornes" in lines
    assert "- au moins deux [article 2]" in lines


def test_nothing_unsettled_is_said() -> None:
    """A pack with nothing open says so."""
    program = compiled('entité principale dossier "Dossier"\n  donnée n : entier "n"\nrègle r : entier vaut n\n')
    assert "Rien n'est en suspens dans ce pack." in to_do(program)


def test_every_need_that_no_input_settles_is_on_the_list() -> None:
    """Judging an empty record under each shipped pack waits for no unknown law and no question that the list lacks."""
    for entry in optam_rules.catalogue():
        pack = optam_rules.load(entry.id)
        listed = {item.name: item.answers for item in unsettled(pack.program)}
        if entry.interval.start is None:
            continue
        judged = pack.evaluate({}, on=entry.interval.start, trace=False)
        for path, answer in judged.answers.items():
            for need in answer.needs:
                if need.startswith(("inconnu:", "hypothèse:")):
                    assert path in listed[need], (entry.id, path, need)


def test_the_coverage_page_is_up_to_date() -> None:
    """The page in the documentation is what the packs give now."""
    page = Path(__file__).parents[3] / "docs" / "reference" / "law" / "couverture.md"
    expected = coverage_page(optam_rules.load(entry.id).program for entry in optam_rules.catalogue())
    assert expected == page.read_text(encoding="utf-8"), "run: make reference"
