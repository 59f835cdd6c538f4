"""Elaboration never raises, whatever a text says."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from optam_rules.base.diagnostics import render_text
from optam_rules.elaborate.pipeline import elaborate
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import source_of
from tests.unit.elaborate.texts import HEADER, VOCABULARY, info, parsed

GOLDEN = Path(__file__).parents[2] / "golden"
_TOKEN = re.compile(r'«[^»]*»|"[^"\n]*"|[0-9]{4}-[0-9]{2}-[0-9]{2}|[\w.]+|\S')
# Texts that bear every construct and every fault, as tokens to be mixed.
TEXTS = [
    _TOKEN.findall(path.read_text(encoding="utf-8").partition("\n")[2])
    for path in sorted([*GOLDEN.glob("accept/E[234]*.conv"), *GOLDEN.glob("reject/[EW][24]*.conv"), *GOLDEN.glob("reject/E3*.conv")])
]


@st.composite
def disturbed(draw: st.DrawFn) -> str:
    """Take a text that says something and exchange, drop or borrow a few of its words."""
    tokens = list(draw(st.sampled_from(TEXTS)))
    others = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 6))):
        if not tokens or not others:
            break
        place = draw(st.integers(0, len(tokens) - 1))
        match draw(st.integers(0, 2)):
            case 0:
                tokens[place] = draw(st.sampled_from(tokens))
            case 1:
                tokens[place] = draw(st.sampled_from(others))
            case _:
                del tokens[place]
    return " ".join(tokens)


@given(disturbed())
@settings(max_examples=150, deadline=None)
def test_any_text_is_elaborated_or_explained(text: str) -> None:
    """A program comes out exactly where no error is told, and every diagnostic can be shown."""
    tree, _ = parse(source_of("essai.conv", HEADER + text))
    program, diagnostics = elaborate(info(), [tree], [parsed(VOCABULARY)])
    assert (program is None) == any(diagnostic.severity == "error" for diagnostic in diagnostics)
    assert all(render_text(diagnostic) for diagnostic in diagnostics)
