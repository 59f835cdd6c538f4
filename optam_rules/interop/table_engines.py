"""From a frame to columns of answers, by the engine that was asked for: NumPy alone, or rules compiled into one loop (extra `kernel`)."""

from __future__ import annotations

import datetime as dt
import importlib.util
from collections.abc import Mapping
from enum import StrEnum

import attrs

from optam_rules.backends.columnar.frame import Frame
from optam_rules.backends.columnar.fused.judge import Fuser, judge_fused, shared_fuser
from optam_rules.backends.columnar.judge import Columns, judge_frame
from optam_rules.backends.columnar.layouts import BY_NUMPY, Layouts, compiled
from optam_rules.core.asking import References
from optam_rules.core.program import Program

# Importing Numba and compiling a loop take a second or two: what NumPy needs for so many records.
WORTH_COMPILING = 1 << 22


class Engine(StrEnum):
    """What judges the rows of a table; the answers are the same."""

    AUTO = "auto"  # the kernel where it is installed, once so many records were judged that compiling pays, or where it was compiled before
    NUMPY = "numpy"
    KERNEL = "kernel"


@attrs.define(eq=False)
class FrameJudge:
    """A call and its engine; threads share it."""

    program: Program
    on: dt.date
    answers: tuple[str, ...]
    assume: Mapping[str, str]
    references: References
    engine: Engine
    _fuser: Fuser | None = attrs.field(init=False)
    _seen: int = attrs.field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        kernel = self.engine is Engine.KERNEL or (self.engine is Engine.AUTO and importlib.util.find_spec("numba") is not None)
        self._fuser = shared_fuser(self.program, self.on, self.answers, tuple(sorted(self.assume.items()))) if kernel else None

    def judge(self, frame: Frame) -> Columns:
        """Judge the records of a frame."""
        common = (self.program, frame, self.on)
        # INVARIANT: a count that threads get wrong by a batch changes when the kernel begins, never an answer.
        self._seen += frame.size
        fuser = self._chosen()
        if fuser is None:
            return judge_frame(*common, answers=self.answers, assume=self.assume, references=self.references)
        return judge_fused(*common, answers=self.answers, assume=self.assume, references=self.references, fuser=fuser)

    def layouts(self) -> Layouts:
        """Return what lays numbers out: compiled functions where the rules are compiled too."""
        return BY_NUMPY if self._chosen() is None else compiled()

    @property
    def compiling(self) -> bool:
        """Tell whether rules are compiled by now."""
        return self._chosen() is not None

    def _chosen(self) -> Fuser | None:
        """Return what makes loops, where rules are to be compiled by now."""
        fuser = self._fuser
        pays = self.engine is Engine.KERNEL or self._seen > WORTH_COMPILING or (fuser is not None and fuser.ready)
        return fuser if pays else None
