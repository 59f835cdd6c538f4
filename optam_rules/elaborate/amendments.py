"""From a file that opens with `avenant` to its statements: what each one aims at, from which day, and since when it can be known.

Form alone is looked at here; what the statements do to the convention is `consolidation`'s.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from enum import Enum

import attrs

from optam_rules.base.phrases import Phrase, filled
from optam_rules.base.source import Position
from optam_rules.elaborate.faults import OR, Faults, listed
from optam_rules.syntax.abstract import (
    Amend,
    AmendmentHeader,
    AmendmentVerb,
    Complete,
    ConventionHeader,
    Declaration,
    EntityDecl,
    EnumDecl,
    ExceptionDecl,
    FieldDecl,
    FileSyntax,
    Heading,
    HypothesisDecl,
    Item,
    ParameterDecl,
    PropertyDecl,
    ReferenceDecl,
    Repeal,
    RuleDecl,
    TableDecl,
    TestDecl,
    UndercutDecl,
)


class Act(Enum):
    """What a statement does; the value is the French verb."""

    REPLACE = "remplace"
    INSERT = "insère"
    COMPLETE = "complète"
    REPEAL = "abroge"


@attrs.frozen
class Target:
    """A unit of law or a named declaration; `entity` as written, on rules and tables alone."""

    kind: str
    name: str
    entity: str | None = None

    @property
    def is_unit(self) -> bool:
        """Tell an article, annexe or clause from a declaration."""
        return self.kind in ("article", "annexe", "clause")

    @property
    def phrase(self) -> Phrase:
        """What messages call it."""
        if self.kind == "annexe":
            return Phrase(f"l'{self.name}", self.name)
        article = "l'" if self.kind[0] in "aeéh" else "la " if self.kind in ("règle", "table", "clause", "donnée") else "le "
        return Phrase(f"{article}{self.kind} `{self.name}`", f"the {_KINDS.get(self.kind, self.kind)} `{self.name}`")


# The English of the kinds that are not called the same in both languages.
_KINDS = {
    "règle": "rule",
    "paramètre": "parameter",
    "référentiel": "reference table",
    "entité": "entity",
    "énumération": "enumeration",
    "hypothèse": "assumption",
    "donnée": "input",
    "propriété": "property",
}


@attrs.frozen
class Statement:
    """One thing that an amendment does. `since` is `None` for what has no days of its own (an enumeration, a reference table)."""

    act: Act
    target: Target | None  # None for an inserted declaration without a name
    since: dt.date | None
    published: dt.date | None
    declaration: Declaration | Complete | None
    members: tuple[Item, ...]
    header: AmendmentHeader
    position: Position


@attrs.frozen
class Amendment:
    """A file of statements; `loose` holds its tests and properties, which change nothing."""

    file: FileSyntax
    header: AmendmentHeader
    statements: tuple[Statement, ...]
    loose: tuple[Item, ...]


Dated = RuleDecl | TableDecl | ExceptionDecl | UndercutDecl | ParameterDecl | PropertyDecl
DATED = (RuleDecl, TableDecl, ExceptionDecl, UndercutDecl, ParameterDecl, PropertyDecl)


def target_of(item: Item) -> Target | None:
    """Return the kind and name of what can be replaced, inserted or completed by name."""
    match item:
        case Heading() | Complete():
            return Target(item.kind.value, item.number)
        case RuleDecl():
            return Target("règle", item.name, item.entity)
        case TableDecl():
            return Target("table", item.name, item.entity)
        case ExceptionDecl():
            return Target("exception", item.name)
        case ParameterDecl():
            return Target("paramètre", item.name)
        case ReferenceDecl():
            return Target("référentiel", item.name)
        case EntityDecl():
            return Target("entité", item.name)
        case EnumDecl():
            return Target("énumération", item.name)
        case HypothesisDecl():
            return Target("hypothèse", item.name)
        case Repeal():
            return Target(item.kind, item.name, item.entity)
    return None


def amended(header: AmendmentHeader, conventions: Sequence[ConventionHeader], faults: Faults) -> bool:
    """Tell whether the convention that an amendment names is among those that were read; where it is not, that is told."""
    titles = {convention.title for convention in conventions}
    if not titles:
        return False
    if header.amends not in titles:
        faults.tell("E227", header.position, found=header.amends, hint=faults.meant(header.amends, titles))
        return False
    versions = {convention.version for convention in conventions if convention.title == header.amends}
    if header.version is not None and header.version not in versions:
        wanted = f"{header.amends}, version {header.version}"
        hint = filled("la version lue est {read}", "the version being read is {read}", read=listed(sorted(versions), OR))
        faults.tell("E227", header.position, found=wanted, hint=hint)
        return False
    return True


_NO_STATEMENT = Phrase("rien n'y est remplacé, inséré, complété ni abrogé", "nothing in it is replaced, inserted, supplemented or repealed")


def read_amendment(file: FileSyntax, header: AmendmentHeader, faults: Faults) -> Amendment:
    """Return the statements of a file, and tell declarations that no verb opens."""
    statements: list[Statement] = []
    loose: list[Item] = []
    for opening, members in _groups(file.items):
        if opening is None:
            _loose(members, loose, file, faults)
            continue
        statement = _statement(opening, members, header, faults)
        if statement is not None:
            statements.append(statement)
        if not isinstance(opening, Complete) and not (isinstance(opening, Amend) and isinstance(opening.declaration, Heading)):
            _loose(members, loose, file, faults)
    if not file.broken and not any(isinstance(item, Amend | Complete | Repeal) for item in file.items):
        faults.tell("E233", header.position, reason=_NO_STATEMENT)
    return Amendment(file, header, tuple(statements), tuple(loose))


def _groups(items: Sequence[Item]) -> Iterator[tuple[Amend | Complete | Repeal | None, list[Item]]]:
    """Yield each verb with what follows it, first what stands before any."""
    opening: Amend | Complete | Repeal | None = None
    members: list[Item] = []
    for item in items:
        if isinstance(item, Amend | Complete | Repeal):
            yield opening, members
            opening, members = item, []
        elif isinstance(item, Heading):
            yield opening, members
            opening, members = None, [item]
        else:
            members.append(item)
    yield opening, members


def _loose(members: Sequence[Item], loose: list[Item], file: FileSyntax, faults: Faults) -> None:
    """Set aside what changes nothing; any other declaration wants a verb."""
    for item in members:
        if isinstance(item, TestDecl | PropertyDecl):
            loose.append(item)
        elif not file.broken or isinstance(item, Heading):
            faults.tell("E234", item.position)


def _statement(opening: Amend | Complete | Repeal, members: list[Item], header: AmendmentHeader, faults: Faults) -> Statement | None:
    said: Item = opening.declaration if isinstance(opening, Amend) else opening
    act = _ACTS[opening.verb] if isinstance(opening, Amend) else Act.COMPLETE if isinstance(opening, Complete) else Act.REPEAL
    target = target_of(said)
    if act is Act.REPLACE and (target is None or isinstance(said, EntityDecl)):
        faults.tell("E236", opening.position)
        return None
    since = _since(said, header)
    if since is None and isinstance(said, (*DATED, Heading, Complete)) and not isinstance(said, PropertyDecl):
        faults.tell("E239", opening.position, verb=act.value)
        return None
    published = said.clauses.published if isinstance(said, Heading) else None
    opens = isinstance(said, Heading | Complete)
    return Statement(
        act,
        target,
        since,
        published or header.published,
        None if isinstance(said, Repeal) else said,  # type: ignore[arg-type]
        tuple(members) if opens else (),
        header,
        opening.position,
    )


_ACTS = {AmendmentVerb.REPLACE: Act.REPLACE, AmendmentVerb.INSERT: Act.INSERT}


def _since(said: Item, header: AmendmentHeader) -> dt.date | None:
    """Return the day from which something changes: its own, else the amendment's."""
    match said:
        case Repeal():
            return said.since
        case Complete():
            own = said.interval.start if said.interval is not None else None
        case ParameterDecl():
            own = min(value.since for value in said.values)
        case Heading() | RuleDecl() | TableDecl() | ExceptionDecl() | UndercutDecl() | PropertyDecl():
            own = said.clauses.interval.start if said.clauses.interval is not None else None
        case FieldDecl() | EntityDecl():
            return None
        case _:
            own = None
    return own or header.since
