"""The published examples whose figures are no finite decimal, or that compare two judgements: the packs' own tests hold the others."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

import optam_rules

ON = dt.date(2017, 8, 1)
YEARS = (2013, 2014, 2015)


def recalculated(base: str, excess: str) -> object:
    """Return the recalculated rate of a practice whose every act has this sector-1 base and this excess."""
    years = [{"annee": year, "honoraires_remboursables_recalcules": base, "depassements_recalcules": excess} for year in YEARS]
    record = {"identifiant": "A", "adherent_cas": False, "exercices": years}
    return (
        optam_rules.load("cm-2016")
        .evaluate(record, on=ON, answers=["taux_depassement_recalcule"])
        .answers["taux_depassement_recalcule"]
        .value
    )


def test_a_price_kept_after_a_rise_lowers_excess_and_rate() -> None:
    """CPN of 19 September 2018 (FMF p. 1575): what is stable is the price. 35 € on a base of 28 €, then 30 €: 7 € or 1/4, 5 € or 1/6."""
    price = Decimal("35.00")
    before, after = (str(price - base) for base in (Decimal("28.00"), Decimal("30.00")))
    assert ("7.00", "5.00") == (before, after)
    assert (Fraction(1, 4), Fraction(1, 6)) == (recalculated("28.00", before), recalculated("30.00", after))


@pytest.mark.parametrize(
    ("excess", "base", "printed"),
    [("20.60", "30.00", "68.7"), ("10.90", "30.00", "36.3"), ("13.70", "50.20", "27.3"), ("13.80", "30.00", "46.0")],
)
def test_average_excesses_give_the_derived_rates(excess: str, base: str, printed: str) -> None:
    """UFC-Que Choisir, 2024: mean excess of gynaecologists, anaesthetists, psychiatrists and ophthalmologists, to a tenth of a point."""
    rate = recalculated(base, excess)
    assert Fraction(excess) / Fraction(base) == rate
    assert isinstance(rate, Fraction)
    assert abs(rate * 100 - Fraction(printed)) <= Fraction(1, 20)
