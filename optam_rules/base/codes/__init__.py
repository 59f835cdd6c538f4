"""The one catalogue of diagnostic codes: wording, meaning and remedy of each. A code is never reused."""

from __future__ import annotations

from types import MappingProxyType

from optam_rules.base.codes import calls, comparison, completeness, evaluation, lints, names, records, text, types, warnings, wording
from optam_rules.base.codes.entry import Code


def _merge(*families: tuple[Code, ...]) -> MappingProxyType[str, Code]:
    merged: dict[str, Code] = {}
    for family in families:
        for entry in family:
            if entry.code in merged:
                raise ValueError(f"code {entry.code} stands twice in the catalogue")
            merged[entry.code] = entry
    return MappingProxyType(dict(sorted(merged.items())))


CATALOGUE = _merge(
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
    wording.CODES,
)

__all__ = ["CATALOGUE", "Code"]
