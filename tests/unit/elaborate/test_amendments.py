"""Amendments are worked into their convention: what is replaced holds until the day before, the new from its day on."""

from __future__ import annotations

import datetime as dt

import pytest

from optam_rules.core.program import Program
from optam_rules.elaborate.pipeline import elaborate
from tests.unit.elaborate.texts import HEADER, VOCABULARY, info, parsed

PARENT = """article 44 "Suivi" en vigueur du 2020-01-01
texte « Le taux est suivi. »
paramètre p : taux = 1 % depuis 2020-01-01 ; 4 % depuis 2023-01-01
règle r : taux vaut p
exception x de r si volontaire vaut 2 %
règle c : booléen vaut volontaire et r > 1 %
table t : entier selon volontaire | vrai -> 1 | faux -> 2
article 45 "Ancien" en vigueur du 2020-01-01 au 2020-12-31
règle ancienne : taux vaut 1 %
"""
OPENING = 'avenant "Avenant 1" modifie "Essai" version "1"'


def amended(*amendments: str, parent: str = PARENT) -> tuple[Program | None, list[str]]:
    """Elaborate amendments to the small convention above; a text that does not open an amendment itself is given a header."""
    files = [
        parsed(text if text.startswith("avenant") else f"{OPENING}\n{text}", f"avenants/{place}.conv")
        for place, text in enumerate(amendments)
    ]
    parents = [parsed(VOCABULARY, "voc.conv"), parsed(HEADER + parent, "essai.conv")] if parent else []
    program, diagnostics = elaborate(info(), files, parents)
    return program, [d.code for d in diagnostics if d.severity == "error"]


def versions(program: Program | None, name: str) -> list[tuple[str, str | None, str | None]]:
    """Return the days of each version of a rule or table, its article and the amendment that wrote it."""
    assert program is not None
    found = program.definitions["medecin", name].versions
    return [(str(v.interval), v.provenance.article, v.provenance.amendment) for v in found]


def exceptions(program: Program | None, name: str) -> list[tuple[str, str, str | None]]:
    """Return the exceptions of a rule with their days and article."""
    assert program is not None
    return [(e.name, str(e.interval), e.provenance.article) for e in program.definitions["medecin", name].exceptions]


def values(program: Program | None, name: str) -> list[str]:
    """Return the dated values of a parameter, in hundredths."""
    assert program is not None
    return [f"{each.value * 100} {each.interval}" for each in program.parameters[name].values]  # type: ignore[operator]


