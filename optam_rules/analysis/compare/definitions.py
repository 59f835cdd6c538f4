"""From two definitions to what was written anew in them: versions, rows of tables, exceptions and what neutralises them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from optam_rules.analysis.compare.change import Aspect, Change, How, What, aspects, excerpt, origin_aspects, standing_words
from optam_rules.analysis.compare.pair import pair
from optam_rules.base.calendar import Interval
from optam_rules.base.phrases import Phrase, Word
from optam_rules.core.identity import cells_form, form
from optam_rules.core.ir import Row, Table
from optam_rules.core.program import Definition, ExceptionClause, Program, Provenance, Undercut, Version


def whole(how: How, program: Program, definition: Definition) -> Change:
    """Return the change that a definition added or removed is."""
    first = definition.versions[0].provenance
    body = Aspect("texte", None, excerpt(first.position)) if how is How.ADDED else Aspect("texte", excerpt(first.position), None)
    return one_sided(What.DEFINITION, how, spoken(program, definition), None, first, (body,))


def one_sided(what: What, how: How, name: str, owner: str | None, origin: Provenance, told: tuple[Aspect, ...] = ()) -> Change:
    """Return the change of something that one side lacks."""
    if how is How.ADDED:
        return Change(what, how, name, name, owner, told, new=origin.position, new_article=origin.article)
    return Change(what, how, name, name, owner, told, old=origin.position, old_article=origin.article)


def two_sided(
    what: What, names: tuple[str, str], owner: str | None, origins: tuple[Provenance, Provenance], told: tuple[Aspect, ...]
) -> Change:
    """Return the change of something that both sides have."""
    (before, after), (old, new) = names, origins
    how = How.CHANGED if before == after else How.RENAMED
    return Change(what, how, after, before, owner, told, old.position, new.position, old.article, new.article)


def spoken(program: Program, definition: Definition) -> str:
    """Name a definition: its own name, with its entity's where that is not the main one."""
    return definition.name if definition.entity == program.main.name else f"{definition.entity}.{definition.name}"


def definition_changes(programs: tuple[Program, Program], old: Definition, new: Definition) -> Iterator[Change]:
    """Yield what was written anew in a definition that both sides have."""
    names = spoken(programs[0], old), spoken(programs[1], new)
    origins = old.versions[0].provenance, new.versions[0].provenance
    head = aspects(
        [
            ("type", old.type, new.type),
            ("libellé", old.label, new.label),
            ("cumulable", _yes(old.cumulative), _yes(new.cumulative)),
            ("nature", _nature(old), _nature(new)),
        ]
    )
    if head or names[0] != names[1]:
        yield two_sided(What.DEFINITION, names, None, origins, head)
    yield from _versions(names[1], old.versions, new.versions)
    yield from _exceptions(names, old.exceptions, new.exceptions)
    yield from _undercuts(names[1], old.undercuts, new.undercuts)


def _yes(flag: bool) -> Phrase:
    return Phrase("oui", "yes") if flag else Phrase("non", "no")


def _nature(definition: Definition) -> Phrase:
    return Phrase("table", "table") if definition.is_table else Phrase("règle", "rule")


def _versions(owner: str, old: Sequence[Version], new: Sequence[Version]) -> Iterator[Change]:
    """Compare versions: those that begin on one day, then those of one text, then what is left in order of time."""
    pairs, removed, added = _by_time(old, new)
    for before, after in pairs:
        told = [*aspects([("dates", before.interval, after.interval)]), *origin_aspects(before.provenance, after.provenance)]
        if form(before.body) != form(after.body):
            if isinstance(before.body, Table) and isinstance(after.body, Table):
                yield from _rows(owner, before, after)
                told += _columns(before.body, after.body)
            else:
                told.append(Aspect("texte", excerpt(before.provenance.position), excerpt(after.provenance.position)))
        if told:
            name = _version_name(owner, after.interval, len(new) > 1)
            yield two_sided(What.VERSION, (name, name), owner, (before.provenance, after.provenance), tuple(told))
    for how, versions in ((How.REMOVED, removed), (How.ADDED, added)):
        for version in versions:
            text = excerpt(version.provenance.position)
            told = [Aspect("texte", text, None) if how is How.REMOVED else Aspect("texte", None, text)]
            yield one_sided(What.VERSION, how, _version_name(owner, version.interval, True), owner, version.provenance, tuple(told))


def _version_name(owner: str, interval: Interval, several: bool) -> str:
    return f"{owner}, {interval}" if several else owner


def _by_time(old: Sequence[Version], new: Sequence[Version]) -> tuple[list[tuple[Version, Version]], list[Version], list[Version]]:
    left, waiting = list(old), list(new)
    pairs: list[tuple[Version, Version]] = []
    for alike in (_same_start, _same_text, _overlap):
        for before in list(left):
            after = next((version for version in waiting if alike(before, version)), None)
            if after is not None:
                pairs.append((before, after))
                left.remove(before)
                waiting.remove(after)
    return sorted(pairs, key=lambda each: each[1].interval.start or dt.date.min), left, waiting


def _same_start(before: Version, after: Version) -> bool:
    return before.interval.start == after.interval.start


def _same_text(before: Version, after: Version) -> bool:
    return form(before.body) == form(after.body)


def _overlap(before: Version, after: Version) -> bool:
    return not before.interval.intersect(after.interval).empty


def _columns(old: Table, new: Table) -> tuple[Aspect, ...]:
    if [form(column) for column in old.columns] == [form(column) for column in new.columns]:
        return ()
    return aspects([("colonnes", " ; ".join(map(_column, old.columns)), " ; ".join(map(_column, new.columns)))])


