"""Judgements as notebooks show them."""

from __future__ import annotations

import datetime as dt

import optam_rules


def test_a_judgement_is_a_table_in_which_nothing_is_markup() -> None:
    """A line an answer, its value or what it waits for; the identifiant is escaped."""
    pack = optam_rules.load("cm-2016")
    record = {"identifiant": "<b>", "secteur": "secteur_1"}
    judgement = pack.evaluate(record, on=dt.date(2017, 6, 8), answers=["eligible_optam", "eligible_optam_co"], trace=False)
    shown = judgement._repr_html_()
    assert "<caption>&lt;b&gt;, au 2017-06-08 (cm-2016, " in shown
    row = "<tr><td>eligible_optam</td><td>unknown</td><td></td><td>doctrine</td><td>date_premiere_installation, titres</td></tr>"
    assert row in shown
