"""Plain Python that turns a practice held against a doctor into what he risks, written from the law and not from the packs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Practice = Mapping[str, Any]

GROUNDS = ("excede_tact_et_mesure", "contraire_a_la_convention", "contraire_a_l_article_l_162_5_13", "information_ecrite_omise")


def open_to_sanction(practice: Practice) -> bool:
    """L. 162-1-14-1: one ground is enough, unless the convention's own sanctions are used for the same facts."""
    return any(practice[ground] for ground in GROUNDS) and not practice["poursuivi_par_la_convention"]


def penalty(practice: Practice) -> Decimal | None:
    """R. 147-15: twice what was charged above the tariff; `None` where nothing can be sanctioned."""
    return practice["depassements_factures"] * 2 if open_to_sanction(practice) else None


def three_years_on(day: dt.date) -> dt.date:
    """Return the same day three years later, the 28th for a 29 February."""
    short = day.month == 2 and day.day == 29
    return dt.date(day.year + 3, day.month, 28 if short else day.day)


def repeated(practice: Practice, last_day_counts: bool) -> bool:
    """R. 147-15: facts after a sanction, within three years of it."""
    before = practice["date_sanction_precedente"]
    if before is None or not open_to_sanction(practice):
        return False
    limit = three_years_on(before)
    facts: dt.date = practice["date_des_faits"]
    return before < facts < limit or (facts == limit and last_day_counts)


def repeated_again(practice: Practice) -> bool:
    """R. 147-15: facts while a sanction for a repeat runs."""
    start = practice["debut_sanction_de_recidive"]
    return start is not None and open_to_sanction(practice) and start <= practice["date_des_faits"] <= practice["fin_sanction_de_recidive"]


def longest_withdrawal(practice: Practice, last_day_counts: bool) -> int | None:
    """R. 147-15: years at most without the right to exceed the tariff, and without paid contributions; `None` for a first sanction."""
    if repeated_again(practice):
        return 6
    return 3 if repeated(practice, last_day_counts) else None
