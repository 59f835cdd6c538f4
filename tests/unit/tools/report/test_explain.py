"""The sentences of an explanation, one test a kind of step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs
import pytest

from optam_rules.base.source import Position, Source
from optam_rules.core.judgement import Bound, Fault, GuardRead, InputRead, Outcome, Status, Step
from optam_rules.core.program import Program, Provenance, ReferenceTable
from optam_rules.core.standing import Standing
from optam_rules.core.types import EnumType, Scalar
from optam_rules.tools.report.explain import explain
from optam_rules.tools.report.tree import draw

ON = dt.date(2017, 6, 8)
PLACE = Position(Source("cm-2016/41.conv", "texte", "texte"), 0, 5)
StepMaker = Callable[..., Step]
GuardMaker = Callable[..., GuardRead]


def tell(program: Program, *steps: Step, **outcome: Any) -> list[str]:
    """Return the lines of the tree of the first step, as the answer `taux`."""
    first = steps[0]
    fields = {"status": first.status, "type": first.type, "value": first.value, "needs": first.needs, "standing": first.standing}
    return draw(explain(program, ON, "taux", Outcome(**(fields | {"steps": steps} | outcome)))).splitlines()


def test_a_known_answer_says_its_value_and_what_it_rests_on(program: Program, step: StepMaker) -> None:
    """The first line is the value with its label, the last the standing."""
    assert tell(program, step(label="Taux d'engagement")) == [
        "taux = 46,5 % — Taux d'engagement",
        "└─ fondement : le texte lui-même",
    ]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.UNKNOWN, "taux : inconnu"),
        (Status.NOT_APPLICABLE, "taux : sans objet"),
        (Status.CONFLICT, "taux : conflit entre règles"),
        (Status.ERROR, "taux : calcul impossible"),
    ],
)
def test_an_answer_without_value_says_which_kind(program: Program, step: StepMaker, status: Status, expected: str) -> None:
    """The four non-answers have one wording each, and none looks like a value."""
    assert tell(program, step(status=status, value=None))[0] == expected


def test_the_article_is_cited_in_the_version_of_the_day(program: Program, step: StepMaker) -> None:
    """Article, title of that day's version, days in force, reference and source stand on one line."""
    told = step(article="41.1", interval=(dt.date(2016, 10, 24), None), reference="LEGIARTI000037439171", source="message de juin 2017")
    expected = (
        "├─ selon : article 41.1 « Engagements », en vigueur depuis le 2016-10-24, LEGIARTI000037439171, d'après « message de juin 2017 »"
    )
    assert tell(program, told)[1] == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("annexe 21", "├─ selon : annexe 21 « Calcul »"),
        ("part_versee", "├─ selon : clause « Part versée »"),
        ("R. 871-2", "├─ selon : article R. 871-2"),
    ],
)
def test_annexes_clauses_and_codes_are_cited_by_their_kind(program: Program, step: StepMaker, number: str, expected: str) -> None:
    """An annexe and a clause are not called articles; a unit that the program does not hold is cited by its number."""
    assert tell(program, step(article=number))[1] == expected


def test_the_exception_that_gave_the_value_is_named(program: Program, step: StepMaker, guard: GuardMaker) -> None:
    """The exception stands in the citation, then among the exceptions looked at."""
    lines = tell(program, step(article="41.1", taken="de_groupe", guards=(guard(),), interval=(dt.date(2017, 7, 1), dt.date(2018, 1, 1))))
    assert lines[1:3] == [
        "├─ selon : exception de_groupe, article 41.1 « Engagements », en vigueur du 2017-07-01 au 2018-01-01",
        "├─ exception de_groupe retenue : sa condition est remplie",
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"held": False}, "écartée : sa condition n'est pas remplie"),
        ({"held": False, "not_applicable": True}, "écartée : sa condition est sans objet, ce qui compte comme non remplie"),
        ({"held": None}, "en suspens : on ne sait pas si sa condition est remplie"),
        ({"neutralised": True}, "neutralisée : elle ne s'applique pas"),
        ({"held": None, "neutralised": True}, "neutralisée : elle ne s'applique pas"),
        ({"neutralised": None}, "en suspens : sa condition est remplie, mais on ne sait pas si elle est neutralisée"),
        ({}, "applicable : sa condition est remplie, comme celle d'autres exceptions"),
    ],
)
def test_each_fate_of_an_exception_is_told(
    program: Program, step: StepMaker, guard: GuardMaker, changes: dict[str, Any], expected: str
) -> None:
    """Whether its condition held and whether it was neutralised decide the wording."""
    assert tell(program, step(guards=(guard(**changes),)))[1] == f"├─ exception de_groupe {expected}"


