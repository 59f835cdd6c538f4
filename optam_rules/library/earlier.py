"""From a pack's files to the errors of its earlier states: what was published by each day must be a coherent text."""

from __future__ import annotations

from optam_rules.base.calendar import ONE_DAY
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.phrases import Phrase
from optam_rules.library.compiled import compile_pack
from optam_rules.library.files import PackFiles
from optam_rules.library.packs import known_days


def earlier_faults(files: PackFiles) -> tuple[Diagnostic, ...]:
    """Return the errors of a pack as it could be read before each publication, each told once."""
    days = known_days(files)
    found: dict[tuple[str, str], Diagnostic] = {}
    for day in [days[0] - ONE_DAY, *days[:-1]] if days else []:
        for fault in compile_pack(files, day)[1]:
            if fault.severity == "error":
                said, english = fault.told("fr"), fault.told("en")
                message = Phrase(f"{fault.code}, {said.message}", f"{fault.code}, {english.message}")
                hint = Phrase(said.hint, english.hint or "") if said.hint else None
                told = diagnose("E812", fault.position, day=day, message=message, hint=hint)
                found.setdefault((fault.code, str(fault.position)), told)
    return tuple(found.values())
