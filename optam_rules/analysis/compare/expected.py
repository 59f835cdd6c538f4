"""From a declaration of intended changes to what a comparison shows beyond it, and what it declares in vain."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from optam_rules.analysis.compare.diff import AnswerDiff, Comparison, Kind, Way
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.suggestions import nearest

_KINDS = (Kind.CHANGED, Kind.RETYPED, Kind.ADDED, Kind.REMOVED)
_WAYS = (Way.NEVER_HIGHER, Way.NEVER_LOWER, Way.EITHER)
_KEYS = ("answer", "kind", "direction", "articles", "reason")


@attrs.frozen
class Expected:
    """One intended change: of an answer, of a kind; perhaps which way a number goes and which articles cause it, and why."""

    answer: str
    kind: Kind = Kind.CHANGED
    direction: Way | None = None
    articles: tuple[str, ...] | None = None
    reason: str = ""


@attrs.frozen
class Unexpected:
    """Something that a comparison shows and nothing declares, or that is declared and not shown: about an answer, in French words."""

    answer: str
    problem: str


def read_expected(file: str, data: bytes) -> tuple[Expected, ...]:
    """Read a `changes.toml`. Raises CallError with every fault of it (E855)."""
    try:
        table: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CallError([diagnose("E855", file=file, place="TOML", reason=error)]) from error
    rows = table.pop("change", [])
    faults = [_fault(file, f"clé `{key}`", "clé inconnue", ["change"], key) for key in table]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CallError([*faults, diagnose("E855", file=file, place="clé `change`", reason="tables `[[change]]` attendues")])
    for number, row in enumerate(rows, 1):
        faults += _wrong(file, f"changement {number}", row)
    names = [row.get("answer") for row in rows]
    faults += [
        diagnose("E855", file=file, place=f"changement {number}", reason=f"`{name}` est déjà déclaré")
        for number, name in enumerate(names, 1)
        if isinstance(name, str) and name in names[: number - 1]
    ]
    if faults:
        raise CallError(faults)
    return tuple(
        Expected(
            row["answer"],
            Kind(row.get("kind", Kind.CHANGED)),
            Way(row["direction"]) if "direction" in row else None,
            tuple(row["articles"]) if "articles" in row else None,
            row.get("reason", ""),
        )
        for row in rows
    )


def _wrong(file: str, place: str, row: dict[str, Any]) -> Iterator[Diagnostic]:
    for key in row:
        if key not in _KEYS:
            yield _fault(file, f"{place}, clé `{key}`", "clé inconnue", _KEYS, key)
    if not isinstance(row.get("answer"), str) or not row["answer"]:
        yield diagnose("E855", file=file, place=f"{place}, clé `answer`", reason="le nom d'une réponse est attendu")
    for key, words in (("kind", _KINDS), ("direction", _WAYS)):
        if key in row and row[key] not in list(words):
            yield _fault(file, f"{place}, clé `{key}`", f"l'un de {', '.join(words)} est attendu", words, str(row[key]))
    articles = row.get("articles", [])
    if not isinstance(articles, list) or not all(isinstance(each, str) for each in articles):
        yield diagnose("E855", file=file, place=f"{place}, clé `articles`", reason="une liste de textes est attendue")
    if not isinstance(row.get("reason", ""), str):
        yield diagnose("E855", file=file, place=f"{place}, clé `reason`", reason="un texte est attendu")


def _fault(file: str, place: str, reason: str, known: Iterable[str], found: str) -> Diagnostic:
    near = nearest(found, known)
    return diagnose("E855", file=file, place=place, reason=reason, hint=f"vouliez-vous écrire `{near}`" if near else None)


def unexpected(comparison: Comparison, declared: Iterable[Expected]) -> tuple[Unexpected, ...]:
    """Return what a comparison shows beyond what is declared, then what is declared and not shown."""
    by_answer = {each.answer: each for each in declared}
    found: list[Unexpected] = []
    known = set()
    for answer in comparison.answers:
        names = {answer.old_path, answer.new_path}
        expected = next((by_answer[name] for name in (answer.new_path, answer.old_path) if name in by_answer), None)
        known |= names
        if expected is None:
            if answer.differs:
                found.append(Unexpected(answer.path, f"{_KIND_WORDS[answer.kind]}, sans être déclarée"))
            continue
        found += (Unexpected(expected.answer, problem) for problem in _problems(answer, expected))
    found += [
        Unexpected(name, "déclarée, mais ce n'est une réponse d'aucun des deux côtés aux jours comparés")
        for name in by_answer
        if name not in known
    ]
    return tuple(found)


_KIND_WORDS = {
    Kind.CHANGED: "change",
    Kind.RETYPED: "change de type",
    Kind.ADDED: "apparaît",
    Kind.REMOVED: "disparaît",
    Kind.IDENTICAL: "ne change pas",
    Kind.PROVED: "ne change pas (prouvé)",
    Kind.OPEN: "n'est pas départagée : aucun dossier trouvé qui la change",
}
_WAY_WORDS = {
    Way.NEVER_HIGHER: "ne jamais augmenter",
    Way.NEVER_LOWER: "ne jamais baisser",
    Way.EITHER: "pouvoir augmenter et baisser",
    Way.NEITHER: "garder sa valeur partout où elle est connue",
}


def _problems(answer: AnswerDiff, expected: Expected) -> Iterator[str]:
    if answer.kind is not expected.kind:
        yield f"déclarée comme « {_KIND_WORDS[expected.kind]} », mais elle {_KIND_WORDS[answer.kind]}"
        return
    if expected.direction is not None:
        yield from _wrong_way(answer, expected.direction)
    if expected.articles is not None:
        others = [article for article in answer.articles if article not in expected.articles]
        idle = [article for article in expected.articles if article not in answer.articles]
        if others:
            yield f"des changements qui la touchent sont aussi hors des articles déclarés : {', '.join(others)}"
        if idle:
            yield f"aucun changement qui la touche n'est dans : {', '.join(idle)}"


def _wrong_way(answer: AnswerDiff, declared: Way) -> Iterator[str]:
    if answer.direction is None:
        yield "déclarée avec un sens, mais ce n'est pas un nombre"
    elif answer.direction.way is not declared and not (answer.direction.way is Way.NEITHER and declared is not Way.EITHER):
        yield f"déclarée comme devant {_WAY_WORDS[declared]}, mais elle paraît {_WAY_WORDS[answer.direction.way]}"