def test_an_exception_that_another_overrides_is_told(program: Program, step: StepMaker, guard: GuardMaker) -> None:
    """It held, and is not the one that gave the value."""
    lines = tell(program, step(taken="autre", guards=(guard(), guard(name="autre"))))
    assert lines[1] == "├─ exception de_groupe écartée : sa condition est remplie, mais une autre l'emporte"


def test_a_conflict_shows_its_exceptions_and_places(program: Program, step: StepMaker, guard: GuardMaker) -> None:
    """Every position of a conflict is shown, since order in the file never decides."""
    lines = tell(program, step(status=Status.CONFLICT, value=None, guards=(guard(),), conflict=(PLACE, PLACE)))
    assert lines[1:3] == [
        "├─ exception de_groupe en conflit : sa condition est remplie, comme celle d'une autre, et rien ne dit laquelle l'emporte",
        "├─ positions inconciliables : cm-2016/41.conv:1:1 ; cm-2016/41.conv:1:1",
    ]


def test_an_exception_of_another_article_says_where_it_stands(program: Program, step: StepMaker, guard: GuardMaker) -> None:
    """Its article and its source are told when they are not the step's own."""
    lines = tell(program, step(article="41.1", guards=(guard(article="annexe 21", source="lettre", held=False),)))
    assert lines[2] == "├─ exception de_groupe (annexe 21 « Calcul », d'après « lettre ») écartée : sa condition n'est pas remplie"


def test_inputs_are_grouped_by_the_record_they_belong_to(program: Program, step: StepMaker) -> None:
    """The data of one year stand on one line, without the year again; what is absent and what has no object are told apart."""
    inputs = (
        InputRead("exercices[annee=2013].annee", Status.KNOWN, 2013, Scalar.INTEGER),
        InputRead("exercices[annee=2013].depassements", Status.KNOWN, 4000000, Scalar.MONEY),
        InputRead("secteur", Status.KNOWN, "secteur_2", EnumType("secteur")),
        InputRead("exercices[annee=2013].honoraires", Status.KNOWN, 10000000, Scalar.MONEY),
        InputRead("titres", Status.UNKNOWN, None, Scalar.TEXT),
        InputRead("region", Status.NOT_APPLICABLE, None, Scalar.TEXT),
    )
    assert tell(program, step(inputs=inputs))[1:5] == [
        "├─ absent du dossier : titres",
        "├─ lu : secteur = Secteur 2",
        "├─ déclaré sans objet : region",
        "├─ lu, exercice 2013 : depassements = 40 000,00 € ; honoraires = 100 000,00 €",
    ]


def test_rows_of_reference_tables_are_told_apart(program: Program, step: StepMaker) -> None:
    """A row that the caller supplied, and one that nobody did, are not data of the record."""
    program = attrs.evolve(program, references={"moyennes": ReferenceTable("moyennes", (), Scalar.RATE, Provenance(None, PLACE))})
    inputs = (
        InputRead("moyennes[radiologie ; bretagne]", Status.KNOWN, Fraction(2, 5), Scalar.RATE),
        InputRead("référentiel:moyennes[radiologie ; corse]", Status.UNKNOWN, None, Scalar.RATE),
    )
    assert tell(program, step(inputs=inputs))[1:3] == [
        "├─ lu au référentiel : moyennes[radiologie ; bretagne] = 40 %",
        "├─ absent des référentiels fournis : moyennes[radiologie ; corse]",
    ]


def test_records_that_gave_the_same_are_told_together(program: Program, step: StepMaker) -> None:
    """Two years without dépassement take one line."""
    inputs = tuple(InputRead(f"exercices[annee={year}].depassements", Status.KNOWN, 0, Scalar.MONEY) for year in (2013, 2014))
    assert tell(program, step(inputs=inputs))[1] == "├─ lu, exercice 2013 ; exercice 2014 : depassements = 0,00 €"


