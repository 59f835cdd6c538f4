"""How often a search finds a one-day change of a limit date, with the constants of the rules and without them.

`python -m benchmarks.harvest` moves the day of a parameter by one, and looks for a record that tells the two packs apart: 25 searches,
each of 100 cases. In the first pack the limit stands alone, in the second it counts under six other conditions.
"""

from __future__ import annotations

import datetime as dt
from random import Random

import attrs
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.errors import NoSuchExample

import optam_rules
from optam_rules.analysis.obligations import SameAnswer, Side, broken, questions
from optam_rules.analysis.replay import answers
from optam_rules.analysis.search import cases_for
from optam_rules.backends.strategies.harvest import Harvest
from optam_rules.core.case import Case
from optam_rules.core.program import Program

# Pack, parameter whose day is moved, answer that reads it.
CHANGES = (
    ("contrat-responsable", "premiers_contrats_soumis", "anterieur"),
    ("cm-2016", "derogation_installe_avant", "eligible_optam"),
)
RUNS, EXAMPLES = 25, 100


def moved(program: Program, name: str) -> Program:
    """Return the program with a parameter's day one day later."""
    parameter = program.parameters[name]
    values = tuple(attrs.evolve(one, value=_next(one.value)) for one in parameter.values)
    return attrs.evolve(program, parameters={**program.parameters, name: attrs.evolve(parameter, values=values)})


def found(program: Program, parameter: str, answer: str, *, constants: Harvest | None, runs: int = RUNS, examples: int = EXAMPLES) -> int:
    """Count the searches that find the change; `constants` to draw around instead of those of the rules."""
    obligation = SameAnswer(Side(program), Side(moved(program, parameter)), answer, answer)
    asked = questions(obligation)
    cases = cases_for(obligation, constants=constants)

    def tells(case: Case) -> bool:
        return broken(obligation, answers(case, asked))

    return sum(_once(cases, tells, seed, examples) for seed in range(runs))


def _once(cases: object, tells: object, seed: int, examples: int) -> bool:
    configuration = settings(
        max_examples=examples, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    try:
        find(cases, tells, settings=configuration, random=Random(seed))  # type: ignore[arg-type]
    except NoSuchExample:
        return False
    return True


def _next(day: object) -> dt.date:
    if not isinstance(day, dt.date):
        raise TypeError(f"{day!r} is no date")
    return day + dt.timedelta(days=1)


def main() -> None:
    """Print both counts for each change."""
    for pack, parameter, answer in CHANGES:
        program = optam_rules.load(pack).program
        for label, constants in (("with the constants of the rules", None), ("without them", Harvest())):
            count = found(program, parameter, answer, constants=constants)
            print(f"{pack}, {parameter}, {label}: found in {count} of {RUNS} searches of {EXAMPLES} cases")


if __name__ == "__main__":
    main()
