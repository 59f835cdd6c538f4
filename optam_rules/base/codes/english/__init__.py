"""The English wording of the catalogue, code by code in the order of the French one; read only when English is asked for."""

from __future__ import annotations

from optam_rules.base.codes.english import evaluation, text, types
from optam_rules.base.codes.entry import merged

CATALOGUE = merged(text.CODES, types.CODES, evaluation.CODES)
