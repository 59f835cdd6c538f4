"""From amendment files to what is wrong with them alone: what they change exists, and they change something.

The consolidated text is made elsewhere; here an amendment is only checked for being well formed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from optam_rules.base.source import Position
from optam_rules.elaborate.faults import Faults, listed, word_at
from optam_rules.elaborate.items import Items
from optam_rules.elaborate.names import Kind, Names
from optam_rules.syntax.abstract import (
    Amend,
    AmendmentHeader,
    AmendmentVerb,
    ConventionHeader,
    Declaration,
    EntityDecl,
    EnumDecl,
    ExceptionDecl,
    FileSyntax,
    Heading,
    ParameterDecl,
    ReferenceDecl,
    Repeal,
    RuleDecl,
    TableDecl,
    TestDecl,
)


def check_amendments(files: Sequence[FileSyntax], parents: Sequence[FileSyntax], items: Items, names: Names) -> None:
    """Check the files that open with `avenant`, against the items that they amend where a pack to amend is given."""
    headers = [file.header for file in parents if isinstance(file.header, ConventionHeader)]
    for file in files:
        if isinstance(file.header, AmendmentHeader):
            known = _names_its_convention(file.header, headers, names.faults)
            _check_items(file, items, names, given=bool(parents) and known)


def _names_its_convention(header: AmendmentHeader, parents: Sequence[ConventionHeader], faults: Faults) -> bool:
    """Tell an amendment whose convention is not the one that was read; whether it is, or nothing says so."""
    titles = {parent.title for parent in parents}
    if titles and header.amends not in titles:
        faults.tell("E227", header.position, found=header.amends, hint=faults.meant(header.amends, titles))
        return False
    versions = {parent.version for parent in parents if parent.title == header.amends}
    if versions and header.version is not None and header.version not in versions:
        wanted = f"{header.amends}, version {header.version}"
        faults.tell("E227", header.position, found=wanted, hint=f"la version lue est {listed(sorted(versions), 'ou')}")
        return False
    return True


def _check_items(file: FileSyntax, items: Items, names: Names, *, given: bool) -> None:
    faults = names.faults
    opened = changes = False
    for item in file.items:
        match item:
            case Amend(verb, declaration):
                changes = True
                opened = isinstance(declaration, Heading)
                if given:
                    _check_target(verb, declaration, item.position, items, names)
            case Repeal(kind, name):
                changes, opened = True, False
                if given and not _exists(kind, name, items, names):
                    _tell_missing("abroge", kind, name, item.position, items, names)
            case Heading():
                opened = False
                faults.tell("E234", item.position)
            case TestDecl():
                pass
            case _:
                if not opened and not file.broken:
                    faults.tell("E234", item.position)
    if not changes and not file.broken and file.header is not None:
        faults.tell("E233", file.header.position)


def _target(declaration: Declaration) -> tuple[str, str] | None:
    """Return the kind and name of what can be replaced or inserted by name."""
    match declaration:
        case Heading():
            return declaration.kind.value, declaration.number
        case RuleDecl():
            return "règle", declaration.name
        case TableDecl():
            return "table", declaration.name
        case ExceptionDecl():
            return "exception", declaration.name
        case ParameterDecl():
            return "paramètre", declaration.name
        case ReferenceDecl():
            return "référentiel", declaration.name
        case EntityDecl():
            return "entité", declaration.name
        case EnumDecl():
            return "énumération", declaration.name
    return None


def _check_target(verb: AmendmentVerb, declaration: Declaration, position: Position, items: Items, names: Names) -> None:
    target = _target(declaration)
    if target is None:
        if verb is AmendmentVerb.REPLACE:
            names.faults.tell("E236", position)
        return
    kind, name = target
    exists = _exists(kind, name, items, names)
    match verb:
        case AmendmentVerb.REPLACE if not exists:
            _tell_missing(verb.value, kind, name, position, items, names)
        case AmendmentVerb.INSERT if exists:
            names.faults.tell("E237", word_at(position, name), target=_called(kind, name))
        case AmendmentVerb.REPLACE | AmendmentVerb.INSERT:
            pass
        case _:
            assert_never(verb)


def _exists(kind: str, name: str, items: Items, names: Names) -> bool:
    return name in names.broken or name in _known(kind, items, names)


def _known(kind: str, items: Items, names: Names) -> list[str]:
    match kind:
        case "article" | "annexe" | "clause":
            return [unit.heading.number for unit, _ in items.units if unit.heading.kind.value == kind]
        case "règle" | "table":
            wanted = Kind.RULE if kind == "règle" else Kind.TABLE
            return [name for entity, name in names.definers if names.members[entity][name].kind is wanted]
        case "exception":
            return [placed.item.name for placed in items.exceptions]
        case _:
            kinds = {"paramètre": Kind.PARAMETER, "référentiel": Kind.REFERENCE, "entité": Kind.ENTITY, "énumération": Kind.ENUMERATION}
            return [meaning.name for meaning in names.shared.values() if meaning.kind is kinds[kind]]


def _tell_missing(verb: str, kind: str, name: str, position: Position, items: Items, names: Names) -> None:
    hint = names.faults.meant(name, _known(kind, items, names))
    names.faults.tell("E235", word_at(position, name), verb=verb, target=_called(kind, name), hint=hint)


def _called(kind: str, name: str) -> str:
    """Name what an amendment aims at as a sentence does: `l'article 44`, `la table t`."""
    if kind == "annexe":
        return f"l'{name}"
    article = "l'" if kind[0] in "aeé" else "la " if kind in ("règle", "table", "clause") else "le "
    return f"{article}{kind} `{name}`"
