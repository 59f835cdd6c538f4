"""From a declaration of intended changes to what a comparison shows beyond it, and what it declares in vain."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from optam_rules.analysis.compare.diff import AnswerDiff, Comparison, Kind, Way
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase, did_you_mean, filled
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
    """Something that a comparison shows and nothing declares, or that is declared and not shown: about an answer."""

    answer: str
    problem: Phrase


def read_expected(file: str, data: bytes) -> tuple[Expected, ...]:
    """Read a `changes.toml`. Raises CallError with every fault of it (E855)."""
    try:
        table: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CallError([diagnose("E855", file=file, place="TOML", reason=str(error))]) from error
    rows = table.pop("change", [])
    faults = [_fault(file, _key(key), _UNKNOWN, ["change"], key) for key in table]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        reason = Phrase("tables `[[change]]` attendues", "tables `[[change]]` expected")
        raise CallError([*faults, diagnose("E855", file=file, place=_key("change"), reason=reason)])
    for number, row in enumerate(rows, 1):
        faults += _wrong(file, _change(number), row)
    names = [row.get("answer") for row in rows]
    faults += [
        diagnose("E855", file=file, place=_change(number), reason=Phrase(f"`{name}` est déjà déclaré", f"`{name}` is already declared"))
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


_UNKNOWN = Phrase("clé inconnue", "unknown key")


def _change(number: int) -> Phrase:
    return Phrase(f"changement {number}", f"change {number}")


def _key(name: str, place: Phrase | None = None) -> Phrase:
    if place is None:
        return Phrase(f"clé `{name}`", f"key `{name}`")
    return Phrase(f"{place.fr}, clé `{name}`", f"{place.en}, key `{name}`")


def _wrong(file: str, place: Phrase, row: dict[str, Any]) -> Iterator[Diagnostic]:
    for key in row:
        if key not in _KEYS:
            yield _fault(file, _key(key, place), _UNKNOWN, _KEYS, key)
    if not isinstance(row.get("answer"), str) or not row["answer"]:
        reason = Phrase("le nom d'une réponse est attendu", "the name of an answer is expected")
        yield diagnose("E855", file=file, place=_key("answer", place), reason=reason)
    for key, words in (("kind", _KINDS), ("direction", _WAYS)):
        if key in row and row[key] not in list(words):
            listed = ", ".join(words)
            reason = Phrase(f"l'un de {listed} est attendu", f"one of {listed} is expected")
            yield _fault(file, _key(key, place), reason, words, str(row[key]))
    articles = row.get("articles", [])
    if not isinstance(articles, list) or not all(isinstance(each, str) for each in articles):
        reason = Phrase("une liste de textes est attendue", "a list of texts is expected")
        yield diagnose("E855", file=file, place=_key("articles", place), reason=reason)
    if not isinstance(row.get("reason", ""), str):
        yield diagnose("E855", file=file, place=_key("reason", place), reason=Phrase("un texte est attendu", "a text is expected"))


def _fault(file: str, place: Phrase, reason: Phrase, known: Iterable[str], found: str) -> Diagnostic:
    return diagnose("E855", file=file, place=place, reason=reason, hint=did_you_mean(nearest(found, known)))


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
                problem = filled("{does}, sans être déclarée", "{does}, and is not declared", does=_KIND_WORDS[answer.kind])
                found.append(Unexpected(answer.path, problem))
            continue
        found += (Unexpected(expected.answer, problem) for problem in _problems(answer, expected))
    found += [Unexpected(name, _NO_ANSWER) for name in by_answer if name not in known]
    return tuple(found)


_NO_ANSWER = Phrase(
    "déclarée, mais ce n'est une réponse d'aucun des deux côtés aux jours comparés",
    "declared, but it is an answer of neither side on the days compared",
)
_KIND_WORDS = {
    Kind.CHANGED: Phrase("change", "changes"),
    Kind.RETYPED: Phrase("change de type", "changes its type"),
    Kind.ADDED: Phrase("apparaît", "appears"),
    Kind.REMOVED: Phrase("disparaît", "disappears"),
    Kind.IDENTICAL: Phrase("ne change pas", "does not change"),
    Kind.PROVED: Phrase("ne change pas (prouvé)", "does not change (proved)"),
    Kind.OPEN: Phrase("n'est pas départagée : aucun dossier trouvé qui la change", "is not settled: no record was found that changes it"),
}
_WAY_WORDS = {
    Way.NEVER_HIGHER: Phrase("ne jamais augmenter", "never rise"),
    Way.NEVER_LOWER: Phrase("ne jamais baisser", "never fall"),
    Way.EITHER: Phrase("pouvoir augmenter et baisser", "be able to rise and fall"),
    Way.NEITHER: Phrase("garder sa valeur partout où elle est connue", "keep its value wherever it is known"),
}


def _problems(answer: AnswerDiff, expected: Expected) -> Iterator[Phrase]:
    if answer.kind is not expected.kind:
        yield filled(
            "déclarée comme « {said} », mais elle {does}",
            "declared as « {said} », but it {does}",
            said=_KIND_WORDS[expected.kind],
            does=_KIND_WORDS[answer.kind],
        )
        return
    if expected.direction is not None:
        yield from _wrong_way(answer, expected.direction)
    if expected.articles is not None:
        others = ", ".join(article for article in answer.articles if article not in expected.articles)
        idle = ", ".join(article for article in expected.articles if article not in answer.articles)
        if others:
            yield Phrase(
                f"des changements qui la touchent sont aussi hors des articles déclarés : {others}",
                f"changes that touch it are also outside the articles declared: {others}",
            )
        if idle:
            yield Phrase(f"aucun changement qui la touche n'est dans : {idle}", f"no change that touches it is in: {idle}")


def _wrong_way(answer: AnswerDiff, declared: Way) -> Iterator[Phrase]:
    if answer.direction is None:
        yield Phrase("déclarée avec un sens, mais ce n'est pas un nombre", "declared with a direction, but it is not a number")
    elif answer.direction.way is not declared and not (answer.direction.way is Way.NEITHER and declared is not Way.EITHER):
        yield filled(
            "déclarée comme devant {wanted}, mais elle paraît {seems}",
            "declared as having to {wanted}, but it seems to {seems}",
            wanted=_WAY_WORDS[declared],
            seems=_WAY_WORDS[answer.direction.way],
        )