@pytest.mark.parametrize(
    ("kind", "before", "limit", "after", "expected"),
    [
        ("plafonné à", 2, 1, 1, "plafonné à 100 % : ramené de 200 % à 100 %"),
        ("plafonné à", Fraction(1, 2), 1, Fraction(1, 2), "plafonné à 100 % : le plafond ne joue pas (50 %)"),
        ("au moins", Fraction(1, 10), Fraction(3, 10), Fraction(3, 10), "au moins 30 % : relevé de 10 % à 30 %"),
        ("au moins", Fraction(1, 2), Fraction(3, 10), Fraction(1, 2), "au moins 30 % : le minimum ne joue pas (50 %)"),
        ("arrondi à", Fraction(1, 8), Fraction(1, 100), Fraction(13, 100), "arrondi à 1 % : 12,5 % devient 13 %"),
        ("arrondi à", Fraction(1, 4), Fraction(1, 100), Fraction(1, 4), "arrondi à 1 % : l'arrondi ne change rien (25 %)"),
    ],
)
def test_caps_floors_and_roundings_say_whether_they_bound(
    program: Program, step: StepMaker, kind: str, before: Fraction, limit: Fraction, after: Fraction, expected: str
) -> None:
    """A cap that changed nothing is told too: a reader must not wonder whether it was forgotten."""
    bound = Bound(kind, before, limit, after, before != after, Scalar.RATE)
    assert tell(program, step(bounds=(bound,)))[1] == f"├─ {expected}"


def test_parameters_and_notes_are_told(program: Program, step: StepMaker) -> None:
    """A parameter has its value of the day, a note its own words."""
    lines = tell(program, step(parameters=(("plafond", 1, Scalar.RATE),), notes=("une condition sans objet compte comme fausse",)))
    assert lines[1:3] == ["├─ paramètre plafond = 100 %", "├─ une condition sans objet compte comme fausse"]


def test_an_error_value_says_its_cause_and_place(program: Program, step: StepMaker) -> None:
    """The catalogue's message, its code and the place in the text."""
    lines = tell(program, step(status=Status.ERROR, value=None, fault=Fault("E601", "division par zéro", PLACE)))
    assert lines[1] == "├─ cause : division par zéro (E601), en cm-2016/41.conv:1:1"


def test_what_is_missing_is_told_with_labels(program: Program, step: StepMaker) -> None:
    """A datum has its label, an open question its readings, a reference row and a silent text their names."""
    needs = frozenset(
        {
            "secteur",
            "exercices[annee=2014].annee",
            "exercices[annee=2015].annee",
            "hypothèse:bornes",
            "référentiel:moyennes[radiologie]",
            "inconnu:part_versee",
        }
    )
    assert tell(program, step(status=Status.UNKNOWN, value=None, needs=needs))[1:-1] == [
        "├─ il manque, pour le dire, secteur (Secteur conventionnel)",
        "├─ il manque, pour le dire, exercice 2014, exercice 2015 : annee (Année civile)",
        "├─ il manque, pour le dire, le choix d'une lecture, bornes (« la borne est-elle incluse ? » : hautes ou basses)",
        "├─ il manque, pour le dire, ce que les sources ne disent pas, part_versee",
        "├─ il manque, pour le dire, la ligne moyennes[radiologie] du référentiel",
    ]


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing.TEXT, "fondement : le texte lui-même"),
        (Standing.CAISSE, "fondement le plus faible : une position de la caisse"),
        (Standing.DOCTRINE, "fondement le plus faible : la doctrine"),
        (Standing.HYPOTHESIS, "fondement le plus faible : une hypothèse, que les sources ne confirment pas"),
    ],
)
def test_each_standing_has_its_words(program: Program, step: StepMaker, standing: Standing, expected: str) -> None:
    """From the text itself down to our own hypothesis."""
    assert tell(program, step(standing=standing))[-1] == f"└─ {expected}"


def test_hypotheses_and_chosen_readings_are_told_apart(program: Program, step: StepMaker) -> None:
    """A hypothesis of ours is quoted; a reading that the caller chose is named."""
    lines = tell(program, step(standing=Standing.HYPOTHESIS, hypotheses=("moyenne simple", "bornes=hautes")))
    assert lines[-2:] == ["├─ hypothèse retenue : « moyenne simple »", "└─ lecture choisie : bornes = hautes"]


def test_each_reading_of_an_open_question_is_told(program: Program, step: StepMaker) -> None:
    """What each reading would give comes before all the rest."""
    other = Outcome(Status.KNOWN, Scalar.RATE, Fraction(9, 10)), Outcome(Status.NOT_APPLICABLE, Scalar.RATE)
    unknown = step(status=Status.UNKNOWN, value=None, needs=frozenset({"hypothèse:bornes"}))
    lines = tell(program, unknown, alternatives=(("hautes", other[0]), ("basses", other[1])))
    assert lines[1:3] == ["├─ selon la lecture bornes = hautes : 90 %", "├─ selon la lecture bornes = basses : sans objet"]


