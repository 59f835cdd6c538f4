"""Aligned columns."""

from __future__ import annotations

from optam_rules.tools.report.table import table, width_of


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    """Headings, a ruler, rows; no blank at the end of a line; a long last column has a short ruler."""
    assert table(("nom", "taux"), [("A", "46,5 %"), ("long nom", "")]) == ("nom       taux\n--------  ----\nA         46,5 %\nlong nom")


def test_width_counts_cells_of_a_terminal() -> None:
    """A combining accent takes no cell, a wide character two."""
    assert [width_of("été"), width_of("e\N{COMBINING ACUTE ACCENT}te\N{COMBINING ACUTE ACCENT}"), width_of("日")] == [3, 3, 2]
