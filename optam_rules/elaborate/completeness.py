"""From branches and tables to what they leave open (S5): a gap or an overlap is told with a concrete case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from optam_rules.base.phrases import Phrase, joined
from optam_rules.base.source import Position
from optam_rules.core.ir import Answer, Branch, Expr, Field, NotApplicable, Scalarlike, Table
from optam_rules.core.regions import MAX_CELLS, TooManyCellsError, coverage
from optam_rules.core.types import EntityType
from optam_rules.core.walk import subexpressions
from optam_rules.elaborate.cases import MAX_LOOKS_IN_ALL, Budget, Cases, TooManyCasesError
from optam_rules.elaborate.faults import AND, Faults, snippet
from optam_rules.elaborate.show import show

MAX_CELLS_IN_ALL = 10 * MAX_CELLS


@attrs.frozen
class Completeness:
    """What the searches need: where to tell, the values of enumerations and hypotheses, and how much may still be looked at."""

    faults: Faults
    domains: Mapping[str, tuple[str, ...]]
    optional: frozenset[tuple[str, str]] = frozenset()  # data, as (entity, name), that may be sans objet
    budget: Budget = attrs.field(factory=Budget)
    # What only warns has its own, so that it takes nothing from what must be shown.
    spare: Budget = attrs.field(factory=lambda: Budget(MAX_LOOKS_IN_ALL // 2))
    cells: Budget = attrs.field(factory=lambda: Budget(MAX_CELLS_IN_ALL))

    def are_total(self, branches: Sequence[Branch], position: Position) -> bool:
        """Tell whether some branch holds in every case; one that does not is told."""
        cases = Cases.of([branch.condition for branch in branches], self.domains, self.budget)
        try:
            missing = cases.find([(place, False) for place in range(len(branches))])
        except TooManyCasesError:
            self.faults.tell("E409", position, what=Phrase("la règle", "the rule"))
            return False
        if missing is None:
            return True
        self.faults.tell("E406", position, case=_in_words(missing))
        return False

    def warn_of_dead_branches(self, branches: Sequence[Branch], otherwise: Expr | None) -> None:
        """Warn of a branch, or of a `sinon`, that no case reaches.

        Where something that the conditions read may be sans objet, which makes them false, nothing is said: such a case may reach anything.
        """
        if self.may_not_apply(branches):
            return
        cases = Cases.of([branch.condition for branch in branches], self.domains, self.spare)
        for place in range(len(branches) + (otherwise is not None)):
            wanted = [(earlier, False) for earlier in range(place)]
            if place < len(branches):
                wanted.append((place, True))
            try:
                reached = cases.find(wanted) is not None
            except TooManyCasesError:
                return
            if not reached and place < len(branches):
                self.faults.tell("W405", branches[place].condition.position, text=snippet(branches[place].condition.position))
            elif not reached and otherwise is not None:
                self.faults.tell("W406", otherwise.position)

    def may_not_apply(self, branches: Sequence[Branch]) -> bool:
        """Tell whether something that the conditions read may be sans objet."""
        return any(self._may_not_apply(part) for branch in branches for part in subexpressions(branch.condition))

    def _may_not_apply(self, expr: Expr) -> bool:
        match expr:
            case Field(target, name):
                return isinstance(target.type, EntityType) and (target.type.name, name) in self.optional
            case Answer() | NotApplicable():
                return True
        return False

    def can_hold(self, condition: Expr) -> bool:
        """Tell whether some case may satisfy a condition; true where the search is too long to tell."""
        try:
            return Cases.of([condition], self.domains, self.spare).find([(0, True)]) is not None
        except TooManyCasesError:
            return True

    def check_table(self, table: Table) -> bool:
        """Tell gaps and overlaps of a table, and a `sinon` row that nothing reaches."""
        try:
            found = coverage(table, min(MAX_CELLS, self.cells.left))
        except TooManyCellsError:
            self.cells.left -= min(MAX_CELLS, self.cells.left)
            self.faults.tell("E409", table.position, what=Phrase("la table", "the table"))
            return False
        self.cells.left -= found.cells
        if found.overlap is not None:
            first, second, values = found.overlap
            positions = table.rows[first].position, table.rows[second].position
            self.faults.tell(
                "E408", positions[1], case=_row_case(table, values), related=[(positions[0], Phrase("l'autre ligne", "the other row"))]
            )
        if found.gap is not None and table.otherwise is None:
            self.faults.tell("E407", table.position, case=_row_case(table, found.gap))
        if found.gap is None and table.otherwise is not None:
            self.faults.tell("W402", table.otherwise.position)
        return found.overlap is None and (found.gap is None or table.otherwise is not None)


def _row_case(table: Table, values: Sequence[Scalarlike]) -> Phrase:
    pairs = zip(table.columns, values, strict=True)
    return _in_words([f"`{snippet(column.position)}` = `{show(value, column.type)}`" for column, value in pairs])


def _in_words(case: Sequence[str]) -> Phrase:
    """Write a case as a sentence does: `a` = `1` et `b` = `2`."""
    return joined(AND, case) if case else Phrase("aucune condition n'est vraie", "no condition is true")
