"""From the answers asked to one Python function over a record that tells all they read: straight code on integers, dates and names.

It gives every answer, or none: at the first datum that is absent, division by zero, conflict or answer sans objet it gives up, and the
functions of `partial` judge the record. So it holds no rule on what is unknown; what an answer rests on is folded here wherever it does
not depend on the record. What is not compiled raises NotWholeError, and that answer is `partial`'s on every record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from optam_rules.backends.row.emitter import IF_ABSENT, WholeEmitter, in_order, names_read
from optam_rules.backends.row.numbers import Ratio
from optam_rules.backends.row.writer import Writer, build
from optam_rules.core.known import Held, Layout, told
from optam_rules.core.program import Program
from optam_rules.core.record import Record


def compile_whole(program: Program, paths: Sequence[str], day: dt.date, assume: Mapping[str, str]) -> Layout | None:
    """Compile the answers that can be, in the order of `paths`; `None` where none can."""
    writer = Writer(names_read())
    emitter = WholeEmitter(program, writer, day, assume)
    found: dict[str, Held] = {}
    items: list[str] = []
    with writer.function("careful(record, day)", f"{program.id} au {day}"):
        writer.line("if not NEEDED.isdisjoint(record.absent): raise PartialError")
        writer.line("soi = record.values")
        start = writer.mark()
        for path in in_order(program, paths):
            piece = emitter.answer(path)
            if piece is None:
                continue
            below: int | None = None
            code = piece.code
            if isinstance(code, Ratio):
                below, code = (code.below, code.code) if isinstance(code.below, int) else (None, code.exact)
            rest = told(piece.rest) if isinstance(piece.rest, tuple) else None
            found[path] = Held(path, len(found), program.answers_by_path[path].type, below, rest)
            items.append(code if rest is not None else f"({code}, {piece.rest})")
        writer.line(f"return ({', '.join(items)},)")
        lines = writer.since(start)
    if not found:
        return None
    writer.namespace["NEEDED"] = frozenset(emitter.needed)
    about = f"{program.id} {program.digest[7:15]} {len(found)} réponses au {day} {'; '.join(found)[:60]}"
    return Layout(_built(writer, lines, about), {path: found[path] for path in paths if path in found})


def _built(writer: Writer, lines: list[str], about: str) -> Callable[[Record, dt.date], tuple[Any, ...]]:
    """Build the function for records that tell everything, without the tests of absence; and the written one at the first other record."""
    source = writer.taken()

    def later(record: Record, day: dt.date) -> tuple[Any, ...]:
        careful = writer.namespace["careful"] = build(writer.namespace, source, "careful", f"<{about} avec des absences>")
        items: tuple[Any, ...] = careful(record, day)
        return items

    writer.namespace |= {"NOTHING": frozenset(), "careful": later}
    with writer.function("whole(record, day)", about):
        writer.line("if record._absent is not NOTHING: return careful(record, day)")
        writer.line("soi = record.values")
        writer.add([line for line in lines if not line.endswith(IF_ABSENT)])
    return build(writer.namespace, writer.taken(), "whole", f"<{about}>")
