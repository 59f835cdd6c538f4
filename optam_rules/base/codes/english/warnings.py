"""Wxxx in English: warnings."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "W101",
        "Mixed scripts",
        "the name `{name}` mixes letters of several scripts ({scripts})",
        "Letters of different alphabets look alike: two names that the eye confuses would be two names for the machine.",
        "Write the name again with Latin letters.",
    ),
    Code(
        "W201",
        "Unused parameter",
        "nothing reads the parameter `{name}`",
        "A parameter that nothing reads changes no answer: a misspelt name, or a remnant.",
        "Read it in a rule, or delete it.",
    ),
    Code(
        "W202",
        "Unused definition",
        "nothing reads `{name}`, no test expects it",
        "A definition that nothing reads and no test expects is checked by nothing.",
        "Write a test that expects it, or delete it.",
    ),
    Code(
        "W203",
        "Unused value",
        "nothing mentions the value `{name}` of `{enumeration}`",
        "No rule tells this value apart: a case may have been forgotten.",
        "Mention it in a rule or a test, or delete it.",
    ),
    Code(
        "W204",
        "Unused reference table",
        "nothing reads the reference table `{name}`",
        "A reference table that nothing reads changes no answer.",
        "Read it in a rule, or delete it.",
    ),
    Code(
        "W205",
        "Unused assumption",
        "nothing depends on the assumption `{name}`",
        "The question is open but no answer depends on it.",
        "Read it in a condition or a column, or delete it.",
    ),
    Code(
        "W401",
        "Exception never active",
        "the exception `{name}` never applies: `{text}` is always false",
        "No record meets the condition of this exception.",
        "Correct the condition, or delete the exception.",
    ),
    Code(
        "W402",
        "`sinon` row never reached",
        "the other rows cover every case: the `sinon` row never answers",
        "A row that never answers would hide a forgotten case, should another row be removed one day.",
        "Delete the `sinon` row.",
    ),
    Code(
        "W403",
        "Disapplication out of place",
        "`{name}` is never in force {interval}: there is nothing to disapply",
        "An exception exists only on its own days; disapplying it on another day has no effect.",
        "Correct the dates of the disapplication or of the exception.",
    ),
    Code(
        "W404",
        "`partielle` without effect",
        "`partielle` has no effect: a value is given in every case",
        "`partielle` says that a rule is `sans objet` when none of its conditions is true.",
        "Remove `partielle`, or the `sinon`.",
    ),
    Code(
        "W405",
        "Condition never reached",
        "`{text}` is never true by the time it is reached",
        "The conditions before it take every case in which it would be true, or it is never true.",
        "Correct the condition, or delete the branch.",
    ),
    Code(
        "W406",
        "`sinon` never reached",
        "the conditions cover every case: the `sinon` is never reached",
        "A value that is never taken would hide a forgotten case, should a condition be removed one day.",
        "Delete the `sinon`.",
    ),
)