def articles(program: Program | None, number: str) -> list[tuple[str, str | None]]:
    """Return the days of each version of an article, and the amendment that wrote it."""
    assert program is not None
    return [(str(unit.interval), unit.provenance.amendment) for unit in program.articles if unit.number == number]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("remplace règle r : taux en vigueur du 2021-01-01 vaut 3 %", []),
        ("remplace règle r : taux vaut 3 %", ["E239"]),
        ("insère règle s : taux en vigueur du 2021-01-01 vaut 3 %", []),
        ("complète article 44\nrègle s : taux vaut 3 %", ["E239"]),
        ("complète article 44 en vigueur du 2021-01-01", ["E233"]),
        ("complète article 44 en vigueur du 2021-01-01\nrègle r : taux vaut 3 %", ["E237"]),
        ("complète article 46 en vigueur du 2021-01-01\nrègle s : taux vaut 3 %", ["E235"]),
        ("complète article 44 en vigueur du 2021-01-01\ntexte « En plus. »", ["E215"]),
        ("remplace règle c : booléen en vigueur du 2021-01-01 vaut volontaire ou r > 1 %", []),
        ('abroge paramètre p à compter du 2024-01-01\ntest "t" au 2021-01-01 attendu r = 1 %', ["E415"]),
        ("remplace règle t : taux en vigueur du 2021-01-01 vaut 3 %", ["E235"]),
        ("abroge règle s à compter du 2021-01-01", ["E235"]),
        ("insère règle r : taux en vigueur du 2021-01-01 vaut 3 %", ["E237"]),
        ("insère référentiel moyennes (secteur) : taux", []),
        ("remplace référentiel moyennes (secteur) : taux", ["E235"]),
        ("insère entité groupe", ["E202"]),
        ('insère hypothèse h = a | b "?"', []),
        ("abroge annexe 3 à compter du 2021-01-01", ["E235"]),
        ('remplace article 45 "Ancien" en vigueur du 2021-06-01\nrègle ancienne : taux vaut 3 %', ["E240"]),
        ("abroge article 45 à compter du 2019-01-01", ["E240"]),
        ("abroge règle r à compter du 2021-01-01\nremplace règle r : taux en vigueur du 2022-01-01 vaut 3 %", ["E240"]),
        ("abroge règle r à compter du 2021-01-01\ninsère règle r : taux en vigueur du 2022-01-01 vaut 3 %", []),
        ("remplace règle r : taux en vigueur du 2021-01-01 vaut 3 %\nremplace règle r : taux en vigueur du 2021-01-01 vaut 5 %", ["E241"]),
        ("remplace règle r : taux en vigueur du 2021-01-01 vaut 3 %\nabroge article 44 à compter du 2021-01-01", ["E241"]),
        ("abroge article 44 à compter du 2021-01-01\nremplace règle r : taux en vigueur du 2021-01-01 vaut 3 %", ["E241"]),
        ("remplace neutralise x en vigueur du 2021-01-01 si volontaire", ["E236"]),
        ("règle s : taux vaut 3 %", ["E233", "E234"]),
        ("abroge règle r à compter du 2021-01-01\nrègle s : taux vaut 3 %", ["E234"]),
        ("", ["E233"]),
        # Written again as it is, or otherwise with one meaning: no effect.
        ("remplace règle r : taux en vigueur du 2021-01-01 vaut p", ["E233"]),
        ("remplace exception x de r en vigueur du 2021-01-01 si (volontaire) vaut 2 %", ["E233"]),
        ("remplace règle c : booléen en vigueur du 2021-01-01 vaut toutes les conditions { volontaire ; r > 1 % }", ["E233"]),
        ("remplace paramètre p : taux = 1 % depuis 2021-01-01 ; 4 % depuis 2023-01-01", ["E233"]),
    ],
)
def test_what_an_amendment_may_say(text: str, codes: list[str]) -> None:
    """What is changed exists on its day, what is inserted does not, each statement has a day, and something changes."""
    assert codes == amended(text)[1]


def test_a_rule_is_replaced_from_a_day() -> None:
    """The old rule holds until the day before; the exceptions, which were not amended, go on."""
    program, _ = amended("remplace règle r : taux en vigueur du 2021-01-01 vaut 3 %")
    assert [("du 2020-01-01 au 2020-12-31", "44", None), ("depuis le 2021-01-01", "44", "Avenant 1")] == versions(program, "r")
    assert [("x", "depuis le 2020-01-01", "44")] == exceptions(program, "r")


def test_positions_point_at_the_file_each_clause_stands_in() -> None:
    """The version replaced and the one that replaces it are each shown where they were written."""
    program, _ = amended("remplace règle r : taux en vigueur du 2021-01-01 vaut 3 %")
    assert program is not None
    places = [v.provenance.position for v in program.definitions["medecin", "r"].versions]
    assert [("essai.conv", 5), ("avenants/0.conv", 2)] == [(place.file, place.line) for place in places]


def test_the_day_of_the_header_is_that_of_all_statements() -> None:
    """A statement that says no day takes the amendment's."""
    text = (
        'avenant "A" modifie "Essai" en vigueur du 2021-07-01\n'
        "remplace règle r : taux vaut 3 %\ninsère exception y de r si non volontaire vaut 5 %"
    )
    program, codes = amended(text)
    assert [] == codes
    assert "depuis le 2021-07-01" == versions(program, "r")[1][0]
    assert [("x", "depuis le 2020-01-01", "44"), ("y", "depuis le 2021-07-01", "44")] == exceptions(program, "r")


