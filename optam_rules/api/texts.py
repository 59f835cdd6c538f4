"""From the texts of packs to what is wrong with them, worth a second look, or printed anew; and the list of the shipped packs.

Nothing here judges a record, and nothing prints.
"""

from __future__ import annotations

import codecs
import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import attrs

from optam_rules.analysis.lint.finding import Finding
from optam_rules.analysis.lint.run import lint as run_lints
from optam_rules.analysis.lint.run import mended
from optam_rules.base.arguments import date_fault
from optam_rules.base.calendar import Interval
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError, PackError
from optam_rules.base.source import Position
from optam_rules.library.compiled import compile_pack
from optam_rules.library.earlier import earlier_faults
from optam_rules.library.files import find, read_pack, shipped_folders
from optam_rules.library.packs import lone_file, trees
from optam_rules.library.wording import LOCK, read_lock, recorded, stale
from optam_rules.syntax.abstract import FileSyntax
from optam_rules.syntax.lexicon import LANGUAGES
from optam_rules.syntax.parse import parse
from optam_rules.syntax.print import PrintedOtherwiseError, print_source
from optam_rules.syntax.source import read_source


@attrs.frozen
class CatalogueEntry:
    """A shipped pack: what it is and when it is in force."""

    id: str
    title: str
    version: str
    interval: Interval
    verified: dt.date | None
    sources: tuple[str, ...]


def check(path: str | Path, *, texts: str | Path | None = None) -> tuple[Diagnostic, ...]:
    """Return every error and warning of a pack (name or folder) or of a lone `.conv` file, which sees the shared vocabulary.

    `texts` is a folder of official wordings: an article whose wording is not the one that it was written from is told (W601 to W604).

    Raises PackNotFoundError where there is nothing to check, CallError for a text that cannot be read (E809); faults of a manifest are
    returned.
    """
    if (file := _lone(path)) is not None:
        return lone_file(str(path), file.read_bytes())[1]
    try:
        folder = find(path)
        files = read_pack(folder)
        program, diagnostics = compile_pack(files)
        if program is None:
            return diagnostics
        worn = stale(trees(files), read_lock(folder), Path(texts)) if texts is not None else ()
        return (*diagnostics, *earlier_faults(files), *worn)
    except PackError as error:
        return error.diagnostics


def _lone(path: object) -> Path | None:
    """Return the file that a path leads to; `None` where it is a pack's, or anything else, which is told as such."""
    try:
        file = Path(path) if isinstance(path, str | Path) else None
        return file if file is not None and file.is_file() else None
    except OSError:
        return None


def record_texts(path: str | Path, texts: str | Path) -> Path:
    """Write in the folder of a pack, in `sources.lock`, the digests of the official wordings of a folder; return the file written.

    Raises PackNotFoundError, PackError for a faulty manifest, CallError (E809) for a text that cannot be read or a file not written.
    """
    folder = find(path)
    content = recorded(trees(read_pack(folder)), Path(texts))
    lock = Path(str(folder)) / LOCK
    try:
        lock.write_text(content, encoding="utf-8")
    except OSError as error:
        raise CallError([diagnose("E809", file=str(lock), reason=error.strerror or str(error))]) from error
    return lock


def lint(path: str | Path, *, today: dt.date | None = None) -> tuple[Finding, ...]:
    """Return what is allowed in a pack (name or folder) or a lone `.conv` file and still worth a second look: warnings W1xx to W5xx.

    `today` is what the age of the pack's verified date is measured from; without it, that is not looked at. A comment
    `# lint: W502 reason` puts a warning aside on its line. `edits` of a finding mend it without changing what the text means.

    Raises PackError where the texts have errors, PackNotFoundError where there is nothing there.
    """
    if (file := _lone(path)) is not None:
        source, faults = read_source(str(path), file.read_bytes())
        own: tuple[FileSyntax, ...] = (parse(source)[0],) if source is not None else ()
        diagnostics: Iterable[Diagnostic] = (*faults, *lone_file(str(path), file.read_bytes())[1])
        verified = None
    else:
        files = read_pack(find(path))
        own, diagnostics, verified = trees(files), compile_pack(files)[1], files.manifest.verified
    if errors := [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]:
        raise PackError(errors)
    return run_lints(own, diagnostics, verified=verified, today=today)


def mend(data: bytes, findings: Iterable[Finding]) -> bytes:
    """Return a text with the edits of findings made, all of this text and as `lint` gave them; the rest stays to the byte.

    Edits that touch one another are made one at a time: lint again until no finding has any.
    """
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    edits = (edit for finding in findings for edit in finding.edits)
    return mark + mended(data.removeprefix(mark).decode(), edits).encode()


def format_text(text: str | bytes, *, name: str = "texte.conv", language: str | None = None) -> str:
    """Return a convention text as the formatter writes it: same meaning, same comments, same line cuts.

    `language` ("fr" or "en") translates the words of the language, names and quoted texts left as they are; otherwise the text keeps its
    own, which its first line or the name of its file tells. Formatting twice changes nothing more.

    Raises PackError with every error of form (E1xx), or where the text would not read back the same (E901: nothing is lost, tell us);
    CallError for another language (E830).
    """
    if language not in (None, *LANGUAGES):
        raise CallError([diagnose("E830", found=language)])
    source, faults = read_source(name, text.encode() if isinstance(text, str) else text)
    found = [*faults, *(parse(source)[1] if source is not None else [])]
    errors = [fault for fault in found if fault.severity == "error"]
    if source is None or errors:
        raise PackError(errors)
    try:
        return print_source(source, language)
    except PrintedOtherwiseError as error:
        raise PackError([diagnose("E901", Position(source, 0, 0))]) from error


def catalogue(on: dt.date | None = None) -> tuple[CatalogueEntry, ...]:
    """List the shipped packs, or those in force on a date. Raises CallError for what is no date (E810)."""
    if on is not None and (wrong := list(date_fault(on))):
        raise CallError(wrong)
    manifests = (read_pack(folder).manifest for folder in shipped_folders())
    return tuple(
        CatalogueEntry(m.id, m.title, m.version, m.interval, m.verified, m.sources) for m in manifests if on is None or on in m.interval
    )
