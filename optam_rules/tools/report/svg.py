"""A frame to draw in, and a drawing as SVG that stands inside a page: no script, no font file, nothing fetched."""

from __future__ import annotations

import io
from html import escape

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure


def framed(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure of a size in inches, and its axes without a frame on the top and on the right."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasSVG(figure)
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def drawn(figure: Figure, title: str) -> str:
    """Return the drawing alone, named for who does not see it; the same numbers give the same bytes."""
    held = io.StringIO()
    # Texts stay texts, so that the page can be searched and read aloud; the salt names what is drawn the same way at each run.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "optam", "font.family": "sans-serif"}):
        figure.savefig(held, format="svg", metadata={"Date": None, "Creator": None, "Title": title})
    text = held.getvalue()
    return text[text.index("<svg") :].replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)
