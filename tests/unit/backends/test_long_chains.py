"""Definitions that each read the one before, for longer than Python's frames would last: every backend follows them, none leaves them."""

from __future__ import annotations

import datetime as dt

import pytest

from optam_rules.core.judgement import Status
from optam_rules.core.program import Program
from tests.conformance.backends import BACKENDS, Asked
from tests.support.programs import compiled

DAY = dt.date(2017, 8, 1)
LENGTH = 400
VOCABULARY = """
entité principale dossier "Dossier"
  donnée n : entier "n"
  donnée suivant : bout "Suivant"
  donnée xs : liste de bout "éléments"
entité bout "Bout"
  donnée n : entier "n"
"""
# How a definition reads the one before, and the asked answer.
SHAPES = {
    "straight": ("dossier", "{i} + {before}", "r400"),
    "in a branch": ("dossier", "{i} + {before} si n < 100 sinon 0", "r400"),
    "in an aggregate": ("dossier", "somme({i} + {before} pour x dans xs)", "r400"),
    "on another record": ("bout", "{i} + {before}", "suivant.r400"),
    "in a list": ("bout", "{i} + {before}", "somme(x.r400 pour x dans xs)"),
}


def chain(shape: str) -> Program:
    """Compile 400 definitions, each adding its place to the one before, the first of which is `n`, and `fin`, which reads the last."""
    entity, link, last = SHAPES[shape]
    lines = [f"règle r0 de {entity} : entier vaut n"]
    lines += [f"règle r{i} de {entity} : entier vaut {link.format(i=i, before=f'r{i - 1}')}" for i in range(1, LENGTH + 1)]
    return compiled("\n".join([VOCABULARY, *lines, f"règle fin : entier vaut {last}", ""]))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_chain_is_followed_to_its_end(shape: str, backend: str) -> None:
    """42 + 1 + 2 + ... + 400 = 42 + 400 * 401 / 2 = 80,242, over lists of one; where `n` is not told, it is what the answer waits for."""
    whole = {"n": 42, "suivant": {"n": 42}, "xs": [{"n": 42}]}
    bare = {"suivant": {}, "xs": [{}]}
    asked = Asked(chain(shape), [whole, bare], DAY, ["fin"], {}, {})
    told, untold = BACKENDS[backend](asked)
    assert ({}, {}, 80_242) == (told.beyond, untold.beyond, told.outcomes["fin"].value)
    field = {"on another record": "suivant.n", "in a list": "xs[0].n"}.get(shape, "n")
    assert (Status.UNKNOWN, {field}) == (untold.outcomes["fin"].status, set(untold.outcomes["fin"].needs))
