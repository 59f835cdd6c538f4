"""A unit of law as the pack renders it: its words, then each definition with the clause's standing, for a reader to compare."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from optam_rules.base.calendar import Interval
from optam_rules.core.program import ArticleText, DatedValue, Parameter, Program, Provenance
from optam_rules.core.standing import Standing
from optam_rules.tools.report.table import table
from optam_rules.tools.report.tree import fill
from optam_rules.tools.report.values import show
from optam_rules.tools.report.words import days_words, interval_words

_INDENT = "  "


def article_page(program: Program, unit: ArticleText, *, width: int | None = None) -> str:
    """Tell a unit of law: title, days in force, reference, own words, and what the pack draws from it."""
    heading = unit.number if unit.kind == "annexe" else f"{unit.kind} {unit.number}"
    lines = [f"{heading[0].upper()}{heading[1:]} — {unit.title}", f"{program.title}, version {program.version}"]
    lines += [line for line in (interval_words(unit.interval.start, unit.interval.end), unit.provenance.reference) if line]
    lines += _amendment(unit.provenance)
    lines.append(_standing(unit.provenance))
    if unit.text:
        lines += ["", *_own_words(unit.text, width)]
    drawn = list(_drawn(program, unit))
    if drawn:
        lines += ["", "Ce que le pack en tire :", *drawn]
    return "\n".join(lines)


def contents(program: Program) -> str:
    """List the units of law of a pack, and its answers."""
    units = [(unit.number, unit.title, days_words(unit.interval)) for unit in program.articles]
    answers = [(path, str(definition.type), definition.label) for path, definition in program.answers()]
    head = f"{program.title}, version {program.version}"
    return "\n".join(
        [head, "", table(("article", "titre", "en vigueur"), units), "", table(("réponse", "type", "libellé"), answers)],
    )


def _own_words(text: str, width: int | None) -> list[str]:
    lines = textwrap.dedent(text).strip("\n").splitlines()
    if width is None:
        return [_INDENT + line.strip() for line in lines]
    return [part for line in lines for part in fill(line.strip(), width, _INDENT, _INDENT) or [""]]


def _standing(origin: Provenance) -> str:
    source = f", « {origin.source} »" if origin.source else ""
    match origin.standing:
        case Standing.TEXT:
            return "Fondement : le texte"
        case Standing.CAISSE:
            return f"Fondement : la caisse{source}"
        case Standing.DOCTRINE:
            return f"Fondement : la doctrine{source}"
        case _:
            return f"Fondement : une hypothèse{f', « {origin.hypothesis} »' if origin.hypothesis else source}"


def _amendment(origin: Provenance) -> list[str]:
    """Tell the amendment that wrote a clause, and the day since which it could be read."""
    published = f"publié le {origin.published}" if origin.published is not None else ""
    words = ", ".join(part for part in (f"Avenant « {origin.amendment} »" if origin.amendment else "", published) if part)
    return [words[0].upper() + words[1:]] if words else []


def _drawn(program: Program, unit: ArticleText) -> Iterator[str]:
    def here(origin: Provenance, interval: Interval) -> bool:
        return origin.article == unit.number and not interval.intersect(unit.interval).empty

    for parameter in program.parameters.values():
        if parameter.provenance.article == unit.number:
            values = " ; ".join(_dated(program, parameter, dated, unit) for dated in parameter.values)
            yield from _entry("paramètre", f"{parameter.name} = {values}", parameter.label, "", parameter.provenance, unit)
    for table_ in program.references.values():
        if table_.provenance.article == unit.number:
            keys = " ; ".join(name for name, _ in table_.keys)
            yield from _entry("référentiel à fournir", f"{table_.name}[{keys}]", table_.label, "", table_.provenance, unit)
    for hypothesis in program.hypotheses.values():
        if hypothesis.provenance.article == unit.number:
            yield f"{_INDENT}question ouverte {hypothesis.name} : {hypothesis.text} ({' ou '.join(hypothesis.readings)})"
    for definition in program.definitions.values():
        kind = "table" if definition.is_table else "règle"
        owner = "" if definition.entity == program.main.name else f" de {definition.entity}"
        for version in definition.versions:
            if here(version.provenance, version.interval):
                days = _own_days(version.interval, unit)
                yield from _entry(kind, definition.name + owner, definition.label, days, version.provenance, unit)
        for clause in definition.exceptions:
            if here(clause.provenance, clause.interval):
                days = _own_days(clause.interval, unit)
                yield from _entry("exception", f"{clause.name} de {clause.parent}", "", days, clause.provenance, unit)


def _dated(program: Program, parameter: Parameter, dated: DatedValue, unit: ArticleText) -> str:
    days = "" if dated.interval == unit.interval else interval_words(dated.interval.start, dated.interval.end)
    own = dated.provenance is not None and _amendment(dated.provenance) != _amendment(parameter.provenance)
    told = [days, *(line[0].lower() + line[1:] for line in (_amendment(dated.provenance) if own and dated.provenance else []))]
    words = ", ".join(part for part in told if part)
    return show(dated.value, parameter.type, program.enumerations) + (f" ({words})" if words else "")


def _own_days(interval: Interval, unit: ArticleText) -> str:
    return "" if interval == unit.interval else interval_words(interval.start, interval.end)


def _entry(kind: str, name: str, label: str, more: str, origin: Provenance, unit: ArticleText) -> Iterator[str]:
    yield f"{_INDENT}{kind} {name}" + (f" — {label}" if label else "") + (f" ({more})" if more else "")
    if _amendment(origin) != _amendment(unit.provenance):
        yield from (f"{_INDENT * 2}{line}" for line in _amendment(origin))
    if _standing(origin) != _standing(unit.provenance):
        yield f"{_INDENT * 2}{_standing(origin)}"
    for fragment in origin.cites:
        yield f"{_INDENT * 2}cite « {fragment} »"
