"""Seeded records of the workload `optam-16`, as columns of integers and as raw records: ties, zero bases and every threshold occur.

Amounts are cents, rates and shares millionths, enumerations their place in the pack's order, booleans 0 or 1; everything fits 64 bits.
The first records do not depend on how many are drawn. Needs NumPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

SEED = 20161024
CHUNK = 1 << 16
TITLES = ("sans_titre", "chef_de_clinique", "assistant", "hospitalier", "militaire")
YEARS = (
    ("base1", "exces1", "opposables1", "total1"),
    ("base2", "exces2", "opposables2", "total2"),
    ("base3", "exces3", "opposables3", "total3"),
)
OBSERVED = ("base_observee", "exces_observe", "opposables_observes", "total_observe")
MONEY = tuple(name for year in (*YEARS, OBSERVED) for name in year)
RATES = ("taux_promis", "part_promise")
BOOLEANS = ("droit_permanent_depassement", "veut_le_taux_commun", "meme_lieu", "pratique_commune", "a_signe")
INTEGERS = ("secteur_choisi", "code_specialite", "numero_du_groupe")
FIELDS = (*INTEGERS, "titre_du_praticien", *BOOLEANS, *MONEY, *RATES)

Columns = dict[str, NDArray[np.int64]]


def columns(count: int, start: int = 0) -> Columns:
    """Draw records as columns of integers, from the place `start`, a multiple of CHUNK."""
    if start % CHUNK:
        raise ValueError(f"{start} is no multiple of {CHUNK}")
    parts = [_chunk(index) for index in range(start // CHUNK, -(-(start + count) // CHUNK))]
    return {name: np.concatenate([part[name] for part in parts])[:count] for name in FIELDS}


def integers(drawn: Columns) -> list[dict[str, int]]:
    """Return records as mappings of integers, for code that reads cents and millionths."""
    names = list(drawn)
    return [dict(zip(names, row, strict=True)) for row in zip(*(drawn[name].tolist() for name in names), strict=True)]


def raw_record(record: Mapping[str, int]) -> dict[str, Any]:
    """Return one record as a user writes it: euros and rates in text, names of enumerations, booleans."""
    return {
        **{name: record[name] for name in INTEGERS},
        "titre_du_praticien": TITLES[record["titre_du_praticien"]],
        **{name: bool(record[name]) for name in BOOLEANS},
        **{name: f"{record[name] // 100}.{record[name] % 100:02d}" for name in MONEY},
        **{name: Fraction(record[name], 1_000_000) for name in RATES},
    }


def _chunk(index: int) -> Columns:
    rng = np.random.default_rng([SEED, index])
    drawn: Columns = {
        "secteur_choisi": rng.choice([1, 2, 3], CHUNK, p=[0.35, 0.55, 0.10]),
        "titre_du_praticien": rng.choice(5, CHUNK, p=[0.55, 0.15, 0.15, 0.12, 0.03]),
        "code_specialite": rng.integers(1, 61, CHUNK),
        "numero_du_groupe": np.where(rng.random(CHUNK) < 0.7, 0, rng.integers(1, 5000, CHUNK)),
        **{name: (rng.random(CHUNK) < 0.8).astype(np.int64) for name in ("veut_le_taux_commun", "meme_lieu", "pratique_commune")},
        "droit_permanent_depassement": (rng.random(CHUNK) < 0.03).astype(np.int64),
        "a_signe": (rng.random(CHUNK) < 0.6).astype(np.int64),
    }
    for year in (*YEARS, OBSERVED):
        _year(rng, drawn, year)
    _ties(rng, drawn)
    newcomer = rng.random(CHUNK) < 0.005  # without any activity of reference
    for base, excess, opposable, total in YEARS:
        drawn[base][newcomer] = drawn[excess][newcomer] = drawn[opposable][newcomer] = drawn[total][newcomer] = 0
    _promises(rng, drawn)
    return {name: drawn[name].astype(np.int64) for name in FIELDS}


def _year(rng: np.random.Generator, drawn: Columns, year: tuple[str, str, str, str]) -> None:
    base = np.minimum(rng.lognormal(np.log(1.2e7), 0.6, CHUNK), 5e8).astype(np.int64)
    large, none = rng.random(CHUNK) < 0.001, rng.random(CHUNK) < 0.01
    base[large] = rng.integers(500_000_000, 1_000_000_000, int(large.sum()))
    base[none] = 0
    rate = rng.beta(1.5, 2.5, CHUNK) * (rng.random(CHUNK) > 0.2)
    above = rng.random(CHUNK) < 0.02
    rate[above] = 1 + 2 * rng.random(int(above.sum()))
    excess = np.minimum((base * rate).astype(np.int64), 1_000_000_000)
    share = rng.beta(3, 2, CHUNK)
    names = dict(zip(year, (base, excess, ((base + excess) * share).astype(np.int64), base + excess), strict=True))
    drawn.update(names)


def _ties(rng: np.random.Generator, drawn: Columns) -> None:
    """Put rates that fall midway between two millionths: an odd number of cents over 2,000,000."""
    tie = rng.random(CHUNK) < 0.01
    for (base, _, _, _), cents in zip(YEARS, (1_000_000, 600_000, 400_000), strict=True):
        drawn[base][tie] = cents
    for _, excess, _, _ in YEARS:
        drawn[excess][tie] = 2 * rng.integers(0, 100_000, int(tie.sum()))
    drawn["exces3"][tie] += 1
    tie = rng.random(CHUNK) < 0.01
    drawn["base_observee"][tie] = 2_000_000
    drawn["exces_observe"][tie] = 2 * rng.integers(0, 900_000, int(tie.sum())) + 1
    for base, excess, opposable, total in (*YEARS, OBSERVED):
        drawn[total] = drawn[base] + drawn[excess]
        drawn[opposable] = np.minimum(drawn[opposable], drawn[total])


def _promises(rng: np.random.Generator, drawn: Columns) -> None:
    """Promise around what is observed, so that every tier and every threshold occurs."""
    kind = rng.random(CHUNK)
    gap = rng.integers(-70_000, 30_001, CHUNK)
    edge = rng.choice([0, 20_000, 20_001, 40_000, 40_001, 50_000, 50_001], CHUNK)
    rate = _millionths(drawn["exces_observe"], drawn["base_observee"])
    share = _millionths(drawn["opposables_observes"], drawn["total_observe"])
    drawn["taux_promis"] = np.clip(np.minimum(rate, 3_000_000) - np.where(kind < 0.15, edge, gap), 0, 3_000_000)
    near = np.where((kind > 0.10) & (kind < 0.25), edge, rng.integers(-70_000, 30_001, CHUNK))
    drawn["part_promise"] = np.clip(share + near, 0, 1_000_000)


def _millionths(above: NDArray[np.int64], below: NDArray[np.int64]) -> NDArray[np.int64]:
    safe = np.where(below == 0, 1, below)
    found: NDArray[np.int64] = np.where(below == 0, 0, (2_000_000 * above + safe) // (2 * safe))
    return found
