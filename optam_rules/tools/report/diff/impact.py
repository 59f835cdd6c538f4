"""The effect of a change on a file of practitioners turned into words and numbers for tables and plots."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import attrs

from optam_rules.analysis.compare.impact import MISSING, AnswerImpact, Impact, Spread
from optam_rules.analysis.compare.result import Diff
from optam_rules.base.diagnostics import Diagnostic
from optam_rules.base.numbers import Number
from optam_rules.core.program import Program
from optam_rules.core.types import EnumType, Scalar, Type
from optam_rules.tools.report.judgement import short
from optam_rules.tools.report.values import brief
from optam_rules.tools.report.words import counted


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


def impact_view(diff: Diff) -> ImpactView | None:
    """Put an impact in words."""
    found = diff.impact
    if found is None:
        return None
    programs = diff.comparison.old.program, diff.comparison.new.program
    return ImpactView(
        _headline(found),
        tuple(_answer(programs[1], found, each) for each in found.answers),
        _groups(programs[1], found.groups, found.totals),
        tuple(
            (
                _who(each.identifiant, each.position),
                tuple(
                    f"{move.path} : {short(move.old, programs[0].enumerations)}, puis {short(move.new, programs[1].enumerations)}"
                    for move in each.moves
                ),
            )
            for each in found.touched
        ),
        tuple((_who(each.identifiant, each.position), _faults(each.old_faults, each.new_faults)) for each in found.refused),
    )


def _headline(found: Impact) -> str:
    total = found.compared + len(found.refused)
    share = f"{_percent(len(found.touched), found.compared)} des dossiers comparés" if found.compared else "aucun dossier comparé"
    return (
        f"lus : {total} = comparés : {found.compared} + refusés : {len(found.refused)} ; "
        f"{counted(len(found.touched), 'dossier')} {'changent' if len(found.touched) > 1 else 'change'} ({share})"
    )


def _percent(part: int, whole: int) -> str:
    """Say a share with one decimal, rounded half up."""
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10},{tenths % 10} %"


def _who(identifiant: str | None, position: int) -> str:
    return identifiant or f"dossier {position}"


def _faults(old: tuple[Diagnostic, ...], new: tuple[Diagnostic, ...]) -> tuple[str, ...]:
    both = [fault for fault in old if fault in new]
    told = [f"{fault.code} {fault.path or ''} : {fault.message}" for fault in both]
    told += [f"du côté ancien, {fault.code} {fault.path or ''} : {fault.message}" for fault in old if fault not in both]
    told += [f"du côté nouveau, {fault.code} {fault.path or ''} : {fault.message}" for fault in new if fault not in both]
    return tuple(told)


def _answer(program: Program, found: Impact, answer: AnswerImpact) -> AnswerImpactView:
    definition = program.answers_by_path[answer.path]
    lines = [
        f"{_state(program, answer.type, before)}, puis {_state(program, answer.type, after)} : {counted(number, 'dossier')}"
        for (before, after), number in answer.shifts.items()
    ]
    if answer.spread is not None:
        lines = [*_spread(program, answer.type, answer.spread), *lines]
    deltas = tuple(float(_in_unit(delta, answer.type)) for delta in answer.spread.deltas) if answer.spread else ()
    return AnswerImpactView(
        answer.path,
        definition.label,
        answer.changed,
        tuple(lines),
        deltas,
        _UNITS.get(answer.type, ""),
        _groups(program, answer.groups, found.totals),
    )


_STATES = {"unknown": "inconnu", "not_applicable": "sans objet", "conflict": "conflit", "error": "erreur", "known": "une valeur"}
_UNITS: Mapping[Type, str] = {Scalar.RATE: "points", Scalar.POINTS: "points", Scalar.MONEY: "€"}


def _state(program: Program, type_: Type, word: str) -> str:
    if word in _STATES:
        return _STATES[word]
    if type_ is Scalar.BOOLEAN:
        return {"vrai": "oui", "faux": "non"}.get(word, word)
    return brief(word, type_, program.enumerations) if isinstance(type_, EnumType) else word


def _spread(program: Program, type_: Type, spread: Spread) -> list[str]:
    delta_type = Scalar.POINTS if type_ is Scalar.RATE else type_  # a difference of rates is in points

    def words(delta: Number) -> str:
        told = brief(delta, delta_type, program.enumerations)
        return told if delta <= 0 else f"≈ +{told[2:]}" if told.startswith("≈ ") else f"+{told}"

    rising, falling = counted(spread.higher, "dossier"), counted(spread.lower, "dossier")
    apart = f"écart le plus bas {words(spread.minimum)}, médian {words(spread.median)}, le plus haut {words(spread.maximum)}"
    same = f"le même écart partout : {words(spread.minimum)}"
    return [f"en hausse : {rising} ; en baisse : {falling}", same if spread.minimum == spread.maximum else apart]


def _in_unit(delta: Number, type_: Type) -> Fraction:
    factor = Fraction(100) if type_ in (Scalar.RATE, Scalar.POINTS) else Fraction(1, 100) if type_ is Scalar.MONEY else Fraction(1)
    return Fraction(delta) * factor


def _groups(program: Program, changed: Mapping[str, Mapping[str, int]], totals: Mapping[str, Mapping[str, int]]) -> tuple[GroupView, ...]:
    views = []
    for name, values in changed.items():
        field = program.main.fields[name]
        rows = [(_label(program, field.type, value), number, totals[name][value]) for value, number in values.items()]
        views.append(GroupView(field.label or name, tuple(sorted(rows, key=lambda row: (-row[1], row[0])))))
    return tuple(views)


def _label(program: Program, type_: Type, value: str) -> str:
    if value == MISSING:
        return "non renseigné"
    spec = program.enumerations.get(type_.name) if isinstance(type_, EnumType) else None
    return (spec.values.get(value) if spec else None) or value
