"""From the name or the folder of a pack to its manifest and texts, and to its ancestors'; nothing is parsed here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from optam_rules._resources import shipped
from optam_rules.base.arguments import kind
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError, PackError, PackNotFoundError
from optam_rules.base.phrases import Phrase, did_you_mean
from optam_rules.base.suggestions import nearest
from optam_rules.library.manifest import Manifest, read_manifest

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

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

    Raises PackNotFoundError (E801), CallError (E827) for what is neither a name nor a path.
    """
    if not isinstance(name, str | Path):
        wanted = Phrase("le nom d'un pack ou un chemin", "the name of a pack or a path")
        raise CallError([diagnose("E827", name="pack", found=kind(name), wanted=wanted)])
    if isinstance(name, Path) or "/" in name or name in (".", ".."):
        if _is_pack(Path(name)):
            return Path(name)
    else:
        for root in (beside, shipped("conventions")):
            if root is not None and _is_pack(root / name):
                return root / name
        if _is_pack(Path(name)):
            return Path(name)
    near = nearest(str(name), [folder.name for folder in shipped_folders()])
    raise PackNotFoundError([diagnose("E801", name=str(name), hint=did_you_mean(near, "dire"))])


def _is_pack(folder: Traversable) -> bool:
    try:
        return (folder / MANIFEST).is_file()
    except OSError:  # a name longer than those of files, a folder that may not be looked into
        return False


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
        reason = Phrase(f"le pack `{manifest.parent}` est son propre ancêtre", f"the pack `{manifest.parent}` is its own ancestor")
        raise PackError([diagnose("E803", file=file, key="parent", reason=reason)])
    beside = folder.parent if isinstance(folder, Path) else None
    return PackFiles(manifest, texts, read_pack(find(manifest.parent, beside), (*seen, manifest.id)))


def _texts(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.name.startswith("."):
            yield from _texts(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".conv"):
            yield prefix + entry.name, entry.read_bytes()


def lineage(files: PackFiles) -> list[PackFiles]:
    """Return a pack and its ancestors, nearest first."""
    found = [files]
    while (parent := found[-1].parent) is not None:
        found.append(parent)
    return found
