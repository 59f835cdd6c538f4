"""Rules as code for the French medical conventions: load a pack, judge records, read why.

The public names load on first use, so that `import optam_rules` stays light: neither lark nor any extra is imported.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optam_rules.analysis.compare.result import Diff
    from optam_rules.analysis.lint.finding import Edit, Finding
    from optam_rules.analysis.verdict import Budget
    from optam_rules.api import (
        AfterVerified,
        Call,
        CatalogueEntry,
        Exercices,
        Moyennes,
        Pack,
        Refusal,
        catalogue,
        check,
        exercices,
        format_text,
        lint,
        load,
        mend,
        moyennes,
        record_texts,
    )
    from optam_rules.base.diagnostics import Diagnostic, diagnose
    from optam_rules.base.errors import CallError, MissingExtraError, OptamError, PackError, PackNotFoundError, RecordError
    from optam_rules.comparing import diff
    from optam_rules.core.answers import Answer, Judgement
    from optam_rules.core.clauses import Clause
    from optam_rules.core.judgement import Status, Step

__all__ = [
    "AfterVerified",
    "Answer",
    "Budget",
    "Call",
    "CallError",
    "CatalogueEntry",
    "Clause",
    "Diagnostic",
    "Diff",
    "Edit",
    "Exercices",
    "Finding",
    "Judgement",
    "MissingExtraError",
    "Moyennes",
    "OptamError",
    "Pack",
    "PackError",
    "PackNotFoundError",
    "RecordError",
    "Refusal",
    "Status",
    "Step",
    "catalogue",
    "check",
    "diagnose",
    "diff",
    "exercices",
    "format_text",
    "lint",
    "load",
    "mend",
    "moyennes",
    "record_texts",
]

_HOMES = {
    "diff": "comparing",
    "Diagnostic": "base.diagnostics",
    "diagnose": "base.diagnostics",
    "CallError": "base.errors",
    "MissingExtraError": "base.errors",
    "OptamError": "base.errors",
    "PackError": "base.errors",
    "PackNotFoundError": "base.errors",
    "RecordError": "base.errors",
    "Budget": "analysis.verdict",
    "Diff": "analysis.compare.result",
    "Edit": "analysis.lint.finding",
    "Finding": "analysis.lint.finding",
    "Answer": "core.answers",
    "Clause": "core.clauses",
    "Judgement": "core.answers",
    "Status": "core.judgement",
    "Step": "core.judgement",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'optam_rules' has no attribute {name!r}")
    value = getattr(import_module(f"optam_rules.{_HOMES.get(name, 'api')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
