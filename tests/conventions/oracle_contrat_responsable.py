"""Plain Python that turns a complete complementary contract into its limits, written from the law and not from the packs.

Shares are fractions of the tarif de responsabilité; a contract is a dictionary, `None` for a renewal that never was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

Contract = Mapping[str, Any]

FIRST_DAY = dt.date(2015, 4, 1)
COLLECTIVE_DEADLINE = dt.date(2017, 12, 31)


class NotTold(Exception):
    """Raised where the law, as far as it was read, does not tell."""


def bound(contract: Contract, on: dt.date, everyone: bool) -> bool:
    """Tell whether the décret of November 2014 binds a contract; `everyone` when all collective contracts had until the end of 2017."""
    old = contract["date_effet"] < FIRST_DAY
    if contract["collectif"]:
        waits = everyone or old
        return on > COLLECTIVE_DEADLINE or not waits
    renewal = contract["date_dernier_renouvellement"]
    return not old or (renewal is not None and FIRST_DAY <= renewal <= on)


def cap(on: dt.date) -> Fraction:
    """Return the flat limit for doctors outside the schemes."""
    return Fraction(5, 4) if on.year in (2015, 2016) else Fraction(1)


def limit(contract: Contract, on: dt.date) -> Fraction:
    """Return the double limit of R. 871-2, 2°: the flat cap, and the cover inside the schemes less a fifth of the tariff."""
    inside: Fraction = contract["couverture_dptm"]
    return max(Fraction(0), min(cap(on), inside - Fraction(1, 5)))


def faults(contract: Contract, on: dt.date) -> set[str]:
    """Name the conditions that a contract breaks."""
    found = set()
    if contract["couverture_hors_dptm"] > limit(contract, on):
        found.add("couverture_sous_le_plafond")
    if not contract["couvre_ticket_moderateur"]:
        found.add("ticket_moderateur_couvert")
    if contract["couvre_majoration_hors_parcours"]:
        found.add("majoration_hors_parcours_exclue")
    if contract["couvre_depassement_autorise"]:
        found.add("depassement_autorise_exclu")
    return found


def responsible(contract: Contract, on: dt.date, everyone: bool) -> bool:
    """Tell whether a contract is responsible; NotTold while the older conditions, which were not read, still hold for it."""
    if not bound(contract, on, everyone):
        raise NotTold
    return not faults(contract, on) and bool(contract["remplit_les_autres_conditions"])


def insurance_tax(contract: Contract, on: dt.date, everyone: bool) -> Fraction:
    """Return the rate of the insurance tax, published for 2015 only."""
    if on.year > 2015:
        raise NotTold
    return Fraction(7, 100) if responsible(contract, on, everyone) else Fraction(14, 100)
