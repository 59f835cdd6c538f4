"""From the words that name one side of a comparison (`cm-2016@git:HEAD~3@2017-01-01`) to the pack's files and the date."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import attrs

from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase
from optam_rules.library.files import PackFiles, find, read_pack
from optam_rules.library.revisions import read_revision

_DAY = re.compile(r"@([0-9]{4}-[0-9]{2}-[0-9]{2})$")
_GIT = "@git:"


@attrs.frozen
class SideName:
    """What the words of a side say: a pack, perhaps as a git revision has it, perhaps on one date."""

    text: str
    pack: str
    revision: str | None
    day: dt.date | None


def parse_side(text: str) -> SideName:
    """Read the words of a side. Raises CallError (E854), also for a date that does not exist."""
    rest, day = text, None
    if match := _DAY.search(text):
        try:
            day = dt.date.fromisoformat(match[1])
        except ValueError as error:
            raise CallError([diagnose("E854", side=text)]) from error
        rest = text[: match.start()]
    pack, git, revision = rest.partition(_GIT)
    if not pack or (git and not revision) or (not git and "@" in Path(pack).name):
        raise CallError([diagnose("E854", side=text)])
    return SideName(text, pack, revision or None, day)


def read_side(name: SideName) -> PackFiles:
    """Read the files of a side. Raises PackNotFoundError, PackError as `read_pack`, CallError (E853) for a revision."""
    if name.revision is None:
        return read_pack(find(name.pack))
    given = Path(name.pack)
    folder = given if "/" in name.pack or given.is_dir() else find(name.pack)
    if not isinstance(folder, Path):
        raise CallError([diagnose("E853", side=name.text, reason=Phrase("le pack n'est pas un dossier", "the pack is not a folder"))])
    return read_revision(folder, name.revision, name.text)
