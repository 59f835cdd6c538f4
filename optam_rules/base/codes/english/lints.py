"""W5xx in English: what lints tell."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "W501",
        "`et` and `ou` without parentheses",
        "`et` beside `ou`, without parentheses: `et` is read first",
        "`a et b ou c` reads as `(a et b) ou c`. The text of a convention does not always say that, and a reader does not know it.",
        "Add parentheses; `optam lint --fix` adds those that leave the meaning unchanged.",
    ),
    Code(
        "W502",
        "Cap or floor forgotten",
        "the exception `{name}` does not have the `{kind}` of its rule",
        "A cap or a floor holds only for the body where it is written: an exception that does not repeat it is not bounded.",
        "Repeat the bound in the exception, or say in a comment `# lint: W502` why it is not there.",
    ),
    Code(
        "W503",
        "Repeated bound",
        "`{kind}` is written twice, with the same bound",
        "The second has no effect: another bound may have been meant.",
        "Delete it, or correct it.",
    ),
    Code(
        "W504",
        "Answer that depends on what is declared",
        "`{word}` makes an answer depend on what is declared, not on the facts alone",
        "With it, one more input can change an answer already known; everywhere else, it can only add to what is known.",
        "Write the rule on the facts, and leave the answer unknown as long as they are missing.",
    ),
    Code(
        "W505",
        "Rule without an article",
        "`{name}` stands under no article",
        "An answer is cited by its article; this one would have none.",
        "Move it under an `article`, an `annexe` or a `clause`.",
    ),
    Code(
        "W506",
        "Assumption without a reason",
        "the assumption does not say why: `{found}`",
        "An assumption is a choice: whoever reads it must be able to judge it.",
        "Say in a few words what the sources leave unsaid and what is assumed.",
    ),
    Code(
        "W507",
        "Pack verified long ago",
        "verified up to {verified}, more than a year before {today}",
        "The law may have changed since this text was compared with its sources.",
        "Compare the pack with the law in force, then change `verified` in its manifest.",
    ),
    Code(
        "W508",
        "Suppression without an object",
        "the comment suppresses `{name}`, and nothing here raises it",
        "A comment that suppresses nothing would hide a fault to come.",
        "Delete it, or move it to the line in question.",
    ),
    Code(
        "W509",
        "Suppression without a reason",
        "the comment does not say why",
        "Whoever reads it again must know why the warning was suppressed.",
        "Write the reason after the code: `# lint: W502 the source sets no bound`.",
    ),
)
