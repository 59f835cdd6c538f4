"""Judgements written as JSON, JSON Lines and CSV: the contract of the schema, key by key, and cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Mapping
from fractions import Fraction
from importlib.resources import files
from typing import Any

import attrs
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optam_rules.base.calendar import Duration
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.phrases import Phrase
from optam_rules.base.source import Position, Source
from optam_rules.core.answers import Answer, Judgement
from optam_rules.core.judgement import Bound, Fault, GuardRead, InputRead, Outcome, Status, Step
from optam_rules.core.standing import Standing
from optam_rules.core.types import EnumType, ListType, Scalar, SetType
from optam_rules.interop import writers
from optam_rules.interop.judgements import SCHEMA, Header, Judged, Refused, Result, judgements_to_json
from optam_rules.interop.writers import Counts, inert, write_csv, write_json, write_json_lines, write_refused_csv

ON = dt.date(2017, 6, 8)
HEADER = Header("cm-2016", "2016-10-20", "sha256:ab", ON)
PLACE = Position(Source("41.conv", "règle a", "règle a"), 0, 5, "41.1")
RATE = Outcome(Status.KNOWN, Scalar.RATE, Fraction(23, 60))


def validator() -> jsonschema.Draft202012Validator:
    """Return a validator of the shipped schema."""
    schema = json.loads((files("optam_rules") / "interop" / "judgements-1.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


VALIDATOR = validator()


def judged(position: int = 1, identifiant: str | None = "A", notes: tuple[str, ...] = (), **answers: Outcome) -> Judged:
    """Make a judged record of some answers."""
    named = {name.replace("__", "."): Answer(outcome) for name, outcome in answers.items()}
    return Judged(position, Judgement(identifiant, ON, "cm-2016", "2016-10-20", "sha256:ab", named, notes))


REFUSED = Refused(3, "C", (diagnose("E509", path="secteur", hint=Phrase("h", "h"), expected=("x",), found="y", enumeration="secteur"),))


def step() -> Step:
    """Make a step in which every part stands once."""
    return Step(
        key="taux_engagement",
        definition="taux_engagement",
        label="Taux d'engagement",
        article="41.1",
        reference="LEGIARTI000037439171",
        position=PLACE,
        status=Status.KNOWN,
        value=1,
        type=Scalar.RATE,
        standing=Standing.CAISSE,
        source="message, juin 2017",
        hypotheses=("h=a",),
        taken="taux_de_groupe",
        guards=(GuardRead("taux_de_groupe", "50", PLACE, True, False, Standing.CAISSE, None),),
        bounds=(Bound("plafonné à", Fraction(5, 4), 1, 1, True, Scalar.RATE),),
        inputs=(
            InputRead("secteur", Status.KNOWN, "secteur_2", EnumType("secteur")),
            InputRead("exercices[annee=2015].depassements", Status.UNKNOWN, None, Scalar.MONEY),
        ),
        parameters=(("annees", frozenset({2014, 2013}), SetType(Scalar.INTEGER)),),
        reads=("groupe.taux_commun",),
        notes=("une remarque",),
        fault=None,
        conflict=(),
        needs=frozenset(),
        interval=(dt.date(2017, 7, 1), None),
    )


def test_the_document() -> None:
    """The document holds the pack, the date, the records judged and the records refused, and the schema accepts it."""
    results: list[Result] = [judged(2, taux=RATE, notes=("au-delà",)), REFUSED]
    document = judgements_to_json(attrs.evolve(HEADER, assume={"bornes": "hautes"}), results)
    VALIDATOR.validate(document)
    assert document == {
        "schema": SCHEMA,
        "pack": {"id": "cm-2016", "version": "2016-10-20", "digest": "sha256:ab"},
        "on": "2017-06-08",
        "assume": {"bornes": "hautes"},
        "records": [
            {
                "identifiant": "A",
                "position": 2,
                "answers": {
                    "taux": {
                        "status": "known",
                        "value": "23/60",
                        "needs": [],
                        "standing": "texte",
                        "hypotheses": [],
                        "alternatives": {},
                        "alternatives_status": {},
                        "because": [],
                    }
                },
                "notes": ["au-delà"],
            }
        ],
        "refused": [
            {
                "identifiant": "C",
                "position": 3,
                "diagnostics": [
                    {
                        "code": "E509",
                        "severity": "error",
                        "message": "`y` n'est pas une valeur de `secteur`",
                        "path": "secteur",
                        "hint": "h",
                        "expected": ["x"],
                    }
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome(Status.KNOWN, Scalar.RATE, Fraction(1, 4)), "0.25"),
        (Outcome(Status.KNOWN, Scalar.POINTS, Fraction(1, 20)), "0.05"),
        (Outcome(Status.KNOWN, Scalar.MONEY, 123456), "1234.56"),
        (Outcome(Status.KNOWN, Scalar.BOOLEAN, True), True),
        (Outcome(Status.KNOWN, Scalar.INTEGER, 50), 50),
        (Outcome(Status.KNOWN, Scalar.DATE, ON), "2017-06-08"),
        (Outcome(Status.KNOWN, Scalar.DAYS, Duration(30, "jours")), "30 jours"),
        (Outcome(Status.KNOWN, EnumType("option"), "optam"), "optam"),
        (Outcome(Status.KNOWN, SetType(EnumType("titre")), frozenset({"b", "a"})), ["a", "b"]),
        (Outcome(Status.KNOWN, ListType(Scalar.MONEY), (200, 100)), ["2.00", "1.00"]),
        (Outcome(Status.UNKNOWN, Scalar.RATE), None),
    ],
)
def test_values(outcome: Outcome, expected: object) -> None:
    """Each type has its form in the contract."""
    document = judgements_to_json(HEADER, [judged(a=outcome)])
    VALIDATOR.validate(document)
    assert expected == document["records"][0]["answers"]["a"]["value"]


def test_answers_that_are_not_known() -> None:
    """An unknown answer tells what it waits for and the value under each reading; an error and a conflict tell where they arose."""
    waiting = Outcome(
        Status.UNKNOWN,
        Scalar.RATE,
        needs=frozenset({"titres", "hypothèse:bornes"}),
        standing=Standing.DOCTRINE,
        hypotheses=("moyenne simple",),
        alternatives=(("hautes", Outcome(Status.KNOWN, Scalar.RATE, Fraction(9, 10))), ("basses", Outcome(Status.UNKNOWN, Scalar.RATE))),
    )
    error = Outcome(Status.ERROR, Scalar.RATE, fault=Fault("E601", "division par zéro", PLACE))
    conflict = Outcome(Status.CONFLICT, Scalar.RATE, conflict=(PLACE,))
    nothing = Outcome(Status.NOT_APPLICABLE, Scalar.RATE)
    document = judgements_to_json(HEADER, [judged(a=waiting, b=error, c=conflict, groupe__d=nothing)])
    VALIDATOR.validate(document)
    answers = document["records"][0]["answers"]
    place = {"file": "41.conv", "line": 1, "column": 1, "article": "41.1"}
    assert answers["a"]["needs"] == ["hypothèse:bornes", "titres"]
    assert answers["a"]["alternatives"] == {"hautes": "0.9", "basses": None}
    assert answers["a"]["alternatives_status"] == {"hautes": "known", "basses": "unknown"}
    assert (answers["a"]["standing"], answers["a"]["hypotheses"]) == ("doctrine", ["moyenne simple"])
    assert answers["b"]["fault"] == {"code": "E601", "message": "division par zéro", "position": place}
    assert answers["c"]["conflict"] == [place]
    assert answers["groupe.d"]["status"] == "not_applicable"


def test_the_trace() -> None:
    """Each part of a step has its key, and values their units of the contract."""
    document = judgements_to_json(HEADER, [judged(a=attrs.evolve(RATE, steps=(step(),)))])
    VALIDATOR.validate(document)
    (written,) = document["records"][0]["answers"]["a"]["because"]
    place = {"file": "41.conv", "line": 1, "column": 1, "article": "41.1"}
    assert written == {
        "key": "taux_engagement",
        "definition": "taux_engagement",
        "label": "Taux d'engagement",
        "article": "41.1",
        "amendment": None,
        "reference": "LEGIARTI000037439171",
        "position": place,
        "status": "known",
        "value": "1",
        "type": "taux",
        "standing": "caisse",
        "source": "message, juin 2017",
        "hypotheses": ["h=a"],
        "taken": "taux_de_groupe",
        "guards": [
            {
                "name": "taux_de_groupe",
                "article": "50",
                "position": place,
                "held": True,
                "neutralised": False,
                "not_applicable": False,
                "standing": "caisse",
                "source": None,
            }
        ],
        "bounds": [{"kind": "plafonné à", "before": "1.25", "limit": "1", "after": "1", "bound": True, "type": "taux"}],
        "inputs": [
            {"path": "secteur", "status": "known", "value": "secteur_2", "type": "secteur"},
            {"path": "exercices[annee=2015].depassements", "status": "unknown", "value": None, "type": "montant"},
        ],
        "parameters": [{"name": "annees", "value": [2013, 2014], "type": "ensemble de entier"}],
        "reads": ["groupe.taux_commun"],
        "notes": ["une remarque"],
        "fault": None,
        "conflict": [],
        "needs": [],
        "interval": {"from": "2017-07-01", "to": None},
    }


def test_a_step_of_no_place() -> None:
    """A step that stands in no text has no position."""
    bare = attrs.evolve(step(), position=None, fault=Fault("E601", "division par zéro", PLACE))
    document = judgements_to_json(HEADER, [judged(a=attrs.evolve(RATE, steps=(bare,)))])
    VALIDATOR.validate(document)
    (written,) = document["records"][0]["answers"]["a"]["because"]
    assert (written["position"], written["fault"]["code"]) == (None, "E601")


def test_the_schema_documents_every_key() -> None:
    """Every property of the schema says what it is, itself or by what it refers to."""

    def bare(schema: Mapping[str, Any], path: str) -> list[str]:
        found = []
        for name, spec in schema.get("properties", {}).items():
            if not {"description", "$ref", "const", "enum", "anyOf"} & set(spec) and "minimum" not in spec and "pattern" not in spec:
                found.append(f"{path}.{name}")
        return found

    definitions = VALIDATOR.schema["$defs"]
    undocumented = [line for name, spec in definitions.items() for line in bare(spec, name)]
    assert [line for line in undocumented if not line.endswith((".severity",))] == []


@pytest.mark.parametrize(
    "broken", [{"schema": "x"}, {"records": [{"identifiant": "A"}]}, {"refused": [{"identifiant": "A", "position": 1, "diagnostics": []}]}]
)
def test_the_schema_refuses(broken: dict[str, Any]) -> None:
    """A document of another version, or with parts missing, is refused."""
    assert not VALIDATOR.is_valid(judgements_to_json(HEADER, []) | broken)


def results(count: int) -> list[Result]:
    """Make results of which every third is refused."""
    return [attrs.evolve(REFUSED, position=n) if n % 3 == 0 else judged(n, f"M{n}", a=RATE) for n in range(1, count + 1)]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10])
def test_a_streamed_document_is_the_document(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """What is written as it comes is the document, a record a line, and the counts add up; refused ones may leave memory."""
    monkeypatch.setattr(writers, "_IN_MEMORY", 10)
    stream = io.StringIO()
    counts = write_json(stream, HEADER, iter(results(count)))
    assert json.loads(stream.getvalue()) == judgements_to_json(HEADER, results(count))
    assert counts == Counts(count - count // 3, count // 3)
    assert stream.getvalue().count("\n") == count + 1 + (counts.judged > 0) + (counts.refused > 0)


def test_json_lines() -> None:
    """Each line stands alone, with the pack and the date, in the order of the results."""
    stream = io.StringIO()
    counts = write_json_lines(stream, HEADER, results(4))
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    for line in lines:
        VALIDATOR.validate(line)
    assert [(line["position"], "answers" in line, line["on"]) for line in lines] == [
        (1, True, "2017-06-08"),
        (2, True, "2017-06-08"),
        (3, False, "2017-06-08"),
        (4, True, "2017-06-08"),
    ]
    assert counts == Counts(3, 1)


def test_a_date_for_each_record() -> None:
    """Where records have dates of their own, each tells its own, in each format."""
    header = attrs.evolve(HEADER, on=None)
    document = judgements_to_json(header, [judged(a=RATE)])
    VALIDATOR.validate(document)
    assert (document["on"], document["records"][0]["on"]) == (None, "2017-06-08")
    lines, rows = io.StringIO(), io.StringIO()
    write_json_lines(lines, header, [judged(a=RATE), REFUSED])
    assert [json.loads(line)["on"] for line in lines.getvalue().splitlines()] == ["2017-06-08", None]
    write_csv(rows, header, ["a"], [judged(a=RATE)])
    assert rows.getvalue().splitlines()[1] == "A,2017-06-08,23/60,known,texte,"


def test_csv() -> None:
    """One row a judged record, four columns an answer; refused ones go aside."""
    waiting = Outcome(Status.UNKNOWN, Scalar.BOOLEAN, needs=frozenset({"titres", "secteur"}))
    aside: list[Refused] = []
    stream = io.StringIO()
    rows: list[Result] = [
        judged(1, "A", a=RATE, groupe__b=waiting),
        REFUSED,
        judged(3, None, a=Outcome(Status.KNOWN, Scalar.POINTS, Fraction(-1, 20)), groupe__b=Outcome(Status.KNOWN, Scalar.BOOLEAN, True)),
        judged(
            4,
            "=cmd|' /C calc'!A0",
            a=Outcome(Status.KNOWN, SetType(EnumType("t")), frozenset({"y", "x"})),
            groupe__b=Outcome(Status.KNOWN, SetType(EnumType("t")), frozenset()),
        ),
    ]
    counts = write_csv(stream, HEADER, ["a", "groupe.b"], rows, on_refused=aside.append)
    assert stream.getvalue().splitlines() == [
        "identifiant,a,a__status,a__standing,a__needs,groupe.b,groupe.b__status,groupe.b__standing,groupe.b__needs",
        "A,23/60,known,texte,,,unknown,texte,secteur|titres",
        ",-0.05,known,texte,,true,known,texte,",
        "'=cmd|' /C calc'!A0,x|y,known,texte,,|,known,texte,",
    ]
    assert counts == Counts(3, 1)
    assert aside == [REFUSED]
    assert write_csv(io.StringIO(), HEADER, ["a"], [REFUSED]) == Counts(0, 1)


def test_refused_records_as_csv() -> None:
    """One row a fault, with its place and what to do; what comes from the input is made inert."""
    stream = io.StringIO()
    write_refused_csv(stream, [attrs.evolve(REFUSED, identifiant="+C"), Refused(5, None, (diagnose("E541"),))])
    assert stream.getvalue().splitlines() == [
        "position,identifiant,code,path,message,hint",
        "3,'+C,E509,secteur,`y` n'est pas une valeur de `secteur`,h",
        "5,,E541,,le fichier est vide,",
    ]


TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]))  # what a record may hold


@given(TEXTS, TEXTS)
def test_no_cell_is_a_formula(identifiant: str, text: str) -> None:
    """Whatever the identifiant or the text of an answer, no cell starts as a formula, and the row reads back whole."""
    stream = io.StringIO(newline="")
    answer = Outcome(Status.KNOWN, Scalar.TEXT, text, needs=frozenset({identifiant}))
    write_csv(stream, HEADER, ["a"], [judged(1, identifiant, a=answer)])
    rows = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))
    assert rows[1] == [inert(identifiant), inert(text), "known", "texte", inert(identifiant)]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in rows[1])
