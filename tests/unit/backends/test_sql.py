"""SQL: what is not translated is named in words of the language."""

from __future__ import annotations

from typing import get_args

from optam_rules.backends.sql.translate import _CONSTRUCTS
from optam_rules.core.ir import Apply, Conditional, EvaluationDate, Expr, Literal


def test_every_construct_that_may_be_left_has_a_name() -> None:
    """All kinds of expressions but those that are translated whatever they hold, in two languages."""
    assert {*get_args(Expr)} - {Literal, EvaluationDate, Conditional, Apply} == _CONSTRUCTS.keys()
    assert all(phrase.fr and phrase.en for phrase in _CONSTRUCTS.values())
