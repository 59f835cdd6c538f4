"""Words in two languages, and the raise sites: a sentence that fills a message is a phrase, so that no message is half French."""

import ast
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

import optam_rules
from optam_rules.base.calendar import Interval
from optam_rules.base.diagnostics import diagnose, render_text
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase, counted, did_you_mean, filled, joined, told
from optam_rules.base.source import Position, Source
from tests.support.english import french_left

_SOURCES = Path(optam_rules.__file__).parent
# What makes a diagnostic: its words, its hint and the rest are told to a person.
_MAKERS = frozenset({"diagnose", "tell", "note", "fault", "_fault", "Refusal", "Advice", "_mistyped", "_malformed", "UntranslatableError"})
# Families of wording, and the command's own errors of calls, which are French.
_ELSEWHERE = ("base/codes", "tools/cli/options.py", "tools/report")

# Keywords of the language, which the wording puts between backticks, and the key of what an answer waits for.
_NAMES = frozenset({"est connu", "est sans objet", "référentiel:x"})


def test_a_phrase_is_told_in_each_language() -> None:
    """As a string it is French; words of either language fill a phrase of that language."""
    cap = Phrase("un plafond", "a cap")
    assert (str(cap), told(cap, "fr"), told(cap, "en")) == ("un plafond", "un plafond", "a cap")
    assert filled("il faut {what} au {day}", "{what} is required on {day}", what=cap, day=dt.date(2017, 1, 1)) == Phrase(
        "il faut un plafond au 2017-01-01", "a cap is required on 2017-01-01"
    )
    assert joined(Phrase(" et ", " and "), ["`a`", cap]) == Phrase("`a` et un plafond", "`a` and a cap")


@pytest.mark.parametrize(
    ("number", "french", "english"), [(0, "0 clé", "0 keys"), (1, "1 clé", "1 key"), (2, "2 clés", "2 keys"), (12, "12 clés", "12 keys")]
)
def test_plurals(number: int, french: str, english: str) -> None:
    """Zero is singular in French and plural in English."""
    assert counted(number, Phrase("clé", "key")) == Phrase(french, english)


def test_nothing_near_is_no_hint() -> None:
    """A suggestion is made only where there is one."""
    assert did_you_mean(None) is None
    assert did_you_mean("taux", "dire") == Phrase("vouliez-vous dire `taux` ?", "did you mean `taux`?")


@pytest.mark.parametrize(
    ("start", "end", "english"),
    [
        (None, None, "always"),
        (None, dt.date(2017, 6, 8), "until 2017-06-08"),
        (dt.date(2017, 1, 1), None, "since 2017-01-01"),
        (dt.date(2017, 1, 1), dt.date(2017, 6, 8), "from 2017-01-01 to 2017-06-08"),
    ],
)
def test_days_in_words(start: dt.date | None, end: dt.date | None, english: str) -> None:
    """Days keep their ISO form in both languages."""
    interval = Interval(start, end)
    assert interval.phrase == Phrase(str(interval), english)


def test_a_diagnostic_in_english() -> None:
    """Text and JSON, each fixed word and each part in English; the place and the quoted text stay."""
    source = Source("essai.conv", "règle r : taux vaut 1 = 1 €\n", "règle r : taux vaut 1 = 1 €\n")
    place = Position(source, 21, 27)
    hint = Phrase("écrivez `1 €`", "write `1 €`")
    related = [(Position(source, 6, 7), Phrase("le texte", "the text"))]
    words = {"left": "1", "left_type": "entier", "right": "1 €", "right_type": "montant"}
    found = diagnose("E303", place, hint=hint, expected=[Phrase("un nombre", "a number"), "`€`"], related=related, **words)
    assert render_text(found, "en") == (
        "essai.conv:1:22: error E303: `1` (`entier`) and `1 €` (`montant`) cannot be compared\n"
        "  1 | règle r : taux vaut 1 = 1 €\n"
        "                           ^^^^^^\n"
        "  expected: a number, `€`\n"
        "  see essai.conv:1:7: the text\n"
        "  help: write `1 €`"
    )
    assert found.to_json("en") == {
        "code": "E303",
        "severity": "error",
        "message": "`1` (`entier`) and `1 €` (`montant`) cannot be compared",
        "file": "essai.conv",
        "start": {"line": 1, "column": 22},
        "end": {"line": 1, "column": 28},
        "hint": "write `1 €`",
        "expected": ["a number", "`€`"],
        "related": [{"file": "essai.conv", "line": 1, "column": 7, "message": "the text"}],
    }
    assert found.message == "`1` (`entier`) et `1 €` (`montant`) ne se comparent pas"
    assert (found.hint, found.expected, found.related[0][1]) == ("écrivez `1 €`", ("un nombre", "`€`"), "le texte")


