"""What would change an answer, in French sentences for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optam_rules.analysis.packtests import in_words
from optam_rules.analysis.whatif import Change, WhatIf
from optam_rules.core.judgement import Status

_INDENT = "  "
_EMPTY = "{ }"  # an empty set or list, as the language writes it


def told(who: str, answer: str, found: WhatIf, wanted: str | None) -> str:
    """Tell one record: the answer, the fewest inputs that would decide it, what it may still be, the nearest changes."""
    return "\n".join([f"{who} : {answer} = {in_words(found.outcome)}", *_unknown(found), *_nearest(answer, found, wanted)])


def _unknown(found: WhatIf) -> Iterator[str]:
    if found.outcome.status is not Status.UNKNOWN:
        return
    for decider in found.deciders.found:
        sure = "quelle que soit la valeur essayée" if decider.always else "selon la valeur"
        yield f"{_INDENT}{' et '.join(decider.inputs)} décide{'nt' if len(decider.inputs) > 1 else ''}, {sure} :"
        yield from (f"{_INDENT * 2}{_list(each.changes)} -> {in_words(each.outcome)}" for each in decider.completions)
    if not found.deciders.found:
        yield f"{_INDENT}rien de ce qui a été essayé ne décide"
    if found.deciders.untried:
        yield f"{_INDENT}sans valeur à essayer : {', '.join(found.deciders.untried)}"
    met = [in_words(outcome) for outcome in found.bounds.outcomes]
    if met:
        yield f"{_INDENT}{'ce sera' if found.bounds.exact else 'ce peut être, entre autres'} : {_or(met)}"


def _nearest(answer: str, found: WhatIf, wanted: str | None) -> Iterator[str]:
    if found.nearest is None:
        return
    if not found.nearest.found:
        yield f"{_INDENT}aucun changement essayé ne donne {answer} = {wanted}"
        return
    yield f"{_INDENT}{answer} = {wanted} par le plus petit changement de :"
    yield from (f"{_INDENT * 2}{_list(changes)}" for changes in found.nearest.found)


def _list(changes: Sequence[Change]) -> str:
    return " ; ".join(f"{change.path} = {change.text or _EMPTY}" for change in changes)


def _or(words: Sequence[str]) -> str:
    shown = words if len(words) <= 4 else [words[0], "…", words[-1]]
    return f"{', '.join(shown[:-1])} ou {shown[-1]}" if len(shown) > 1 else shown[0]
