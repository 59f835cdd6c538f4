"""The effect of a change on a file of practitioners turned into words and numbers for tables and plots."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from optam_rules.analysis.compare.impact import MISSING, AnswerImpact, Impact, Move, Spread
from optam_rules.analysis.compare.result import Diff
from optam_rules.base.diagnostics import Diagnostic
from optam_rules.base.numbers import Number
from optam_rules.base.phrases import COLON, Lang, Phrase, counted, filled
from optam_rules.core.program import Program
from optam_rules.core.types import EnumType, Scalar, Type
from optam_rules.tools.report.diff.articles import THEN
from optam_rules.tools.report.judgement import short
from optam_rules.tools.report.values import brief
from optam_rules.tools.report.wording import Language


@attrs.frozen
class GroupView:
    """How many change in each group of practitioners: (label, changed, compared), the most touched first."""

    title: str
    rows: tuple[tuple[str, int, int], ...]


@attrs.frozen
class AnswerImpactView:
    """What becomes of one answer over the file. `deltas` are in `unit`, for plots alone: the words hold the exact values."""

    path: str
    label: str
    changed: int
    lines: tuple[str, ...]
    deltas: tuple[float, ...]
    unit: str
    groups: tuple[GroupView, ...]


@attrs.frozen
class ImpactView:
    """Whom a change touches."""

    headline: str
    answers: tuple[AnswerImpactView, ...]
    groups: tuple[GroupView, ...]
    touched: tuple[tuple[str, tuple[str, ...]], ...]
    refused: tuple[tuple[str, tuple[str, ...]], ...]


def impact_view(diff: Diff, language: Language = Language.FRENCH) -> ImpactView | None:
    """Put an impact in words."""
    found = diff.impact
    if found is None:
        return None
    programs = diff.comparison.old.program, diff.comparison.new.program
    lang = language.lang

    def move(one: Move) -> str:
        sides = [short(each, program.enumerations, language) for each, program in zip((one.old, one.new), programs, strict=True)]
        return one.path + COLON.told(lang) + THEN.told(lang).join(sides)

    return ImpactView(
        _headline(found, lang),
        tuple(_answer(programs[1], found, each, language) for each in found.answers),
        _groups(programs[1], found.groups, found.totals, lang),
        tuple((_who(each.identifiant, each.position, lang), tuple(move(one) for one in each.moves)) for each in found.touched),
        tuple((_who(each.identifiant, each.position, lang), _faults(each.old_faults, each.new_faults, lang)) for each in found.refused),
    )


def _headline(found: Impact, lang: Lang) -> str:
    compared, refused, touched = found.compared, len(found.refused), len(found.touched)
    share = _NONE_COMPARED
    if compared:
        share = Phrase(
            f"{_percent(touched, compared, ',')} % des dossiers comparés", f"{_percent(touched, compared, '.')}% of the records compared"
        )
    records = counted(touched, RECORD)
    return filled(
        "lus : {read} = comparés : {compared} + refusés : {refused} ; {records} {change} ({share})",
        "read: {read} = compared: {compared} + refused: {refused}; {records} {change} ({share})",
        read=compared + refused,
        compared=compared,
        refused=refused,
        records=records,
        change=Phrase("changent" if touched > 1 else "change", "changes" if touched == 1 else "change"),
        share=share,
    ).told(lang)


def _percent(part: int, whole: int, point: str) -> str:
    """Say a share with one decimal, rounded half up."""
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}{point}{tenths % 10}"


def _who(identifiant: str | None, position: int, lang: Lang) -> str:
    return identifiant or Phrase(f"dossier {position}", f"record {position}").told(lang)


def _faults(old: tuple[Diagnostic, ...], new: tuple[Diagnostic, ...], lang: Lang) -> tuple[str, ...]:
    def told(fault: Diagnostic) -> str:
        return f"{fault.code} {fault.path or ''}{COLON.told(lang)}{fault.told(lang).message}"

    both = [fault for fault in old if fault in new]
    lines = [told(fault) for fault in both]
    lines += [f"{_OLD_SIDE.told(lang)}, {told(fault)}" for fault in old if fault not in both]
    lines += [f"{_NEW_SIDE.told(lang)}, {told(fault)}" for fault in new if fault not in both]
    return tuple(lines)


def _answer(program: Program, found: Impact, answer: AnswerImpact, language: Language) -> AnswerImpactView:
    definition = program.answers_by_path[answer.path]
    lang = language.lang
    lines = [
        THEN.told(lang).join(_state(program, answer.type, word, language) for word in pair)
        + COLON.told(lang)
        + counted(number, RECORD).told(lang)
        for pair, number in answer.shifts.items()
    ]
    if answer.spread is not None:
        lines = [*_spread(program, answer.type, answer.spread, language), *lines]
    deltas = tuple(float(_in_unit(delta, answer.type)) for delta in answer.spread.deltas) if answer.spread else ()
    return AnswerImpactView(
        answer.path,
        definition.label,
        answer.changed,
        tuple(lines),
        deltas,
        _UNITS.get(answer.type, ""),
        _groups(program, answer.groups, found.totals, lang),
    )


RECORD = Phrase("dossier", "record")
_NONE_COMPARED = Phrase("aucun dossier comparé", "no record compared")
_OLD_SIDE, _NEW_SIDE = Phrase("du côté ancien", "on the old side"), Phrase("du côté nouveau", "on the new side")
_STATES = {
    "unknown": Phrase("inconnu", "unknown"),
    "not_applicable": Phrase("sans objet", "does not apply"),
    "conflict": Phrase("conflit", "conflict"),
    "error": Phrase("erreur", "error"),
    "known": Phrase("une valeur", "a value"),
}
_TRUTHS = {"vrai": Phrase("oui", "yes"), "faux": Phrase("non", "no")}
_UNITS: Mapping[Type, str] = {Scalar.RATE: "points", Scalar.POINTS: "points", Scalar.MONEY: "€"}


def _state(program: Program, type_: Type, word: str, language: Language) -> str:
    if word in _STATES:
        return _STATES[word].told(language.lang)
    if type_ is Scalar.BOOLEAN and word in _TRUTHS:
        return _TRUTHS[word].told(language.lang)
    return brief(word, type_, program.enumerations, language) if isinstance(type_, EnumType) else word


def _spread(program: Program, type_: Type, spread: Spread, language: Language) -> list[str]:
    delta_type = Scalar.POINTS if type_ is Scalar.RATE else type_  # a difference of rates is in points

    def words(delta: Number) -> str:
        told = brief(delta, delta_type, program.enumerations, language)
        return told if delta <= 0 else f"≈ +{told[2:]}" if told.startswith("≈ ") else f"+{told}"

    low, middle, high = words(spread.minimum), words(spread.median), words(spread.maximum)
    moves = filled(
        "en hausse : {rising} ; en baisse : {falling}",
        "rising: {rising}; falling: {falling}",
        rising=counted(spread.higher, RECORD),
        falling=counted(spread.lower, RECORD),
    )
    apart = Phrase(
        f"écart le plus bas {low}, médian {middle}, le plus haut {high}", f"lowest difference {low}, median {middle}, highest {high}"
    )
    same = Phrase(f"le même écart partout : {low}", f"the same difference everywhere: {low}")
    return [moves.told(language.lang), (same if spread.minimum == spread.maximum else apart).told(language.lang)]


def _in_unit(delta: Number, type_: Type) -> Fraction:
    factor = Fraction(100) if type_ in (Scalar.RATE, Scalar.POINTS) else Fraction(1, 100) if type_ is Scalar.MONEY else Fraction(1)
    return Fraction(delta) * factor


def _groups(
    program: Program, changed: Mapping[str, Mapping[str, int]], totals: Mapping[str, Mapping[str, int]], lang: Lang
) -> tuple[GroupView, ...]:
    views = []
    for name, values in changed.items():
        field = program.main.fields[name]
        rows = [(_label(program, field.type, value, lang), number, totals[name][value]) for value, number in values.items()]
        views.append(GroupView(field.label or name, tuple(sorted(rows, key=lambda row: (-row[1], row[0])))))
    return tuple(views)


def _label(program: Program, type_: Type, value: str, lang: Lang) -> str:
    if value == MISSING:
        return Phrase("non renseigné", "not given").told(lang)
    spec = program.enumerations.get(type_.name) if isinstance(type_, EnumType) else None
    return (spec.values.get(value) if spec else None) or value
