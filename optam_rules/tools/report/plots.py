"""Known rates of one answer turned into a histogram beside the caps of its clauses, as SVG that stands in a page by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from matplotlib.ticker import MaxNLocator

from optam_rules.base.numbers import Number
from optam_rules.tools.report.svg import drawn, framed

_BINS = 20
_INK, _CAP = "#31558a", "#b3261e"


def histogram(rates: Mapping[Number, int], caps: Sequence[Fraction], *, xlabel: str, ylabel: str, cap: str) -> str:
    """Draw how many records have each rate, in classes as wide as one another, and a line at each cap.

    Classes are cut exactly; floats only place what is drawn.
    """
    top = max([*map(Fraction, rates), *caps, Fraction(1, 100)])
    width = top / _BINS
    counts = [0] * _BINS
    for rate, count in rates.items():
        counts[min(int(Fraction(rate) / width), _BINS - 1)] += count
    figure, axes = framed(6.4, 2.6)
    axes.bar([float((index + Fraction(1, 2)) * width * 100) for index in range(_BINS)], counts, float(width * 95), color=_INK)
    for value in caps:
        axes.axvline(float(value * 100), color=_CAP, linestyle="--", label=cap.format(value=f"{float(value * 100):g}"))
    axes.set_xlim(0, float(top * 104))
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    if caps:
        axes.legend(frameon=False)
    return drawn(figure, xlabel)
