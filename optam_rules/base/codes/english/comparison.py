"""E85x in English: calls that compare two sides, and declarations of intended changes."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "E850",
        "No day in common",
        "`{old}` ({old_days}) and `{new}` ({new_days}) are in force together on no day",
        "Without a date, two sides are compared on the days when both are in force.",
        "Give each a date, like `cas-2011@2016-10-01` and `cm-2016@2017-01-01`.",
    ),
    Code(
        "E851",
        "A date on one side only",
        "`{side}` has a date and the other side has none",
        "Comparing one date with every day of another text has no single meaning.",
        "Give both sides a date, the same one if need be, or neither.",
    ),
    Code(
        "E852",
        "Records of different kinds",
        "`{old}` judges `{old_entity}` records and `{new}` judges `{new_entity}` records",
        "Two packs can be compared only if they judge the same records.",
        "Compare packs with the same main entity.",
    ),
    Code(
        "E853",
        "Unreadable git revision",
        "`{side}` cannot be read from git: {reason}",
        "A revision is read in the repository that holds the folder of the pack, without any change to the working tree.",
        "Check the revision with `git log`, and that the folder of the pack is tracked there.",
    ),
    Code(
        "E854",
        "Side badly written",
        "`{side}` does not have the form PACK, PACK@DATE, PACK@git:REVISION or PACK@git:REVISION@DATE",
        "One side of a comparison is a pack, at a git revision if need be, on a date if need be.",
        "Write for example `cm-2016@2017-01-01` or `./my-pack@git:HEAD~3`.",
    ),
    Code(
        "E855",
        "Malformed declaration of changes",
        "`{file}`, {place}: {reason}",
        "A file of expected changes is a sequence of tables `[[change]]`, whose keys are fixed.",
        "Correct the key; the keys allowed are `answer`, `kind`, `direction`, `articles` and `reason`.",
    ),
    Code(
        "E856",
        "Effect without a date",
        "measuring the effect on records requires a date on each side",
        "A record is judged on a date; without one, there are no two judgements to compare.",
        "Add `--on DATE`, or a date to each side.",
    ),
)
