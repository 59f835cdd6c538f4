"""From a pack's files to its program or to its consolidated text: parsed once, amendments worked in, ancestors included."""

from __future__ import annotations

import datetime as dt
import hashlib
from functools import lru_cache
from pathlib import Path

from optam_rules.base.calendar import ALWAYS, ONE_DAY, Interval
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.core.program import Program
from optam_rules.elaborate.consolidated_text import consolidated_text
from optam_rules.elaborate.consolidation import consolidate
from optam_rules.elaborate.faults import Faults
from optam_rules.elaborate.pipeline import PackInfo, elaborate
from optam_rules.elaborate.publication import publication_days
from optam_rules.library.files import VOCABULARY, PackFiles, find, lineage, read_pack
from optam_rules.syntax.abstract import AmendmentHeader, ConventionHeader, FileSyntax
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import read_source


def trees(files: PackFiles) -> tuple[FileSyntax, ...]:
    """Return the abstract syntax of a pack's own texts, those that cannot be read left out."""
    return _parse_all(files)[0]


@lru_cache(maxsize=64)
def known_days(files: PackFiles) -> tuple[dt.date, ...]:
    """Return the days, in order, on which something of a pack or of its ancestors was published."""
    return tuple(sorted(publication_days(tree for pack in lineage(files) for tree in _parse_all(pack)[0])))


def state_on(files: PackFiles, known_on: dt.date | None) -> dt.date | None:
    """Return the day that stands for all those on which a pack reads as on `known_on`; `None` where all of it is published."""
    days = known_days(files)
    if known_on is None or not days or known_on >= days[-1]:
        return None
    return max((day for day in days if day <= known_on), default=days[0] - ONE_DAY)


def compile_anew(files: PackFiles, known_on: dt.date | None) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """Parse and elaborate a pack as `compile_pack` gives it, without looking whether it was compiled before."""
    own, own_faults = _parse_all(files)
    ancestors = lineage(files)[1:]
    faults = [*own_faults, *(fault for each in ancestors for fault in _parse_all(each)[1] if fault.severity == "error")]
    manifest = files.manifest
    amends = files.parent is not None and all(isinstance(tree.header, AmendmentHeader) for tree in own)
    days = _of_what_it_amends(files) if amends else (manifest.interval, manifest.verified)
    digest = files.digest if known_on is None else f"sha256:{hashlib.sha256(f'{files.digest} {known_on}'.encode()).hexdigest()}"
    info = PackInfo(manifest.id, manifest.title, manifest.version, digest, days[1], days[0])
    program, found = elaborate(info, own, _inherited(files), known_on=known_on)
    return _settled(program, [*faults, *found])


def text_on(files: PackFiles, on: dt.date, known_on: dt.date | None) -> str:
    """Print as one text what a pack's convention says on a day, amendments worked in; `known_on` as for `compile_pack`.

    Raises CallError (E813) where the pack writes or amends more than one convention, or none.
    """
    own, inherited = _parse_all(files)[0], _inherited(files)
    titles = {header.title if isinstance(header, ConventionHeader) else header.amends for file in own if (header := file.header)}
    if len(titles) != 1:
        raise CallError([diagnose("E813", name=files.manifest.id, titles=", ".join(f"« {title} »" for title in sorted(titles)))])
    law = consolidate(own, inherited, Faults(), known_on=known_on)
    return consolidated_text([*law.inherited, *law.own], titles.pop(), on)


def _inherited(files: PackFiles) -> list[FileSyntax]:
    """Return the parsed texts of a pack's ancestors, oldest first."""
    return [tree for ancestor in reversed(lineage(files)[1:]) for tree in _parse_all(ancestor)[0]]


def _of_what_it_amends(files: PackFiles) -> tuple[Interval, dt.date | None]:
    """Return the days of a pack of amendments and the last day verified: what its manifest does not say, its parent's does."""
    manifest, parent = files.manifest, files.parent
    if parent is None:
        return manifest.interval, manifest.verified
    interval, verified = _of_what_it_amends(parent)
    return manifest.interval if manifest.interval != ALWAYS else interval, manifest.verified or verified


def _settled(program: Program | None, diagnostics: list[Diagnostic]) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """Put diagnostics in the order of the texts; an error in any leaves no program."""
    broken = any(diagnostic.severity == "error" for diagnostic in diagnostics)
    return (None if broken else program), tuple(sorted(diagnostics, key=_place))


@lru_cache(maxsize=64)
def _parse_all(files: PackFiles) -> tuple[tuple[FileSyntax, ...], tuple[Diagnostic, ...]]:
    """Parse the texts of one pack, ancestors left aside; a vocabulary is parsed once for all its packs."""
    trees: list[FileSyntax] = []
    faults: list[Diagnostic] = []
    for name, data in files.texts:
        source, unreadable = read_source(f"{files.manifest.id}/{name}", data)
        faults += unreadable
        if source is not None:
            tree, found = parse(source)
            trees.append(tree)
            faults += found
    return tuple(trees), tuple(faults)


def _place(diagnostic: Diagnostic) -> tuple[str, int, str]:
    position = diagnostic.position
    return (position.file, position.start, diagnostic.code) if position else ("", 0, diagnostic.code)


def lone_file(name: str, data: bytes) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """Compile a lone file, which sees the shipped vocabulary; its header stands in for a manifest."""
    source, faults = read_source(name, data)
    if source is None:
        return None, tuple(faults)
    tree, found = parse(source)
    vocabulary = read_pack(find(VOCABULARY))
    header = tree.header
    title = header.title if header else name
    version = (header.version if header else None) or ""
    inherited, _ = _parse_all(vocabulary)
    info = PackInfo(Path(name).stem, title, version, f"sha256:{hashlib.sha256(data).hexdigest()}", None, vocabulary.manifest.interval)
    program, more = elaborate(info, [tree], inherited)
    return _settled(program, [*faults, *found, *more])
