"""A unit of law as the pack renders it: its words, then each definition with the clause's standing, for a reader to compare."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from optam_rules.base.calendar import Interval
from optam_rules.base.phrases import COLON, Lang, Phrase, joined, told
from optam_rules.core.program import ArticleText, DatedValue, Parameter, Program, Provenance
from optam_rules.core.standing import Standing
from optam_rules.tools.report.table import table
from optam_rules.tools.report.tree import fill
from optam_rules.tools.report.values import show
from optam_rules.tools.report.wording import Language
from optam_rules.tools.report.words import IN_FORCE, days_words, interval_words

_INDENT = "  "
_HEADINGS = (
    ("article", Phrase("titre", "title"), IN_FORCE),
    (Phrase("réponse", "answer"), "type", Phrase("libellé", "label")),
)
_DRAWN = Phrase("Ce que le pack en tire :", "What the pack draws from it:")
_AMENDMENT = Phrase("Avenant", "Amendment")
_GROUND = Phrase("Fondement : ", "Rests on: ")
_GROUNDS = {
    Standing.TEXT: Phrase("le texte", "the text"),
    Standing.CAISSE: Phrase("la caisse", "the fund (caisse)"),
    Standing.DOCTRINE: Phrase("la doctrine", "doctrine"),
    Standing.HYPOTHESIS: Phrase("une hypothèse", "an assumption"),
}
_PARAMETER = Phrase("paramètre", "parameter")
_REFERENCE = Phrase("référentiel à fournir", "reference table to supply")
_QUESTION = Phrase("question ouverte", "open question")
_RULE, _TABLE = Phrase("règle", "rule"), Phrase("table", "table")
_EXCEPTION = Phrase("exception", "exception")
_OF = Phrase("de", "of")
_CITES = Phrase("cite", "cites")


def article_page(program: Program, unit: ArticleText, *, width: int | None = None, language: Language = Language.FRENCH) -> str:
    """Tell a unit of law: title, days in force, reference, own words, and what the pack draws from it."""
    heading = unit.number if unit.kind == "annexe" else f"{unit.kind} {unit.number}"
    lines = [f"{heading[0].upper()}{heading[1:]} — {unit.title}", f"{program.title}, version {program.version}"]
    lines += [line for line in (interval_words(unit.interval.start, unit.interval.end, language), unit.provenance.reference) if line]
    lines += _amendment(unit.provenance, language.lang)
    lines.append(_standing(unit.provenance, language.lang))
    if unit.text:
        lines += ["", *_own_words(unit.text, width)]
    drawn = list(_drawn(program, unit, language))
    if drawn:
        lines += ["", _DRAWN.told(language.lang), *drawn]
    return "\n".join(lines)


def contents(program: Program, language: Language = Language.FRENCH) -> str:
    """List the units of law of a pack, and its answers."""
    units = [(unit.number, unit.title, days_words(unit.interval, language)) for unit in program.articles]
    answers = [(path, str(definition.type), definition.label) for path, definition in program.answers()]
    head = f"{program.title}, version {program.version}"
    headings = [[told(heading, language.lang) for heading in row] for row in _HEADINGS]
    return "\n".join([head, "", table(headings[0], units), "", table(headings[1], answers)])


def _own_words(text: str, width: int | None) -> list[str]:
    lines = textwrap.dedent(text).strip("\n").splitlines()
    if width is None:
        return [_INDENT + line.strip() for line in lines]
    return [part for line in lines for part in fill(line.strip(), width, _INDENT, _INDENT) or [""]]


def _standing(origin: Provenance, lang: Lang) -> str:
    quoted = origin.hypothesis if origin.standing is Standing.HYPOTHESIS and origin.hypothesis else origin.source
    source = f", « {quoted} »" if quoted and origin.standing is not Standing.TEXT else ""
    return f"{_GROUND.told(lang)}{_GROUNDS[origin.standing].told(lang)}{source}"


def _amendment(origin: Provenance, lang: Lang) -> list[str]:
    """Tell the amendment that wrote a clause, and the day since which it could be read."""
    published = (
        Phrase(f"publié le {origin.published}", f"published on {origin.published}").told(lang) if origin.published is not None else ""
    )
    words = ", ".join(part for part in (f"{_AMENDMENT.told(lang)} « {origin.amendment} »" if origin.amendment else "", published) if part)
    return [words[0].upper() + words[1:]] if words else []


def _drawn(program: Program, unit: ArticleText, language: Language) -> Iterator[str]:
    lang = language.lang

    def here(origin: Provenance, interval: Interval) -> bool:
        return origin.article == unit.number and not interval.intersect(unit.interval).empty

    for parameter in program.parameters.values():
        if parameter.provenance.article == unit.number:
            values = " ; ".join(_dated(program, parameter, dated, unit, language) for dated in parameter.values)
            yield from _entry(_PARAMETER, f"{parameter.name} = {values}", parameter.label, "", parameter.provenance, unit, lang)
    for table_ in program.references.values():
        if table_.provenance.article == unit.number:
            keys = " ; ".join(name for name, _ in table_.keys)
            yield from _entry(_REFERENCE, f"{table_.name}[{keys}]", table_.label, "", table_.provenance, unit, lang)
    for hypothesis in program.hypotheses.values():
        if hypothesis.provenance.article == unit.number:
            readings = joined(Phrase(" ou ", " or "), hypothesis.readings).told(lang)
            yield f"{_INDENT}{_QUESTION.told(lang)} {hypothesis.name}{COLON.told(lang)}{hypothesis.text} ({readings})"
    for definition in program.definitions.values():
        kind = _TABLE if definition.is_table else _RULE
        owner = "" if definition.entity == program.main.name else f" {_OF.told(lang)} {definition.entity}"
        for version in definition.versions:
            if here(version.provenance, version.interval):
                days = _own_days(version.interval, unit, language)
                yield from _entry(kind, definition.name + owner, definition.label, days, version.provenance, unit, lang)
        for clause in definition.exceptions:
            if here(clause.provenance, clause.interval):
                days = _own_days(clause.interval, unit, language)
                yield from _entry(_EXCEPTION, f"{clause.name} {_OF.told(lang)} {clause.parent}", "", days, clause.provenance, unit, lang)


def _dated(program: Program, parameter: Parameter, dated: DatedValue, unit: ArticleText, language: Language) -> str:
    lang = language.lang
    days = _own_days(dated.interval, unit, language)
    amended = _amendment(dated.provenance, lang) if dated.provenance is not None else []
    own = amended != _amendment(parameter.provenance, lang)
    parts = [days, *(line[0].lower() + line[1:] for line in (amended if own else []))]
    words = ", ".join(part for part in parts if part)
    return show(dated.value, parameter.type, program.enumerations, language) + (f" ({words})" if words else "")


def _own_days(interval: Interval, unit: ArticleText, language: Language) -> str:
    return "" if interval == unit.interval else interval_words(interval.start, interval.end, language)


def _entry(kind: Phrase, name: str, label: str, more: str, origin: Provenance, unit: ArticleText, lang: Lang) -> Iterator[str]:
    yield f"{_INDENT}{kind.told(lang)} {name}" + (f" — {label}" if label else "") + (f" ({more})" if more else "")
    if _amendment(origin, lang) != _amendment(unit.provenance, lang):
        yield from (f"{_INDENT * 2}{line}" for line in _amendment(origin, lang))
    if _standing(origin, lang) != _standing(unit.provenance, lang):
        yield f"{_INDENT * 2}{_standing(origin, lang)}"
    for fragment in origin.cites:
        yield f"{_INDENT * 2}{_CITES.told(lang)} « {fragment} »"
