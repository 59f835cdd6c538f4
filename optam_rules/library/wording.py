"""From the official wording of articles, in a folder of texts, to what a pack should read again because that wording has changed.

The wording itself is not the pack's: only its digests are kept, in `sources.lock` beside the manifest. Each unit of law has one text, named
after its reference (`LEGIARTI000037439171.txt`), else after its number (`article-41.1.txt`, `annexe-21.txt`, `clause-part_versee.txt`).
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

import attrs

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError, PackError
from optam_rules.base.phrases import Phrase
from optam_rules.syntax.abstract import Amend, Citation, Clauses, FileSyntax, Heading, LawText, RowDecl

LOCK = "sources.lock"
_HEAD = "# Empreintes des textes officiels d'après lesquels le pack a été écrit : `optam check PACK --texts DOSSIER --record`.\n"
_LEGAL_ID = re.compile(r"[A-Z]{4,10}[0-9]{6,20}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_QUOTES = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{MODIFIER LETTER APOSTROPHE}": "'"})


@attrs.frozen
class Unit:
    """A unit of law as a file writes it, the name of its official text and the citations that stand in it."""

    heading: Heading
    name: str
    citations: tuple[Citation, ...]


def units(files: Sequence[FileSyntax]) -> tuple[Unit, ...]:
    """Return the units of law of files that carry words or citations: they were written from an official text."""
    found: list[Unit] = []
    for file in files:
        heading: Heading | None = None
        members: list[object] = []
        for item in (*file.items, None):
            said = item.declaration if isinstance(item, Amend) else item
            if isinstance(said, Heading) or item is None:
                found += _unit(heading, members)
                heading, members = (said if isinstance(said, Heading) else None), []
            else:
                members.append(said)
    return tuple(found)


def _unit(heading: Heading | None, members: Sequence[object]) -> Iterator[Unit]:
    citations = tuple(citation for member in members for citation in _citations(member))
    if heading is not None and (citations or any(isinstance(member, LawText) for member in members)):
        yield Unit(heading, _name(heading), citations)


def _citations(member: object) -> tuple[Citation, ...]:
    clauses = getattr(member, "clauses", None)
    return clauses.citations if isinstance(clauses, Clauses) and not isinstance(member, RowDecl) else ()


def _name(heading: Heading) -> str:
    """Return the name of the official text of a unit of law, without its extension."""
    if heading.reference is not None and _LEGAL_ID.fullmatch(heading.reference):
        return heading.reference
    number = heading.number.removeprefix(f"{heading.kind.value} ")
    return f"{heading.kind.value}-{re.sub(r'[^0-9A-Za-z_.]+', '-', number).strip('-')}"


def digest(text: str) -> str:
    """Return `sha256:` and the digest of a wording; spaces, line ends and the form of apostrophes and accents do not count."""
    plain = " ".join(unicodedata.normalize("NFC", text.translate(_QUOTES)).split())
    return f"sha256:{hashlib.sha256(plain.encode()).hexdigest()}"


def read_lock(folder: Traversable) -> Mapping[str, str]:
    """Return the digests that a pack keeps, by the names of the texts; none where it has no lock. Raises PackError (E814)."""
    file = folder / LOCK
    if not file.is_file():
        return {}
    try:
        kept = tomllib.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PackError([diagnose("E814", file=str(file), reason=str(error))]) from error
    wrong = [name for name, value in kept.items() if not isinstance(value, str) or not _DIGEST.fullmatch(value)]
    if wrong:
        reasons = (Phrase(f"`{name}` n'est pas une empreinte `sha256:…`", f"`{name}` is not a digest `sha256:…`") for name in wrong)
        raise PackError([diagnose("E814", file=str(file), reason=reason) for reason in reasons])
    return kept


def recorded(files: Sequence[FileSyntax], texts: Path) -> str:
    """Return the lock of a pack for the texts of a folder. Raises CallError (E809)."""
    names = sorted({unit.name for unit in units(files)})
    kept = ((name, wording) for name in names if (wording := _wording(texts, name)) is not None)
    return _HEAD + "".join(f'"{name}" = "{digest(wording)}"\n' for name, wording in kept)


def stale(files: Sequence[FileSyntax], lock: Mapping[str, str], texts: Path) -> tuple[Diagnostic, ...]:
    """Return what no longer rests on the wording that it was written from: W601 an article, W602 a clause that cites it.

    A text that is not there is told (W603) where the pack keeps its digest, and a text whose digest it does not keep (W604).
    Raises CallError (E809) for a text that cannot be read.
    """
    return tuple(fault for unit in units(files) for fault in _compared(unit, lock.get(unit.name), _wording(texts, unit.name)))


def _compared(unit: Unit, kept: str | None, wording: str | None) -> Iterator[Diagnostic]:
    place, called = unit.heading.position, unit.heading.number
    match kept, wording:
        case None, str():
            yield diagnose("W604", place, number=called, name=unit.name)
        case str(), None:
            yield diagnose("W603", place, number=called, name=unit.name)
        case str(), str() if digest(wording) != kept:
            yield diagnose("W601", place, number=called, name=unit.name)
            related = [(place, Phrase("l'article", "the article"))]
            for citation in unit.citations:
                yield diagnose("W602", citation.position, number=called, fragment=citation.fragment, related=related)


def _wording(texts: Path, name: str) -> str | None:
    file = texts / f"{name}.txt"
    if not file.is_file():
        return None
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CallError([diagnose("E809", file=str(file), reason=str(error))]) from error
