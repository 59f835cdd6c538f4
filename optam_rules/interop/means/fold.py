"""From the sums of an engine to exact means by keys, and to the account of who is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.numbers import Number, Rounding, round_to, simplify
from optam_rules.base.phrases import Phrase
from optam_rules.core.references import read_references
from optam_rules.interop.acts.years import Engine
from optam_rules.interop.means.plan import MeanPlan, Weights

# Nothing in a pack tells it: a reference table is what others have computed.
_OPEN = Phrase(
    "question ouverte : ce qui compte pour un dans la moyenne (medecins, annees ou montants), et son arrondi ; le pack ne les dit pas,"
    " l'appel les choisit",
    "open question: what counts for one in the mean (medecins, annees or montants), and its rounding; the pack does not tell them, the"
    " call chooses",
)


@attrs.frozen
class MeanReport:
    """Who is in the means, and what stays out of them.

    `practitioners` and `years` are those that count; `idle` the practitioners without a year of activity; `without_keys` the practitioners
    with such a year who lack a key; `unknown_years` the years of which a figure is unknown, and `unknown_means` the keys that have no
    mean for it; `overlong` the means of more digits than a reference table reads, which are to be rounded.
    """

    reference: str
    rate: str
    over: tuple[int, ...]
    weights: str
    means: int
    practitioners: int
    years: int
    idle: int
    without_keys: int
    unknown_years: int
    unknown_means: int
    overlong: int

    @property
    def incomplete(self) -> bool:
        """Whether something that should be in a mean is in none."""
        return bool(self.without_keys or self.unknown_years)

    def sentences(self) -> list[Phrase]:
        """Tell it."""
        over = ", ".join(map(str, self.over))
        told = [
            Phrase(
                f"{self.reference} : moyennes de {self.rate} sur {over}, comptées par {self.weights}",
                f"{self.reference}: means of {self.rate} over {over}, counted by {self.weights}",
            ),
            _OPEN,
        ]
        for number, words in (
            (self.idle, Phrase("médecins sans année d'activité", "doctors without a year of activity")),
            (
                self.without_keys,
                Phrase("médecins actifs à qui manque une clé, comptés nulle part", "active doctors who lack a key, counted nowhere"),
            ),
            (self.unknown_years, Phrase("années dont un chiffre est inconnu", "years of which a figure is unknown")),
            (self.unknown_means, Phrase("moyennes qu'elles laissent inconnues", "means that they leave unknown")),
            (
                self.overlong,
                Phrase("moyennes trop longues pour un référentiel, à arrondir", "means too long for a reference table, to be rounded"),
            ),
        ):
            if number:
                told.append(Phrase(f"{words.fr} : {number}", f"{words.en}: {number}"))
        told.append(
            Phrase(
                f"moyennes : {self.means}, sur {self.practitioners} médecins et {self.years} années",
                f"means: {self.means}, over {self.practitioners} doctors and {self.years} years",
            )
        )
        return told


Keys = tuple[str, ...]


def computed(
    engine: Engine, plan: MeanPlan, rounding: tuple[Number, Rounding] | None, *, doubts_unknown: bool
) -> tuple[dict[Keys, Number], MeanReport]:
    """Run the queries in an engine that holds `exercices` and `medecins`; return the means, sorted by keys, and the account.

    Raises CallError where a practitioner or a year stands twice (E552), or where the table takes no such key or value (E509, E510).
    """
    engine.view("registre", plan.register())
    engine.hold("vues", plan.seen())
    for relation, names in (("registre", "praticien"), ("vues", "praticien, annee")):
        if twice := engine.rows(plan.repeated(relation, names)):
            raise CallError([diagnose("E552", found=" ; ".join(map(str, twice[0])))])
    width = len(plan.keys)
    counts = {tuple(row[:width]): row[width:] for row in engine.rows(plan.census())}
    terms: dict[tuple[Any, ...], list[tuple[int, int]]] = defaultdict(list)
    for row in engine.rows(plan.pieces()):
        among, below, above = row[width:]
        terms[tuple(row[:width])].append((_whole(above), _whole(below) * int(among)))
    whole = {keys: count for keys, count in counts.items() if None not in keys}
    doubtful = {keys for keys, (_, _, unknown) in whole.items() if unknown and doubts_unknown}
    means = {}
    for keys in sorted(whole.keys() - doubtful):
        practitioners, years, _ = whole[keys]
        if years:
            share = {Weights.DOCTORS: practitioners, Weights.YEARS: years, Weights.AMOUNTS: 1}[plan.weights]
            mean = simplify(_total(terms[keys]) / share)
            means[keys] = round_to(mean, *rounding) if rounding is not None else mean
    _, faults = read_references(plan.program, {plan.table.name: dict(means)})
    overlong = [fault for fault in faults if fault.code == "E506"]
    if len(overlong) < len(faults):
        raise CallError([fault for fault in faults if fault.code != "E506"])
    return means, MeanReport(
        plan.table.name,
        f"{plan.numerator}/{plan.denominator}",
        plan.years,
        str(plan.weights),
        len(means),
        sum(whole[keys][0] for keys in means),
        sum(whole[keys][1] for keys in means),
        int(engine.rows(plan.idle())[0][0]),
        sum(count[0] for keys, count in counts.items() if None in keys),
        sum(count[2] for count in counts.values()),
        len(doubtful),
        len(overlong),
    )


def _whole(number: Any) -> int:
    """Return cents, or the count that it is."""
    return int(number * 100) if isinstance(number, Decimal) else int(number)


def _total(terms: Sequence[tuple[int, int]]) -> Fraction:
    """Add quotients, by halves: of a nation of them, one by one, each would be added to a sum of as many digits as all that went before."""
    held = list(terms)
    while len(held) > 1:
        pairs = [(a * d + c * b, b * d) for (a, b), (c, d) in zip(held[::2], held[1::2], strict=False)]
        held = pairs + held[len(pairs) * 2 :]
    return Fraction(*held[0])
