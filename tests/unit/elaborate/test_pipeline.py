"""The whole of elaboration: order, silence, limits."""

from __future__ import annotations

from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from optam_rules.base.calendar import ALWAYS
from optam_rules.core.program import Program
from optam_rules.elaborate.pipeline import elaborate
from optam_rules.syntax.abstract import EntityDecl, FieldDecl, FileSyntax, Heading, Item
from optam_rules.syntax.limits import DEFAULT
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import source_of
from tests.unit.elaborate.texts import HEADER, VOCABULARY, codes, elaborated, info, parsed

TEXT = """
hypothèse bornes = hautes | basses "Que faire à la borne ?"
référentiel moyennes (secteur) : taux
règle libre : taux vaut moyennes[secteur]
article 1 "Un" en vigueur du 2020-01-01 au 2020-12-31
paramètre plafond : taux = 100 % depuis 2020-01-01 ; 90 % depuis 2020-07-01
règle retenu : taux vaut libre plafonné à plafond
exception x de retenu si volontaire l'emporte sur y vaut 1 %
exception y de retenu si anciennete > 3 vaut bareme
exception z de x si taux_demande > plafond vaut 2 %
neutralise x si secteur = aucun
table bareme : taux selon bornes ; anciennete
| hautes | <= 3 -> 1 %
| hautes | > 3  -> 2 %
| basses | *    -> inconnu
article 1 "Un" en vigueur du 2021-01-01
paramètre plafond : taux = 80 % depuis 2021-01-01
règle retenu : taux vaut groupe.moyen plafonné à plafond
règle moyen de groupe : taux vaut moyenne(m.libre pour m dans membres) si vide 0 %
propriété "p" retenu <= 100 %
test "t" au 2020-01-01 sachant volontaire = vrai attendu retenu = inconnu
"""


def groups(items: tuple[Item, ...]) -> list[list[Item]]:
    """Cut items at headings, and keep the data of an entity with it."""
    found: list[list[Item]] = [[]]
    for item in items:
        if isinstance(item, Heading):
            found.append([])
        found[-1].append(item)
    return found


def blocks(items: list[Item]) -> list[list[Item]]:
    """Group each entity with the data that follow it."""
    found: list[list[Item]] = []
    for item in items:
        if isinstance(item, FieldDecl) and found and isinstance(found[-1][0], EntityDecl):
            found[-1].append(item)
        else:
            found.append([item])
    return found


@st.composite
def shuffled(draw: st.DrawFn, tree: FileSyntax) -> FileSyntax:
    """Shuffle the declarations under each heading, then the headings themselves."""
    first, *rest = groups(tree.items)
    ordered = [first, *draw(st.permutations(rest))]
    items: list[Item] = []
    for group in ordered:
        head, body = ([group[0]], group[1:]) if group and isinstance(group[0], Heading) else ([], group)
        items += head
        for block in draw(st.permutations(blocks(body))):
            items += block
    return attrs.evolve(tree, items=tuple(items))


def without_order(program: Program | None) -> dict[str, Any]:
    """Return a program as a dictionary in which no list depends on the order of the text."""
    assert program is not None
    fields = {field.name: getattr(program, field.name) for field in attrs.fields(Program)}
    for name in ("articles", "tests", "properties"):
        fields[name] = sorted(fields[name], key=repr)
    fields["definitions"] = {
        key: attrs.evolve(
            definition,
            exceptions=tuple(sorted(definition.exceptions, key=lambda clause: (clause.name, repr(clause.interval)))),
            undercuts=tuple(sorted(definition.undercuts, key=repr)),
        )
        for key, definition in program.definitions.items()
    }
    return fields


@given(shuffled(parsed(HEADER + TEXT)), shuffled(parsed(VOCABULARY)))
@settings(max_examples=50, deadline=None)
def test_order_of_declarations_never_matters(own: FileSyntax, parent: FileSyntax) -> None:
    """Items shuffled under their headings, and headings among themselves, give the same program up to positions."""
    expected, _ = elaborate(info(), [parsed(HEADER + TEXT)], [parsed(VOCABULARY)])
    found, diagnostics = elaborate(info(), [own], [parent])
    assert [] == diagnostics
    assert without_order(expected) == without_order(found)


def test_files_of_a_pack_are_one_text() -> None:
    """A rule may be in one file, its exception in another."""
    program, diagnostics = elaborated("exception x de r si volontaire vaut 2", 'règle r : entier vaut 1\npropriété "p" r < 3')
    assert [] == diagnostics
    assert program is not None
    assert "x" == program.definitions["medecin", "r"].exceptions[0].name


