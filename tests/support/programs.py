"""From the text of a small convention to its program, for tests that show their program as text."""

from __future__ import annotations

from functools import cache

from optam_rules.base.calendar import ALWAYS
from optam_rules.base.diagnostics import render_text
from optam_rules.core.program import Program
from optam_rules.elaborate.pipeline import PackInfo, elaborate
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import read_source

HEADER = 'convention "Essai" version "1"\n'


@cache
def compiled(text: str) -> Program:
    """Compile a convention given without its header; fails with its diagnostics when it has an error."""
    source, faults = read_source("essai.conv", (HEADER + text).encode())
    assert source is not None, faults
    tree, found = parse(source)
    program, more = elaborate(PackInfo("essai", "Essai", "1", "sha256:essai", None, ALWAYS), [tree])
    errors = [d for d in [*faults, *found, *more] if d.severity == "error"]
    assert program is not None, "\n".join(map(render_text, errors))
    assert not errors, "\n".join(map(render_text, errors))
    return program
