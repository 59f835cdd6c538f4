"""The one catalogue of diagnostic codes: wording, meaning and remedy of each, in French and in English. A code is never reused."""

from __future__ import annotations

from optam_rules.base.codes import calls, comparison, completeness, evaluation, lints, names, official, records, text, types, warnings
from optam_rules.base.codes.entry import Code, merged

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


def wording(code: str, lang: str = "fr") -> Code:
    """Return the entry of a code in `fr` or `en`: title, message, meaning, remedy, hint. Raise KeyError for a code that does not exist."""
    if lang == "fr":
        return CATALOGUE[code]
    # Imported here: most programs never ask for English, and should not pay for reading it.
    from optam_rules.base.codes import english

    return english.CATALOGUE[code]


__all__ = ["CATALOGUE", "Code", "wording"]
