"""What would change an answer, in sentences for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optam_rules.analysis.packtests import in_words
from optam_rules.analysis.whatif import Change, WhatIf
from optam_rules.base.phrases import COLON, Lang, Phrase, joined
from optam_rules.core.judgement import Status

_INDENT = "  "
_EMPTY = "{ }"  # an empty set or list, as the language writes it
_SURE = Phrase("quelle que soit la valeur essayée", "whatever the value tried")
_BY_VALUE = Phrase("selon la valeur", "depending on the value")
_NOTHING = Phrase("rien de ce qui a été essayé ne décide", "nothing that was tried decides")
_UNTRIED = Phrase("sans valeur à essayer", "without a value to try")
_WILL_BE = Phrase("ce sera", "it will be")
_MAY_BE = Phrase("ce peut être, entre autres", "it may be, among others")


def told(who: str, answer: str, found: WhatIf, wanted: str | None, lang: Lang = "fr") -> str:
    """Tell one record: the answer, the fewest inputs that would decide it, what it may still be, the nearest changes."""
    head = f"{who}{COLON.told(lang)}{answer} = {in_words(found.outcome, lang)}"
    return "\n".join([head, *_unknown(found, lang), *_nearest(answer, found, wanted, lang)])


def _unknown(found: WhatIf, lang: Lang) -> Iterator[str]:
    if found.outcome.status is not Status.UNKNOWN:
        return
    colon = COLON.told(lang)
    for decider in found.deciders.found:
        several = len(decider.inputs) > 1
        decides = Phrase("décident" if several else "décide", "decide" if several else "decides").told(lang)
        inputs = joined(Phrase(" et ", " and "), decider.inputs).told(lang)
        yield f"{_INDENT}{inputs} {decides}, {(_SURE if decider.always else _BY_VALUE).told(lang)}{colon}".rstrip()
        yield from (f"{_INDENT * 2}{_list(each.changes)} -> {in_words(each.outcome, lang)}" for each in decider.completions)
    if not found.deciders.found:
        yield f"{_INDENT}{_NOTHING.told(lang)}"
    if found.deciders.untried:
        yield f"{_INDENT}{_UNTRIED.told(lang)}{colon}{', '.join(found.deciders.untried)}"
    met = [in_words(outcome, lang) for outcome in found.bounds.outcomes]
    if met:
        yield f"{_INDENT}{(_WILL_BE if found.bounds.exact else _MAY_BE).told(lang)}{colon}{_or(met, lang)}"


def _nearest(answer: str, found: WhatIf, wanted: str | None, lang: Lang) -> Iterator[str]:
    if found.nearest is None:
        return
    aim = f"{answer} = {wanted}"
    if not found.nearest.found:
        yield _INDENT + Phrase(f"aucun changement essayé ne donne {aim}", f"no change tried gives {aim}").told(lang)
        return
    yield _INDENT + Phrase(f"{aim} par le plus petit changement de :", f"{aim} by the smallest change of:").told(lang)
    yield from (f"{_INDENT * 2}{_list(changes)}" for changes in found.nearest.found)


def _list(changes: Sequence[Change]) -> str:
    return " ; ".join(f"{change.path} = {change.text or _EMPTY}" for change in changes)


def _or(words: Sequence[str], lang: Lang) -> str:
    *others, last = words if len(words) <= 4 else [words[0], "…", words[-1]]
    return joined(Phrase(" ou ", " or "), (", ".join(others), last)).told(lang) if others else last
