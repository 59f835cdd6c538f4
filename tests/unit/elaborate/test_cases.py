"""Cases told apart by conditions, against truth tables, and the search's budget."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optam_rules.base.source import Position, Source
from optam_rules.core.ir import SELF, Apply, Expr, Field, Literal, Variable
from optam_rules.core.operators import Operator
from optam_rules.core.types import EntityType, EnumType, Scalar, SetType
from optam_rules.elaborate.cases import Budget, Cases, TooManyCasesError

HERE = Position(Source("t", "", ""), 0, 0)
ME = Variable(SELF, EntityType("medecin"), position=HERE)
DOMAINS = {"couleur": ("rouge", "vert", "bleu")}
N, M = (Field(ME, name, Scalar.INTEGER, position=HERE) for name in "nm")
B = Field(ME, "b", Scalar.BOOLEAN, position=HERE)
C = Field(ME, "c", EnumType("couleur"), position=HERE)

orders = st.sampled_from([Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST, Operator.EQUAL, Operator.NOT_EQUAL])
numbers = st.integers(0, 2).map(lambda n: Literal(n, Scalar.INTEGER, position=HERE))
colours = st.frozensets(st.sampled_from(DOMAINS["couleur"]), max_size=3)


def apply(operator: Operator, *operands: Expr) -> Expr:
    """Make a condition."""
    return Apply(operator, operands, Scalar.BOOLEAN, position=HERE)


alone = st.one_of(
    st.just(B),
    st.builds(apply, orders, st.just(N), numbers),
    st.builds(apply, orders, numbers, st.just(N)),
    colours.map(lambda held: apply(Operator.AMONG, C, Literal(held, SetType(EnumType("couleur")), position=HERE))),
    st.sampled_from(DOMAINS["couleur"]).map(lambda v: apply(Operator.EQUAL, C, Literal(v, EnumType("couleur"), position=HERE))),
)
compared = st.one_of(st.builds(apply, orders, st.just(N), st.just(M)), st.builds(apply, orders, st.just(M), st.just(N)))


def combined(leaves: st.SearchStrategy[Expr]) -> st.SearchStrategy[list[Expr]]:
    """Draw some conditions made of leaves by connectives."""
    conditions = st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(lambda a: apply(Operator.NOT, a), inner),
            st.builds(apply, st.sampled_from([Operator.AND, Operator.OR, Operator.IMPLIES]), inner, inner),
        ),
        max_leaves=6,
    )
    return st.lists(conditions, min_size=1, max_size=3)


def holds(expr: Expr, n: int, m: int, b: bool, c: str) -> bool:
    """Tell by its meaning whether a condition holds of a case."""
    match expr:
        case Field(_, name):
            return {"b": b}[name]
        case Apply(Operator.NOT, (a,)):
            return not holds(a, n, m, b, c)
        case Apply(Operator.AND, (x, y)):
            return holds(x, n, m, b, c) and holds(y, n, m, b, c)
        case Apply(Operator.OR, (x, y)):
            return holds(x, n, m, b, c) or holds(y, n, m, b, c)
        case Apply(Operator.IMPLIES, (x, y)):
            return not holds(x, n, m, b, c) or holds(y, n, m, b, c)
        case Apply(Operator.AMONG, (_, Literal(values))):
            return c in values  # type: ignore[operator]
        case Apply(Operator.EQUAL, (Field(_, "c"), Literal(value))):
            return c == value
        case Apply(operator, (x, y)):
            left, right = (e.value if isinstance(e, Literal) else {"n": n, "m": m}[e.name] for e in (x, y))  # type: ignore[union-attr]
            return {
                Operator.LESS: left < right,  # type: ignore[operator]
                Operator.AT_MOST: left <= right,  # type: ignore[operator]
                Operator.GREATER: left > right,  # type: ignore[operator]
                Operator.AT_LEAST: left >= right,  # type: ignore[operator]
                Operator.EQUAL: left == right,
                Operator.NOT_EQUAL: left != right,
            }[operator]
    raise AssertionError(expr)


@given(combined(alone | compared))
def test_no_case_found_means_that_there_is_none(written: list[Expr]) -> None:
    """What the search declares complete is complete for every value; inputs being taken as independent, the converse may fail."""
    found = Cases.of(written, DOMAINS, Budget()).find([(place, False) for place in range(len(written))])
    if found is None:
        for n, m, b, c in product(range(-1, 4), range(-1, 4), (True, False), DOMAINS["couleur"]):
            assert any(holds(condition, n, m, b, c) for condition in written)


@given(combined(alone))
def test_case_found_is_real_for_independent_inputs(written: list[Expr]) -> None:
    """Without comparisons of two inputs, an incomplete set of conditions is told exactly when some values escape it."""
    found = Cases.of(written, DOMAINS, Budget()).find([(place, False) for place in range(len(written))])
    values = product(range(-1, 4), (0,), (True, False), DOMAINS["couleur"])
    assert (found is not None) == any(not any(holds(w, n, m, b, c) for w in written) for n, m, b, c in values)


def test_opposite_comparisons_of_two_inputs_are_complete() -> None:
    """`n < m`, `m < n` and `m = n` leave nothing."""
    written = [apply(Operator.LESS, N, M), apply(Operator.LESS, M, N), apply(Operator.EQUAL, M, N)]
    assert Cases.of(written, {}, Budget()).find([(0, False), (1, False), (2, False)]) is None
    assert Cases.of(written[:2], {}, Budget()).find([(0, False), (1, False)]) is not None


def test_budget_is_shared_and_ends() -> None:
    """A search without budget left gives up rather than answers."""
    with pytest.raises(TooManyCasesError):
        Cases.of([B], {}, Budget(0)).find([(0, True)])
    budget = Budget(100)
    Cases.of([B], {}, budget).find([(0, True)])
    assert 100 > budget.left