def _column(expr: object) -> str:
    return excerpt(getattr(expr, "position", None)) or ""


def _rows(owner: str, old: Version, new: Version) -> Iterator[Change]:
    """Compare the rows of two tables by their conditions."""
    before, after = _rows_of(old), _rows_of(new)
    pairs = pair(before, after)
    for name, _ in pairs.both:
        first, last = before[name], after[name]
        told = list(
            aspects([("fondement", standing_words(first.standing), standing_words(last.standing)), ("source", first.source, last.source)])
        )
        if form(first.value) != form(last.value):
            told.insert(0, Aspect("valeur", excerpt(first.value.position), excerpt(last.value.position)))
        if told:
            yield Change(
                What.ROW, How.CHANGED, _conditions(last), _conditions(first), owner, tuple(told), first.position, last.position,
                old.provenance.article, new.provenance.article,
            )  # fmt: skip
    for how, names, rows, version in ((How.REMOVED, pairs.removed, before, old), (How.ADDED, pairs.added, after, new)):
        for name in names:
            row = rows[name]
            value = excerpt(row.value.position)
            told = [Aspect("valeur", value, None) if how is How.REMOVED else Aspect("valeur", None, value)]
            origin = Provenance(version.provenance.article, row.position)
            yield one_sided(What.ROW, how, _conditions(row), owner, origin, tuple(told))


def _rows_of(version: Version) -> Mapping[str, Row]:
    table = version.body
    if not isinstance(table, Table):
        return {}
    rows = {cells_form(row): row for row in table.rows}
    return rows | ({"sinon": table.otherwise} if table.otherwise else {})


def _conditions(row: Row) -> str:
    """Return the conditions of a row as the text has them: `]1 point ; 2 points[ | *`."""
    text = excerpt(row.position) or ""
    return " ".join(text.partition("->")[0].strip("| \n").split())


def _exceptions(owners: tuple[str, str], old: Sequence[ExceptionClause], new: Sequence[ExceptionClause]) -> Iterator[Change]:
    before, after = _named(old), _named(new)
    base = {owners[0].rpartition(".")[2], owners[1].rpartition(".")[2]}

    def shape(_: str, clause: ExceptionClause) -> object:
        return clause.parent if clause.parent not in base else "", clause.interval, form(clause.condition), form(clause.body)

    pairs = pair(before, after, shape)
    new_names = dict(pairs.both)
    for first_name, last_name in pairs.both:
        first, last = before[first_name], after[last_name]
        told = [
            *aspects(
                [
                    ("exception de", _parent(first, base, new_names), _parent(last, base, {})),
                    ("dates", first.interval, last.interval),
                    ("l'emporte sur", _over(first, new_names), _over(last, {})),
                ]
            ),
            *origin_aspects(first.provenance, last.provenance),
        ]
        if (form(first.condition), form(first.body)) != (form(last.condition), form(last.body)):
            told.append(Aspect("texte", excerpt(first.provenance.position), excerpt(last.provenance.position)))
        if told or first_name != last_name:
            yield two_sided(What.EXCEPTION, (first_name, last_name), owners[1], (first.provenance, last.provenance), tuple(told))
    for name in pairs.removed:
        text = Aspect("texte", excerpt(before[name].provenance.position), None)
        yield one_sided(What.EXCEPTION, How.REMOVED, name, owners[1], before[name].provenance, (text,))
    for name in pairs.added:
        text = Aspect("texte", None, excerpt(after[name].provenance.position))
        yield one_sided(What.EXCEPTION, How.ADDED, name, owners[1], after[name].provenance, (text,))


def _named(clauses: Sequence[ExceptionClause]) -> dict[str, ExceptionClause]:
    """Name exceptions; an amendment may have cut one into several, told by the day on which each begins."""
    found: dict[str, ExceptionClause] = {}
    for clause in sorted(clauses, key=lambda clause: clause.interval.start or dt.date.min):
        found[f"{clause.name}, depuis le {clause.interval.start}" if clause.name in found else clause.name] = clause
    return found


def _parent(clause: ExceptionClause, base: set[str], new_names: Mapping[str, str]) -> Word:
    return Phrase("la règle", "the rule") if clause.parent in base else new_names.get(clause.parent, clause.parent)


def _over(clause: ExceptionClause, new_names: Mapping[str, str]) -> str:
    return " ; ".join(sorted(new_names.get(name, name) for name in clause.overrides))


def _undercuts(owner: str, old: Sequence[Undercut], new: Sequence[Undercut]) -> Iterator[Change]:
    """Compare what neutralises exceptions: it has no name, so a changed one is one removed and one added."""
    before = {(cut.target, cut.interval, form(cut.condition)): cut for cut in old}
    after = {(cut.target, cut.interval, form(cut.condition)): cut for cut in new}
    for key, cut in before.items():
        if key not in after:
            text = Aspect("texte", excerpt(cut.provenance.position), None)
            yield one_sided(What.UNDERCUT, How.REMOVED, cut.target, owner, cut.provenance, (text,))
        elif told := origin_aspects(cut.provenance, after[key].provenance):
            yield two_sided(What.UNDERCUT, (cut.target, cut.target), owner, (cut.provenance, after[key].provenance), told)
    for key, cut in after.items():
        if key not in before:
            text = Aspect("texte", None, excerpt(cut.provenance.position))
            yield one_sided(What.UNDERCUT, How.ADDED, cut.target, owner, cut.provenance, (text,))
