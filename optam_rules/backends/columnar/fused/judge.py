"""From the frames of a call to columns of answers, by loops made once: the rows and answers that they leave are the plan's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from threading import Lock

import attrs
import numpy as np

from optam_rules.backends.columnar.content import Codes, Days, Flags
from optam_rules.backends.columnar.content import Content as Column
from optam_rules.backends.columnar.frame import Frame
from optam_rules.backends.columnar.fused.emit import Emitter, Fused
from optam_rules.backends.columnar.fused.inputs import Inputs, Shape
from optam_rules.backends.columnar.fused.kernel import Kernel, Loop, compiled, source
from optam_rules.backends.columnar.fused.merge import merged
from optam_rules.backends.columnar.fused.pieces import Code, Content, Day, Flag, Lines
from optam_rules.backends.columnar.judge import AnswerColumn, Columns, judge_plan
from optam_rules.backends.columnar.layouts import BY_NUMPY, Layouts
from optam_rules.backends.columnar.layouts import compiled as compiled_layouts
from optam_rules.backends.columnar.plan import Plan
from optam_rules.backends.columnar.ratio import Array, Ratio
from optam_rules.backends.columnar.vector import Low, Vec
from optam_rules.core.asking import References
from optam_rules.core.clauses import clause_codes
from optam_rules.core.ir import Expr
from optam_rules.core.program import Program

_MOST_LOST = 0.5  # of the rows; beyond, the plan does all of them
_MAX_LOOPS = 4  # for one call: batches whose columns come in ever new forms are left to the plan


@attrs.frozen(eq=False)
class _Output:
    """Which outputs hold an answer: its value, its denominator (`None`: one for all), its clause and standing or the constants they are."""

    content: Content
    value: int
    den: int | None
    clause: tuple[int | None, int]
    standing: tuple[int | None, int]


@attrs.frozen(eq=False)
class Fusion:
    """A loop, the inputs that it reads with the shapes that it is for, and where its answers are."""

    kernel: Kernel
    inputs: tuple[tuple[Expr, Shape], ...]
    answers: Mapping[str, _Output]


@attrs.define(eq=False)
class Fuser:
    """Makes the loops of a call, as few as the columns of its batches need; `build` turns the text of one into a function.

    Threads share it, and calls that ask the same of one program on one day.
    """

    program: Program
    build: Callable[[str], Loop]
    layouts: Callable[[], Layouts] = lambda: BY_NUMPY
    _made: list[Fusion] = attrs.field(factory=list, init=False)
    _tried: int = attrs.field(default=0, init=False)
    _lock: Lock = attrs.field(factory=Lock, init=False)

    @property
    def ready(self) -> bool:
        """Tell whether a loop was made already."""
        return bool(self._made)

    def fusion(self, inputs: Inputs, paths: Sequence[str]) -> Fusion | None:
        """Return a loop for a batch; none where there is none that is of use."""
        # Inputs are worked out outside of the lock, which only keeps two threads from making one loop twice.
        found = self._fitting(inputs)
        if found is not None:
            return found
        with self._lock:
            found = self._fitting(inputs)
            if found is not None:
                return found
            if self._tried >= _MAX_LOOPS:
                return None
            self._tried += 1
            made = self._fused(inputs, paths)
            if made is not None:
                self._made.append(made)
            return made

    def _fitting(self, inputs: Inputs) -> Fusion | None:
        for held in tuple(self._made):
            if all(inputs.shape(expr) == shape for expr, shape in held.inputs):
                return held
        return None

    def _fused(self, inputs: Inputs, paths: Sequence[str]) -> Fusion | None:
        lines = Lines()
        plan = inputs.plan
        emitter = Emitter(self.program, plan.day, plan.readings, inputs.leaf, lines)
        found = {path: emitter.answer(self.program.answers_by_path[path]) for path in paths if "." not in path}
        fused = {path: answer for path, answer in found.items() if answer is not None and answer.piece.reads}
        if not fused:
            return None
        codes = [lines.either(*(answer.piece.lost for answer in fused.values()))]
        dtypes: list[np.dtype[np.generic]] = [np.dtype(bool)]
        answers = {path: _output(answer, codes, dtypes) for path, answer in fused.items()}
        read = sorted(frozenset[int]().union(*(answer.piece.reads for answer in fused.values())))
        text = source([name for place in read for name in inputs.names(place)], lines.needed(codes), codes)
        kept = tuple(inputs.met[place] for place in read)
        return Fusion(Kernel(self.build(text), tuple(dtypes)), kept, answers)


@lru_cache(maxsize=32)
def shared_fuser(program: Program, day: dt.date, paths: tuple[str, ...], assume: tuple[tuple[str, str], ...]) -> Fuser:
    """Return what makes the loops of every call alike: what one compiled, the next finds."""
    return Fuser(program, compiled, compiled_layouts)


def judge_fused(
    program: Program,
    frame: Frame,
    on: dt.date,
    *,
    answers: Sequence[str],
    assume: Mapping[str, str],
    references: References,
    fuser: Fuser,
) -> Columns:
    """Judge the records of a frame as `judge_frame` does, by a loop wherever there is one; `fused` tells the records that it judged.

    What is returned holds until the next call with that fuser from the same thread.
    """
    plan = Plan(program, on, assume, references)
    inputs = Inputs(plan, frame)
    with np.errstate(all="ignore"):
        fusion = fuser.fusion(inputs, answers) if frame.size else None
        if fusion is None:
            return judge_plan(plan, frame, answers)
        while True:
            columns = [array for expr, shape in fusion.inputs for array in inputs.arrays(expr, shape)]
            lost, *outputs = fusion.kernel.run(columns, frame.size, fuser.layouts())
            if not [expr for expr, _ in fusion.inputs if inputs.read(expr)]:
                break
        for expr, shape in fusion.inputs:
            beyond = inputs.beyond(expr, shape)
            if beyond is not None:
                lost |= beyond
    rows = np.nonzero(lost)[0]
    if len(rows) > frame.size * _MOST_LOST:
        return judge_plan(plan, frame, answers)
    found = {path: _column(program, path, output, outputs, on) for path, output in fusion.answers.items()}
    rest = judge_plan(plan, frame, [path for path in answers if path not in found])
    reasons = rest.reasons
    if len(rows):
        again = judge_plan(Plan(program, on, assume, references), frame.take(rows), list(found))
        found = {path: merged(column, rows, again.answers[path], frame.size) for path, column in found.items()}
        reasons = tuple(dict.fromkeys((*reasons, *again.reasons)))
    whole = {**rest.answers, **found}
    return Columns({path: whole[path] for path in answers}, reasons, ~lost)


def _output(answer: Fused, codes: list[str], dtypes: list[np.dtype[np.generic]]) -> _Output:
    """Add the outputs of an answer; the first of all tells which rows are lost, and is not counted."""

    def add(code: str, dtype: type) -> int:
        codes.append(code)
        dtypes.append(np.dtype(dtype))
        return len(codes) - 2

    content = answer.piece.content
    kind = bool if isinstance(content, Flag) else np.int32 if isinstance(content, Code) else np.int64
    value = add(content.code, kind)
    den = add(content.den, np.int64) if not isinstance(content, Flag | Code | Day) and isinstance(content.den, str) else None
    clause = (None, int(answer.clause)) if answer.clause.isdigit() else (add(answer.clause, np.int32), 0)
    standing = answer.piece.standing
    return _Output(content, value, den, clause, (None, standing) if isinstance(standing, int) else (add(standing, np.int8), 0))


def _column(program: Program, path: str, output: _Output, outputs: Sequence[Array], day: dt.date) -> AnswerColumn:
    definition = program.answers_by_path[path]
    place, fixed = output.clause
    clauses = np.full(1, fixed, np.int64) if place is None else outputs[place]
    place, fixed = output.standing
    standing: Low = fixed if place is None else outputs[place]
    value = Vec(_content(output, outputs), None, standing)
    return AnswerColumn(definition.type, value, clauses, clause_codes(definition, day))


def _content(output: _Output, outputs: Sequence[Array]) -> Column:
    value = outputs[output.value]
    match output.content:
        case Flag():
            return Flags(value)
        case Day():
            return Days(value)
        case Code(_, domain):
            return Codes(value, domain)
        case number:
            den = np.full(1, number.den, np.int64) if output.den is None else outputs[output.den]
            return Ratio(value, den, number.size, number.most)
