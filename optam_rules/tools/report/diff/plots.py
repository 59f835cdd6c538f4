"""Numbers of an impact drawn as SVG, to stand inside a page: no script, no font file, nothing fetched."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from optam_rules.base.phrases import Lang, Phrase, filled
from optam_rules.tools.report.diff.headings import CHANGED, COMPARED
from optam_rules.tools.report.diff.impact import GroupView
from optam_rules.tools.report.svg import drawn, framed

_INK, _CHANGED, _SAME = "#1f2937", "#b45309", "#d1d5db"
_RECORDS = Phrase("dossiers", "records")
_DELTA = Phrase("écart, nouveau moins ancien", "difference, new less old")
_POINT = Phrase(",", ".")
_MAX_BARS = 20
_MAX_BINS = 20


def group_bars(group: GroupView, lang: Lang = "fr") -> str:
    """Draw, for each group of practitioners, how many of those compared change; the most touched first, at most twenty."""
    rows = group.rows[:_MAX_BARS][::-1]
    figure, axes = _figure(0.34 * len(rows) + 0.9)
    labels = [label if len(label) <= 44 else f"{label[:43]}…" for label, _, _ in rows]
    places = range(len(rows))
    axes.barh(places, [total for _, _, total in rows], color=_SAME, label=COMPARED.told(lang))
    axes.barh(places, [changed for _, changed, _ in rows], color=_CHANGED, label=CHANGED.told(lang))
    axes.set_yticks(places, labels)
    axes.set_xlabel(_RECORDS.told(lang))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 1), ncols=2)
    title = filled(
        "{group} : dossiers qui changent, parmi ceux qui sont comparés",
        "{group}: records that change, among those compared",
        group=group.title,
    )
    return drawn(figure, title.told(lang))


def histogram(deltas: Sequence[float], unit: str, title: str, lang: Lang = "fr") -> str:
    """Draw how many records change by how much; the line at zero parts rises from falls."""
    figure, axes = _figure(2.6)
    bins = min(_MAX_BINS, max(5, len(set(deltas))))
    axes.hist(deltas, bins=bins, color=_CHANGED, edgecolor="white")
    axes.axvline(0, color=_INK, linewidth=1)
    axes.set_xlabel(_DELTA.told(lang) + (f" ({unit})" if unit else ""))
    axes.set_ylabel(_RECORDS.told(lang))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"{value:g}".replace(".", _POINT.told(lang)).replace("-", "\N{MINUS SIGN}"))
    )
    return drawn(figure, title)


def _figure(height: float) -> tuple[Figure, Axes]:
    figure, axes = framed(7.6, height)
    axes.tick_params(colors=_INK, labelsize=9)
    return figure, axes
