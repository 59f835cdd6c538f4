"""Known rates of one answer turned into a histogram beside the caps of its clauses, as SVG that stands in a page by itself."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from fractions import Fraction

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from optam_rules.base.numbers import Number

_BINS = 20
_INK, _CAP = "#31558a", "#b3261e"


def histogram(rates: Mapping[Number, int], caps: Sequence[Fraction], *, xlabel: str, ylabel: str, cap: str) -> str:
    """Draw how many records have each rate, in classes as wide as one another, and a line at each cap.

    Classes are cut exactly; floats only place what is drawn. The texts stay texts, so that the page can be searched and read aloud.
    """
    top = max([*map(Fraction, rates), *caps, Fraction(1, 100)])
    width = top / _BINS
    counts = [0] * _BINS
    for rate, count in rates.items():
        counts[min(int(Fraction(rate) / width), _BINS - 1)] += count
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "optam", "font.family": "sans-serif", "font.size": 10}):
        figure = Figure(figsize=(6.4, 2.6), layout="constrained")
        axes = figure.add_subplot()
        axes.bar([float((index + Fraction(1, 2)) * width * 100) for index in range(_BINS)], counts, float(width * 95), color=_INK)
        for value in caps:
            axes.axvline(float(value * 100), color=_CAP, linestyle="--", label=cap.format(value=f"{float(value * 100):g}"))
        axes.set_xlim(0, float(top * 104))
        axes.set_xlabel(xlabel)
        axes.set_ylabel(ylabel)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.spines[["top", "right"]].set_visible(False)
        if caps:
            axes.legend(frameon=False)
        stream = io.StringIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    return stream.getvalue().partition("<svg")[1] + stream.getvalue().partition("<svg")[2]