def test_an_article_is_replaced_whole() -> None:
    """Everything of the old article ends with it: rules, exceptions, tables and values of parameters."""
    program, codes = amended(
        'remplace article 44 "Suivi" en vigueur du 2021-01-01\nparamètre p : taux = 2 % depuis 2021-01-01\nrègle r : taux vaut p'
    )
    assert [] == codes
    assert [("du 2020-01-01 au 2020-12-31", None), ("depuis le 2021-01-01", "Avenant 1")] == articles(program, "44")
    assert [("du 2020-01-01 au 2020-12-31", "44", None), ("depuis le 2021-01-01", "44", "Avenant 1")] == versions(program, "r")
    assert [("du 2020-01-01 au 2020-12-31", "44", None)] == versions(program, "t")
    assert ["1 du 2020-01-01 au 2020-12-31", "2 depuis le 2021-01-01"] == values(program, "p")
    assert [("x", "du 2020-01-01 au 2020-12-31", "44")] == exceptions(program, "r")


def test_a_parameter_takes_another_value() -> None:
    """Values from the day of effect on give way, those to come included; earlier ones stay."""
    program, _ = amended("remplace paramètre p : taux = 2 % depuis 2021-01-01")
    assert ["1 du 2020-01-01 au 2020-12-31", "2 depuis le 2021-01-01"] == values(program, "p")


def test_an_article_is_completed() -> None:
    """What completes an article belongs to it from the day of effect."""
    program, _ = amended("complète article 44 en vigueur du 2021-01-01\nexception y de r si non volontaire vaut 5 %\nrègle s : taux vaut r")
    assert ("y", "depuis le 2021-01-01", "44") in exceptions(program, "r")
    assert [("depuis le 2021-01-01", "44", "Avenant 1")] == versions(program, "s")


def test_an_article_is_inserted_and_another_repealed() -> None:
    """The new article starts on its day, the repealed one ends the day before."""
    program, _ = amended(
        'insère article 46 "Fin" en vigueur du 2021-01-01\nrègle s : taux vaut 1 %\nabroge article 44 à compter du 2022-01-01'
    )
    assert [("depuis le 2021-01-01", "Avenant 1")] == articles(program, "46")
    assert [("du 2020-01-01 au 2021-12-31", None)] == articles(program, "44")
    assert [("du 2020-01-01 au 2021-12-31", "44", None)] == versions(program, "r")


def test_exceptions_end_with_their_rule() -> None:
    """A rule that comes back under a name does not wake the exceptions of the one that was repealed."""
    program, _ = amended(
        "abroge règle r à compter du 2021-01-01", 'avenant "B" modifie "Essai"\ninsère règle r : taux en vigueur du 2022-01-01 vaut 3 %'
    )
    assert [("x", "du 2020-01-01 au 2020-12-31", "44")] == exceptions(program, "r")
    assert ["du 2020-01-01 au 2020-12-31", "depuis le 2022-01-01"] == [days for days, _, _ in versions(program, "r")]


def test_what_is_repealed_from_its_first_day_never_was() -> None:
    """Repealed on the day it starts, a rule leaves nothing, nor do its exceptions."""
    program, codes = amended("abroge règle r à compter du 2020-01-01", parent=PARENT.replace("r > 1 %", "p > 1 %"))
    assert [] == codes
    assert program is not None
    assert ("medecin", "r") not in program.definitions


def test_amendments_apply_by_day_of_effect_whatever_their_files() -> None:
    """Two in a row: the later one amends what the earlier one wrote."""
    later = "remplace règle r : taux en vigueur du 2022-01-01 vaut 5 %"
    earlier = 'avenant "Avenant 0" modifie "Essai"\nremplace règle r : taux en vigueur du 2021-01-01 vaut 3 %'
    program, codes = amended(later, earlier)
    assert [] == codes
    assert [None, "Avenant 0", "Avenant 1"] == [amendment for _, _, amendment in versions(program, "r")]
    assert "du 2021-01-01 au 2021-12-31" == versions(program, "r")[1][0]


