"""From a value read and the bounds that the text declares for it to the fault where it lies outside of them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Any, Protocol, cast

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.numbers import Number
from optam_rules.base.phrases import Phrase, Word, joined
from optam_rules.core.ir import Scalarlike
from optam_rules.core.scalars import describe, shown
from optam_rules.core.types import Scalar, Type
from optam_rules.core.values import with_unit


class Bounded(Protocol):
    """What has bounds: a datum of the vocabulary, the values of a reference table."""

    @property
    def low(self) -> Number | dt.date | None:
        """The least value allowed, in the unit of the type."""
        ...

    @property
    def high(self) -> Number | dt.date | None:
        """The greatest value allowed, in the unit of the type."""
        ...


def out_of_bounds(bounded: Bounded, type_: Type, raw: object, value: Scalarlike, path: str) -> Diagnostic | None:
    """Return the fault (E510) of a value outside its bounds, `None` inside; `raw` is what was written."""
    if not is_outside(bounded, value):
        return None
    bounds = joined(Phrase(" à ", " to "), (_bound(bounded.low, type_), _bound(bounded.high, type_)))
    hint = _percent_meant(bounded, type_, raw, value)
    return diagnose("E510", path=path, found=describe(raw), bounds=bounds, hint=hint)


def is_outside(bounded: Bounded, value: Scalarlike) -> bool:
    """Tell whether a value is outside its bounds."""
    if isinstance(value, Fraction):
        # By the parts: comparing fractions asks of each whether it is a number, which takes three times as long.
        above, below = value.as_integer_ratio()
        least, most = cast("Number | None", bounded.low), cast("Number | None", bounded.high)
        return (least is not None and above * least.denominator < below * least.numerator) or (
            most is not None and above * most.denominator > below * most.numerator
        )
    # Bounds are declared in the unit of the type, so that both sides compare.
    low, high = cast("Any", bounded.low), cast("Any", bounded.high)
    return (low is not None and cast("Any", value) < low) or (high is not None and cast("Any", value) > high)


@lru_cache(maxsize=1024)
def numerators(low: Number | None, high: Number | None, den: int, most: int) -> tuple[int, int]:
    """Return what the integers of numbers over `den` stay between: their bounds, no further from zero than `most`."""
    least = -most if low is None else max(ceil(Fraction(low) * den), -most)
    return least, most if high is None else min(floor(Fraction(high) * den), most)


def _bound(value: Scalarlike | None, type_: Type) -> Word:
    return Phrase("l'infini", "infinity") if value is None else with_unit(value, type_)


def _percent_meant(bounded: Bounded, type_: Type, raw: object, value: Scalarlike) -> Phrase | None:
    """Propose the percent sign that was likely forgotten (`46.5` where at most 10, that is 1000 %, is allowed)."""
    plain = not isinstance(raw, str) or raw.replace(".", "", 1).isdigit()
    if type_ not in (Scalar.RATE, Scalar.POINTS) or not plain or is_outside(bounded, Fraction(cast("Number", value)) / 100):
        return None
    form = f'`"{shown(str(raw))} %"`'
    return Phrase(f"pour un pourcentage, écrivez {form}", f"for a percentage, write {form}")
