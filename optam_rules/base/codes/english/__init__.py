"""The English wording of the catalogue, family by family as the French one; read only when English is asked for."""

from __future__ import annotations

from optam_rules.base.codes.english import (
    calls,
    comparison,
    completeness,
    evaluation,
    lints,
    names,
    official,
    records,
    text,
    types,
    warnings,
)
from optam_rules.base.codes.entry import merged

CATALOGUE = merged(
    text.CODES,
    names.CODES,
    types.CODES,
    completeness.CODES,
    records.CODES,
    evaluation.CODES,
    calls.CODES,
    comparison.CODES,
    warnings.CODES,
    lints.CODES,
    official.CODES,
)
