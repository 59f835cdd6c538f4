"""A value of the language as formulas: which of the five statuses it has, and its content where it is known (S3, S13)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import attrs

from optam_rules.backends.smt.terms import Bool, Terms, UnencodableError


@attrs.frozen(eq=False)
class Many:
    """A list or a set of bounded length: each item with the condition under which it is there.

    INVARIANT: the items of a set that are there are distinct.
    """

    items: tuple[tuple[Bool, Content], ...]


# A boolean or a number of the solver, a record, a list or set; `None` where the value is never known.
Content = Any


@attrs.frozen(eq=False)
class Sym:
    """A value. At most one of the four conditions holds; where none does, the value is known and has `content`."""

    unknown: Bool
    conflict: Bool
    error: Bool
    absent: Bool
    content: Content


@attrs.frozen(eq=False)
class Values:
    """Combines values as the interpreter's `value` does."""

    terms: Terms

    # --- making values ----------------------------------------------------------------------------------------------------------

    def known(self, content: Content) -> Sym:
        """Return a value that is known for sure."""
        no = self.terms.boolean(False)
        return Sym(no, no, no, no, content)

    def always(self, *, unknown: bool = False, conflict: bool = False, error: bool = False, absent: bool = False) -> Sym:
        """Return a non-answer."""
        boolean = self.terms.boolean
        return Sym(boolean(unknown), boolean(conflict), boolean(error), boolean(absent), None)

    def is_known(self, value: Sym) -> Bool:
        """Return the condition under which a value is known."""
        return self.terms.no(self.terms.some([value.unknown, value.conflict, value.error, value.absent]))

    def holds(self, value: Sym) -> Bool:
        """Return the condition under which a boolean is known and true."""
        content = self.terms.boolean(False) if value.content is None else value.content
        return self.terms.every([self.is_known(value), content])

    # --- combining them ---------------------------------------------------------------------------------------------------------

    def either(self, condition: Bool, first: Sym, other: Sym) -> Sym:
        """Return `first` where the condition holds, else `other`."""
        if first is other or self.terms.is_true(condition):
            return first
        if self.terms.is_false(condition):
            return other
        terms = self.terms
        return Sym(
            terms.either(condition, first.unknown, other.unknown),
            terms.either(condition, first.conflict, other.conflict),
            terms.either(condition, first.error, other.error),
            terms.either(condition, first.absent, other.absent),
            self.chosen(condition, first.content, other.content),
        )

    def chosen(self, condition: Bool, first: Content, other: Content) -> Content:
        """Return one of two contents."""
        if first is None or first is other:
            return other
        if other is None:
            return first
        if isinstance(first, Many) and isinstance(other, Many):
            no = self.terms.no(condition)
            items = [(self.terms.every([condition, there]), item) for there, item in first.items]
            return Many((*items, *((self.terms.every([no, there]), item) for there, item in other.items)))
        if _is_term(first) and _is_term(other):
            return self.terms.either(condition, first, other)
        raise UnencodableError("un choix entre deux enregistrements", "a choice between two records")

    def same(self, first: Content, other: Content) -> Bool:
        """Return whether two contents are equal; a content that is never known is equal to any."""
        terms = self.terms
        if first is None or other is None or first is other:
            return terms.boolean(True)
        if isinstance(first, Many) and isinstance(other, Many):
            return terms.every([self._within(first, other), self._within(other, first)])
        if _is_term(first) and _is_term(other):
            return terms.same(first, other)
        return terms.boolean(False)  # two records: one is not the other

    def among(self, item: Content, many: Many) -> Bool:
        """Return whether an item is in a list or set."""
        return self.terms.some(self.terms.every([there, self.same(item, other)]) for there, other in many.items)

    def _within(self, small: Many, large: Many) -> Bool:
        return self.terms.every(self.terms.some([self.terms.no(there), self.among(item, large)]) for there, item in small.items)

    def strict(self, operands: Sequence[Sym], compute: Callable[[], Content], error: Bool | None = None) -> Sym:
        """Return what a strict operator gives: unknown first, then S13's order; `error` is when the operator itself has no result."""
        terms = self.terms
        unknown = terms.some(operand.unknown for operand in operands)
        conflict, wrong, absent = (terms.some(getattr(operand, name) for operand in operands) for name in ("conflict", "error", "absent"))
        known = terms.no(terms.some([unknown, conflict, wrong, absent]))
        no_unknown = terms.no(unknown)
        errors = terms.every([no_unknown, terms.no(conflict), wrong])
        if error is not None:
            errors = terms.some([errors, terms.every([known, error])])
        never = any(operand.content is None for operand in operands)
        return Sym(
            unknown,
            terms.every([no_unknown, conflict]),
            errors,
            terms.every([no_unknown, terms.no(conflict), terms.no(wrong), absent]),
            None if never else compute(),
        )

    def kleene(self, operands: Sequence[Sym], deciding: bool) -> Sym:
        """Return `ou` (deciding = true) or `et` (deciding = false): a deciding operand decides over all."""
        terms = self.terms
        decides = terms.some(self.holds(operand if deciding else self.negation(operand)) for operand in operands)
        statuses = self.strict([attrs.evolve(operand, content=terms.boolean(True)) for operand in operands], lambda: None)
        open_ = terms.no(decides)
        return Sym(
            terms.every([open_, statuses.unknown]),
            terms.every([open_, statuses.conflict]),
            terms.every([open_, statuses.error]),
            terms.every([open_, statuses.absent]),
            decides if deciding else open_,
        )

    def where(self, there: Bool, value: Sym, neutral: bool) -> Sym:
        """Return a boolean where it counts, else the known `neutral`."""
        return self.either(there, value, self.known(self.terms.boolean(neutral)))

    def negation(self, value: Sym) -> Sym:
        """Return `non value`."""
        return value if value.content is None else attrs.evolve(value, content=self.terms.no(value.content))

    def guard(self, condition: Sym) -> Sym:
        """Return a condition in which sans objet counts as false."""
        terms = self.terms
        content = terms.boolean(False) if condition.content is None else condition.content
        return attrs.evolve(condition, absent=terms.boolean(False), content=terms.every([terms.no(condition.absent), content]))

    def join(self, first: Sym, other: Sym) -> Sym:
        """Return what two completions agree on, else an unknown."""
        if first is other:
            return first
        terms = self.terms
        conflict, error, absent = (terms.every([getattr(first, name), getattr(other, name)]) for name in ("conflict", "error", "absent"))
        known = terms.every([self.is_known(first), self.is_known(other)])
        agreed = terms.every([known, self.same(first.content, other.content)])
        content = first.content if other.content is not None else None
        return Sym(terms.no(terms.some([agreed, conflict, error, absent])), conflict, error, absent, content)

    def differ(self, first: Sym, other: Sym) -> Bool:
        """Return whether two answers have another status or another value."""
        terms = self.terms
        names = ("unknown", "conflict", "error", "absent")
        statuses = [terms.no(terms.same(getattr(first, name), getattr(other, name))) for name in names]
        both = terms.every([self.is_known(first), self.is_known(other)])
        return terms.some([*statuses, terms.every([both, terms.no(self.same(first.content, other.content))])])


def _is_term(content: Content) -> bool:
    return hasattr(content, "get_id")