def test_intermediate_results_are_told_once(program: Program, step: StepMaker) -> None:
    """A result read by two others is explained at the first place and only quoted at the second."""
    top = step(reads=("a", "b"))
    a = step(key="a", reads=("c",))
    b = step(key="b", reads=("c",))
    c = step(key="c", parameters=(("plafond", 1, Scalar.RATE),))
    assert tell(program, top, a, b, c) == [
        "taux = 46,5 %",
        "├─ fondement : le texte lui-même",
        "├─ a = 46,5 %",
        "│  └─ c = 46,5 %",
        "│     └─ paramètre plafond = 100 %",
        "└─ b = 46,5 %",
        "   └─ c = 46,5 % (expliqué plus haut)",
    ]


def test_what_an_intermediate_result_shares_with_what_it_serves_is_not_told_again(program: Program, step: StepMaker) -> None:
    """Clause, hypotheses and what is missing are told where they change; a standing weaker than the text follows in brackets."""
    same = {"article": "41.1", "standing": Standing.HYPOTHESIS, "hypotheses": ("simple",), "needs": frozenset({"secteur"})}
    lines = tell(program, step(reads=("a", "b"), **same), step(key="a", **same), step(key="b", article="annexe 21"))
    assert lines[-3:] == [
        "├─ a = 46,5 % [hypothèse]",
        "└─ b = 46,5 %",
        "   └─ selon : annexe 21 « Calcul »",
    ]


def test_a_result_read_off_the_record_takes_one_line(program: Program, step: StepMaker) -> None:
    """Where all there is to tell is what was read, it stands behind the result; the record is named once."""
    read = InputRead("exercices[annee=2013].depassements", Status.KNOWN, 0, Scalar.MONEY)
    lines = tell(program, step(reads=("exercices[annee=2013].actif",)), step(key="exercices[annee=2013].actif", inputs=(read,)))
    assert lines[-1] == "└─ exercice 2013 : actif = 46,5 % (lu : depassements = 0,00 €)"


def test_the_group_and_the_record_itself_are_named(program: Program, step: StepMaker) -> None:
    """Seen from another record, the judged one is called the record; a single entity is called by its name."""
    group = step(key="groupe.taux", reads=("taux_lu", "exercices[annee=2013].taux"))
    lines = tell(program, step(reads=("groupe.taux",)), group, step(key="taux_lu"), step(key="exercices[annee=2013].taux"))
    assert lines[2:] == [
        "└─ groupe : taux = 46,5 %",
        "   ├─ le dossier : taux_lu = 46,5 %",
        "   └─ exercice 2013 : taux = 46,5 %",
    ]


def test_depth_limits_what_is_told_in_full(program: Program, step: StepMaker) -> None:
    """Below the depth asked, a result is one line."""
    steps = (step(reads=("a",)), step(key="a", reads=("b",)), step(key="b"))
    outcome = Outcome(Status.KNOWN, Scalar.RATE, Fraction(93, 200), steps=steps)
    drawn = draw(explain(program, ON, "taux", outcome, depth=1))
    assert drawn == "taux = 46,5 %\n├─ fondement : le texte lui-même\n└─ a = 46,5 %"


def test_an_answer_without_trace_is_told_in_short(program: Program) -> None:
    """Where no trace was asked, the value, what is missing and what it rests on remain."""
    outcome = Outcome(Status.UNKNOWN, Scalar.RATE, needs=frozenset({"secteur"}), standing=Standing.CAISSE)
    assert draw(explain(program, ON, "taux", outcome)).splitlines() == [
        "taux : inconnu",
        "├─ il manque, pour le dire, secteur (Secteur conventionnel)",
        "└─ fondement le plus faible : une position de la caisse",
    ]


def test_a_chain_is_told_to_its_end(program: Program, step: StepMaker) -> None:
    """A thousand results, each read by the one before, more than Python's frames would last for: a line each, one level deeper."""
    length = 1_000
    reads = [*((f"r{i + 1}",) for i in range(length)), ()]
    lines = tell(program, *(step(key=f"r{i}", definition=f"r{i}", reads=read) for i, read in enumerate(reads)))
    assert [f"r{i} = 46,5 %" for i in range(length + 1)] == [found for line in lines if (found := line.lstrip("│├└─ ")).startswith("r")]
    assert [3 * i for i in range(length + 1)] == [len(line) - len(line.lstrip("│├└─ ")) for line in lines if " = " in line]