def test_on_one_day_the_last_published_holds() -> None:
    """Published in order, two amendments of one day of effect leave the second; without publication nothing orders them."""
    texts = [
        f'avenant "{name}" modifie "Essai" publié le {day}\nremplace règle r : taux en vigueur du 2021-01-01 vaut {value}'
        for name, day, value in (("B", "2020-11-01", "7 %"), ("A", "2020-10-01", "3 %"))
    ]
    program, codes = amended(*texts)
    assert [] == codes
    assert [None, "B"] == [amendment for _, _, amendment in versions(program, "r")]
    assert ["E241"] == amended(*(text.replace("publié le 2020-11-01", "publié le 2020-10-01") for text in texts))[1]


@pytest.mark.parametrize("since", ["2020-01-01", "2021-01-01"])
def test_a_property_with_days_of_its_own_outlives_the_article_above_it(since: str) -> None:
    """One that says none ends with the article."""
    parent = (
        PARENT + 'article 46 "Vide" en vigueur du 2020-01-01\npropriété "p" en vigueur du 2020-01-01 r <= 9 %\npropriété "q" r <= 9 %\n'
    )
    program, codes = amended(f'remplace article 46 "Autre" en vigueur du {since}', parent=parent)
    assert [] == codes
    assert program is not None
    days = {each.title: str(each.interval) for each in program.properties}
    assert days == {"p": "depuis le 2020-01-01"} | ({"q": "du 2020-01-01 au 2020-12-31"} if since > "2020-01-01" else {})


def test_a_version_to_come_is_not_touched() -> None:
    """What replaces a version ends where that version ended."""
    rules = (
        "règle r : taux en vigueur du 2020-01-01 au 2022-12-31 vaut 1 %",
        "règle r : taux en vigueur du 2023-01-01 vaut 9 %",
    )
    parent = "\n".join(('article 1 "Un" en vigueur du 2020-01-01', *rules, ""))
    program, codes = amended("remplace règle r : taux en vigueur du 2021-01-01 vaut 3 %", parent=parent)
    assert [] == codes
    assert ["du 2020-01-01 au 2020-12-31", "du 2021-01-01 au 2022-12-31", "depuis le 2023-01-01"] == [
        days for days, _, _ in versions(program, "r")
    ]


def test_the_entity_tells_definitions_of_one_name_apart() -> None:
    """Without it, repealing a name that two other entities have is ambiguous; the main entity's need not be said."""
    two = "règle s de groupe : taux vaut 1 %\nrègle s de exercice : taux vaut 1 %\n"
    assert ["E242"] == amended("abroge règle s à compter du 2021-01-01", parent=two)[1]
    program, codes = amended("abroge règle s de groupe à compter du 2021-01-01", parent=two)
    assert [] == codes
    assert program is not None
    ends = {entity: definition.versions[0].interval.end for (entity, _), definition in program.definitions.items()}
    assert {"groupe": dt.date(2020, 12, 31), "exercice": None} == ends
    main = "règle s : taux vaut 1 %\nrègle s de groupe : taux vaut 1 %\n"
    assert [] == amended("abroge règle s de medecin à compter du 2021-01-01", parent=main)[1]


def test_alone_an_amendment_is_checked_for_its_form() -> None:
    """Without any convention to look into nothing can be missing, but its form is looked at."""
    alone = parsed(f"{OPENING}\nremplace règle inconnue : taux en vigueur du 2021-01-01 vaut 3 %\nrègle s : taux vaut 1 %")
    assert ["E234"] == [d.code for d in elaborate(info(), [alone], [])[1]]


def test_version_of_the_convention_is_checked() -> None:
    """An amendment to another version, or to another convention, is told."""
    assert ["E227"] == amended('avenant "Avenant 1" modifie "Essai" version "2"\nabroge règle r à compter du 2021-01-01')[1]
    assert ["E227"] == amended('avenant "Avenant 1" modifie "Esai"\nabroge règle r à compter du 2021-01-01')[1]
