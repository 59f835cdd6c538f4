"""From runs of engines to rates and ratios: processes and parts interleaved, the best part told beside the median.

The machine is shared and its speed drifts: engines are compared by their best parts of one run, never by times of different runs.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import attrs

Clock = Callable[[], float]


@attrs.frozen
class Sample:
    """How long some records took."""

    seconds: float
    records: int

    @property
    def rate(self) -> float:
        """Records per second."""
        return self.records / self.seconds


def best(samples: Sequence[Sample]) -> float:
    """Return the rate of the fastest part: the engine as undisturbed as it was met."""
    return max(sample.rate for sample in samples)


def median(samples: Sequence[Sample]) -> float:
    """Return the rate as met."""
    return statistics.median(sample.rate for sample in samples)


def timed(run: Callable[[], object], records: int, clock: Clock = time.perf_counter) -> Sample:
    """Time one run."""
    begun = clock()
    run()
    return Sample(clock() - begun, records)


def interleaved(
    runs: dict[str, tuple[Callable[[], object], int]], rounds: int, clock: Clock = time.perf_counter
) -> dict[str, list[Sample]]:
    """Time several runs in turn, `rounds` times over: a drift of the machine falls on all of them alike."""
    found: dict[str, list[Sample]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, (run, records) in runs.items():
            found[name].append(timed(run, records, clock))
    return found


def peak_mib() -> int | None:
    """Return the most memory that this program has held, in MiB, where the system tells it.

    Not `getrusage`: its peak is inherited from the process that started this one.
    """
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")), None)


def load_of_machine() -> dict[str, float | int]:
    """Tell how many processors there are and how busy they were: what a reader needs to trust a figure."""
    return {"processors": os.cpu_count() or 0, "load_1_minute": round(os.getloadavg()[0], 2)}
