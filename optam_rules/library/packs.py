"""From the name or the folder of a pack to its program; the texts are read once, compiled once by digest."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path

import attrs

from optam_rules._resources import shipped
from optam_rules.base.calendar import ALWAYS, ONE_DAY, Interval
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError, PackError, PackNotFoundError
from optam_rules.base.suggestions import nearest
from optam_rules.core.program import Program
from optam_rules.elaborate.consolidated_text import consolidated_text
from optam_rules.elaborate.consolidation import consolidate
from optam_rules.elaborate.faults import Faults
from optam_rules.elaborate.pipeline import PackInfo, elaborate
from optam_rules.elaborate.publication import publication_days
from optam_rules.library.manifest import Manifest, read_manifest
from optam_rules.library.stored import stored
from optam_rules.syntax.abstract import AmendmentHeader, ConventionHeader, FileSyntax
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import read_source

MANIFEST = "manifest.toml"
VOCABULARY = "commun"


@attrs.frozen
class PackFiles:
    """A pack as stored: its manifest, its texts by name and those of its ancestors, oldest first."""

    manifest: Manifest
    texts: tuple[tuple[str, bytes], ...]
    parent: PackFiles | None

    @property
    def digest(self) -> str:
        """Return `sha256:` and the digest of manifests' identity and of all texts, ancestors included."""
        state = hashlib.sha256(self.parent.digest.encode() if self.parent else b"")
        for part in (self.manifest.id, self.manifest.version, str(self.manifest.interval), str(self.manifest.verified)):
            state.update(part.encode() + b"\0")
        for name, data in self.texts:
            state.update(name.encode() + b"\0" + len(data).to_bytes(8, "big") + data)
        return f"sha256:{state.hexdigest()}"

    @property
    def identity(self) -> str:
        """Return all that a program is compiled from: manifests whole, and the digest of the texts."""
        return f"{self.digest} {self.manifest!r} {self.parent.identity if self.parent else ''}"


def find(name: str | Path, beside: Traversable | None = None) -> Traversable:
    """Return the folder of a pack: a path to a folder, or the name of a pack beside `beside`, or of a shipped one.

    Raises PackNotFoundError (E801).
    """
    if isinstance(name, Path) or "/" in name or name in (".", ".."):
        if (Path(name) / MANIFEST).is_file():
            return Path(name)
    else:
        for root in (beside, shipped("conventions")):
            if root is not None and (root / name / MANIFEST).is_file():
                return root / name
        if (Path(name) / MANIFEST).is_file():
            return Path(name)
    near = nearest(str(name), [folder.name for folder in shipped_folders()])
    raise PackNotFoundError([diagnose("E801", name=name, hint=f"vouliez-vous dire `{near}`" if near else None)])


def shipped_folders() -> list[Traversable]:
    """Return the folders of the packs that the library ships, by name."""
    return sorted((folder for folder in shipped("conventions").iterdir() if (folder / MANIFEST).is_file()), key=lambda f: f.name)


def read_pack(folder: Traversable, seen: tuple[str, ...] = ()) -> PackFiles:
    """Read a pack's manifest and texts, and its parent's. Raises PackError on a faulty manifest, PackNotFoundError for the parent."""
    file = str(folder / MANIFEST)
    manifest, faults = read_manifest(file, (folder / MANIFEST).read_bytes())
    if manifest is None:
        raise PackError(faults)
    texts = tuple(sorted(_texts(folder, "")))
    if not texts:
        raise PackError([diagnose("E804", name=manifest.id)])
    if manifest.parent is None:
        return PackFiles(manifest, texts, None)
    if manifest.parent in (*seen, manifest.id):
        raise PackError([diagnose("E803", file=file, key="parent", reason=f"le pack `{manifest.parent}` est son propre ancêtre")])
    beside = folder.parent if isinstance(folder, Path) else None
    return PackFiles(manifest, texts, read_pack(find(manifest.parent, beside), (*seen, manifest.id)))


def _texts(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.name.startswith("."):
            yield from _texts(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".conv"):
            yield prefix + entry.name, entry.read_bytes()


def trees(files: PackFiles) -> tuple[FileSyntax, ...]:
    """Return the abstract syntax of a pack's own texts, those that cannot be read left out."""
    return _parse_all(files)[0]


@lru_cache(maxsize=64)
def known_days(files: PackFiles) -> tuple[dt.date, ...]:
    """Return the days, in order, on which something of a pack or of its ancestors was published."""
    return tuple(sorted(publication_days(tree for pack in _lineage(files) for tree in _parse_all(pack)[0])))


def state_on(files: PackFiles, known_on: dt.date | None) -> dt.date | None:
    """Return the day that stands for all those on which a pack reads as on `known_on`; `None` where all of it is published."""
    days = known_days(files)
    if known_on is None or not days or known_on >= days[-1]:
        return None
    return max((day for day in days if day <= known_on), default=days[0] - ONE_DAY)


def earlier_faults(files: PackFiles) -> tuple[Diagnostic, ...]:
    """Return the errors of a pack as it could be read before each publication, each told once."""
    days = known_days(files)
    found: dict[tuple[str, str], Diagnostic] = {}
    for day in [days[0] - ONE_DAY, *days[:-1]] if days else []:
        for fault in compile_pack(files, day)[1]:
            if fault.severity == "error":
                told = diagnose("E812", fault.position, day=day, message=f"{fault.code}, {fault.message}", hint=fault.hint)
                found.setdefault((fault.code, str(fault.position)), told)
    return tuple(found.values())


@lru_cache(maxsize=64)
def compile_pack(files: PackFiles, known_on: dt.date | None = None) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """Parse and elaborate a pack, amendments worked in: its program (`None` when there is an error) and every diagnostic of its own files.

    `known_on` is a day that `state_on` gives. What was compiled before is read from the user's cache folder.
    """
    identity = f"{files.identity} {known_on}"
    return stored(identity, lambda: _compiled(files, known_on))


def _compiled(files: PackFiles, known_on: dt.date | None) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    own, own_faults = _parse_all(files)
    ancestors = _lineage(files)[1:]
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
    return [tree for ancestor in reversed(_lineage(files)[1:]) for tree in _parse_all(ancestor)[0]]


def _lineage(files: PackFiles) -> list[PackFiles]:
    """Return a pack and its ancestors, nearest first."""
    found = [files]
    while (parent := found[-1].parent) is not None:
        found.append(parent)
    return found


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
