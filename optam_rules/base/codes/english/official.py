"""W6xx in English: the official wording that a pack was written from."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "W601",
        "Official text changed",
        "the official text of `{number}` (`{name}.txt`) is no longer the one that the article was written from",
        "`sources.lock` keeps the digest of the official text; it does not say what changed, only that something did.",
        "Read the text again, correct the article or write an amendment, then `optam check PACK --texts FOLDER --record`.",
    ),
    Code(
        "W602",
        "Quotation of a changed text",
        "this clause quotes `{number}`, whose official text has changed",
        "A clause that quotes rests on words; when they change, it must be read again.",
        "Read the clause again with the new text.",
    ),
    Code(
        "W603",
        "Official text missing",
        "the pack keeps the digest of the text of `{number}`, but `{name}.txt` is not in the folder",
        "A missing text cannot be compared: nothing says whether it has changed.",
        "Add the text to the folder, under this name.",
    ),
    Code(
        "W604",
        "Official text without a digest",
        "the folder has the text of `{number}` (`{name}.txt`), whose digest the pack does not keep",
        "Without a digest, a change of the text would go unnoticed.",
        "Compare the article and the text, then `optam check PACK --texts FOLDER --record`.",
    ),
)