def test_an_error_tells_all_its_diagnostics() -> None:
    """As a string it is French; English is asked for."""
    error = CallError([diagnose("E541", path="vide.csv"), diagnose("E856")])
    assert str(error) == (
        "vide.csv: erreur E541: le fichier est vide\nerreur E856: mesurer l'effet sur des dossiers demande une date de chaque côté"
    )
    assert error.told("en") == (
        "vide.csv: error E541: the file is empty\nerror E856: measuring the effect on records requires a date on each side"
    )


def test_the_hint_of_the_catalogue_is_told_where_there_is_no_other() -> None:
    """A warning, without a place, in English."""
    assert render_text(diagnose("W507", verified=dt.date(2024, 1, 1), today=dt.date(2026, 1, 1)), "en") == (
        "warning W507: verified up to 2024-01-01, more than a year before 2026-01-01"
    )
    assert diagnose("E102", problem=Phrase("il est en UTF-16", "it is in UTF-16")).told("en").hint == "save the file as UTF-8"


def loose_sentences(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the French that is given as plain text to what makes a diagnostic, or to a variable of a function that makes one."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        nodes = list(ast.walk(function))
        made = [node for node in nodes if isinstance(node, ast.Call) and _called(node) in _MAKERS]
        if not made:
            continue
        filling = {part.id for call in made for part in ast.walk(call) if isinstance(part, ast.Name)}
        told = [value for call in made for value in (*call.args, *(word.value for word in call.keywords))]
        told += [
            node.value
            for node in nodes
            if isinstance(node, ast.Assign) and any(isinstance(name, ast.Name) and name.id in filling for name in node.targets)
        ]
        for value in told:
            yield from ((text.lineno, said) for text in _texts(value) if french_left(said := _plain(text)) and said not in _NAMES)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _texts(value: ast.expr) -> Iterator[ast.Constant | ast.JoinedStr]:
    """Yield the texts of an expression that a person reads as they stand: not those inside a call, which makes something else of them."""
    match value:
        case ast.Constant(value=str()) | ast.JoinedStr():
            yield value
        case ast.IfExp(body=body, orelse=otherwise):
            yield from (*_texts(body), *_texts(otherwise))
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Dict(values=parts):
            for part in parts:
                yield from _texts(part)
        case ast.BinOp(left=left, right=right):
            yield from (*_texts(left), *_texts(right))
        case ast.ListComp(elt=item) | ast.GeneratorExp(elt=item):
            yield from _texts(item)


def _plain(text: ast.Constant | ast.JoinedStr) -> str:
    parts = text.values if isinstance(text, ast.JoinedStr) else [text]
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in parts)


def test_no_raise_site_fills_a_message_with_a_french_sentence() -> None:
    """A hint that is a plain text is refused by the type checker; a word that is one is looked for here."""
    found = [
        f"{path.relative_to(_SOURCES)}:{line}: {said}"
        for path in sorted(_SOURCES.rglob("*.py"))
        if not path.relative_to(_SOURCES).as_posix().startswith(_ELSEWHERE)
        for text in [path.read_text(encoding="utf-8")]
        if any(f"{maker}(" in text for maker in _MAKERS)
        for line, said in loose_sentences(ast.parse(text))
    ]
    assert [] == found


@pytest.mark.parametrize(
    "line",
    [
        'diagnose("E803", reason="clé inconnue")',
        'faults.tell("E409", place, what=f"la {kind}")',
        'reason = "texte attendu" if wrong else None\n    return diagnose("E803", reason=reason)',
        'self._fault("E502", path, wanted="un " + kind)',
        'Refusal("E502", {"wanted": "un objet"})',
    ],
)
def test_a_french_sentence_at_a_raise_site_is_seen(line: str) -> None:
    """The check above fails on what it is made to find."""
    assert [said for _, said in loose_sentences(ast.parse(f"def f():\n    {line}"))]


@pytest.mark.parametrize(
    "line",
    [
        'diagnose("E803", reason=Phrase("clé inconnue", "unknown key"))',
        'faults.tell("E201", place, name=name, text=f"`{name} vaut le taux`")',
        'what = names["la règle"]\n    diagnose("E409", what=what)',
    ],
)
def test_phrases_and_names_are_not_seen(line: str) -> None:
    """What is told in both languages, or quoted, passes."""
    assert not list(loose_sentences(ast.parse(f"def f():\n    {line}")))