def test_diagnostics_are_sorted_by_file_and_place() -> None:
    """Whatever finds them, diagnostics come in the order of the text, files by name."""
    found = elaborated("règle b : entier vaut rien\nrègle c : montnat vaut 1", "règle a : entier vaut 1 %")[1]
    assert [("essai0.conv", "E201"), ("essai0.conv", "E204"), ("essai1.conv", "E301")] == [
        (d.position.file, d.code) for d in found if d.position is not None
    ]


def test_warnings_leave_a_program() -> None:
    """A program comes out with warnings, none with an error; what is unused is told only where nothing is wrong."""
    program, diagnostics = elaborated("règle r : entier vaut 1")
    assert (True, ["W202"]) == (program is not None, [d.code for d in diagnostics])
    program, diagnostics = elaborated("règle r : entier vaut 1\nrègle s : entier vaut rien")
    assert (True, ["E201"]) == (program is None, [d.code for d in diagnostics])


def test_inherited_items_are_not_unused() -> None:
    """What the parents declare is theirs to use; a pack without rules is a vocabulary, whose values serve others."""
    parent = VOCABULARY + "règle heritee : entier vaut 1\nparamètre p : entier = 1 depuis 2020-01-01\n"
    assert [] == elaborated("", parent=parent)[1]
    vocabulary, diagnostics = elaborated("entité principale m\ndonnée d : e\nénumération e { a ; b }", parent="")
    assert [] == diagnostics
    assert vocabulary is not None


def test_warnings_of_the_parents_are_theirs() -> None:
    """A `sinon` that nothing reaches in the vocabulary is not told again of each pack above it; its errors are."""
    row = "table t : entier selon volontaire | vrai -> 1 | faux -> 2 | sinon -> 3"
    assert [] == elaborated("", parent=f"{VOCABULARY}{row}")[1]
    assert ["E407"] == codes("", parent=f"{VOCABULARY}table t : entier selon volontaire | vrai -> 1")


def test_program_carries_what_the_manifest_says() -> None:
    """Identity, digest, verified day and interval are passed on."""
    program, _ = elaborate(info(), [parsed(HEADER)], [parsed(VOCABULARY)])
    assert program is not None
    said = (program.id, program.title, program.version, program.digest, program.verified, program.interval)
    assert ("essai", "Essai", "1", "sha256:0", info().verified, ALWAYS) == said


def test_long_cycle_of_definitions_is_one_diagnostic() -> None:
    """Ten thousand definitions in a ring are one fault, found without recursion; more are refused by the parser's limit."""
    count = DEFAULT.declarations - 1
    ring = HEADER + "".join(f"règle r{n} : entier vaut r{(n + 1) % count}\n" for n in range(count))
    tree, faults = parse(source_of("long.conv", ring))
    assert [] == faults
    assert ["E405"] == [d.code for d in elaborate(info(), [tree], [parsed(VOCABULARY)])[1]]


def test_beyond_the_limit_nothing_is_blamed_on_the_cut() -> None:
    """What the limit on declarations leaves out is silent where it is used."""
    limits = attrs.evolve(DEFAULT, declarations=50)
    ring = HEADER + "".join(f"règle r{n} : entier vaut r{(n + 1) % 100}\n" for n in range(100))
    tree, faults = parse(source_of("long.conv", ring), limits=limits)
    assert faults
    assert [] == elaborate(info(), [tree], [parsed(VOCABULARY)])[1]


def test_deepest_expression_is_elaborated() -> None:
    """An expression as nested as the parser lets through needs no deeper stack here."""
    depth = DEFAULT.nesting - 10
    assert [] == codes(f"règle r : booléen vaut {'non (' * (depth // 2)}volontaire{')' * (depth // 2)}")
    assert [] == codes(f"règle r : entier vaut {'maximum({ 1 ; ' * (depth // 3)}anciennete{' })' * (depth // 3)}")
    assert [] == codes(f"règle r : entier vaut {' + '.join(['anciennete'] * depth)}")


def test_wide_and_long_tables_are_checked() -> None:
    """A table of three thousand rows, and one of sixty columns, take no time to speak of."""
    rows = "".join(f"| {n} -> {n}\n" for n in range(3000))
    assert [] == codes(f"table t : entier selon anciennete\n| < 0 -> 0\n{rows}| >= 3000 -> 0")
    columns = " ; ".join(f"anciennete + {n}" for n in range(60))
    assert [] == codes(f"table t : entier selon {columns}\n| {' | '.join(['1'] * 60)} -> 1\n| sinon -> 2")
