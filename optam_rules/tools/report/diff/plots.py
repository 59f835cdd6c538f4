"""Numbers of an impact drawn as SVG, to stand inside a page: no script, no font file, nothing fetched."""

from __future__ import annotations

import io
from collections.abc import Sequence

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from optam_rules.tools.report.diff.impact import GroupView

_INK, _CHANGED, _SAME = "#1f2937", "#b45309", "#d1d5db"
_MAX_BARS = 20
_MAX_BINS = 20


def group_bars(group: GroupView) -> str:
    """Draw, for each group of practitioners, how many of those compared change; the most touched first, at most twenty."""
    rows = group.rows[:_MAX_BARS][::-1]
    figure, axes = _figure(0.34 * len(rows) + 0.9)
    labels = [label if len(label) <= 44 else f"{label[:43]}…" for label, _, _ in rows]
    places = range(len(rows))
    axes.barh(places, [total for _, _, total in rows], color=_SAME, label="comparés")
    axes.barh(places, [changed for _, changed, _ in rows], color=_CHANGED, label="changent")
    axes.set_yticks(places, labels)
    axes.set_xlabel("dossiers")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 1), ncols=2)
    return _svg(figure, f"{group.title} : dossiers qui changent, parmi ceux qui sont comparés")


def histogram(deltas: Sequence[float], unit: str, title: str) -> str:
    """Draw how many records change by how much; the line at zero parts rises from falls."""
    figure, axes = _figure(2.6)
    bins = min(_MAX_BINS, max(5, len(set(deltas))))
    axes.hist(deltas, bins=bins, color=_CHANGED, edgecolor="white")
    axes.axvline(0, color=_INK, linewidth=1)
    axes.set_xlabel(f"écart, nouveau moins ancien{f' ({unit})' if unit else ''}")
    axes.set_ylabel("dossiers")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace(".", ",").replace("-", "\N{MINUS SIGN}")))
    return _svg(figure, title)


def _figure(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7.6, height), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(colors=_INK, labelsize=9)
    return figure, axes


def _svg(figure: Figure, title: str) -> str:
    """Return the drawing alone, named for who does not see it; the same numbers give the same bytes."""
    held = io.StringIO()
    # Texts stay texts, so that the page can be searched and read aloud; the salt names what is drawn the same way at each run.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "optam", "font.family": "sans-serif"}):
        figure.savefig(held, format="svg", metadata={"Date": None, "Creator": None, "Title": title})
    text = held.getvalue()
    return text[text.index("<svg") :].replace("<svg ", '<svg role="img" ', 1)
