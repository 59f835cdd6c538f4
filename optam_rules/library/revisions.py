"""From a folder and a git revision to that pack's files as they were then; the working tree is neither read nor changed."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tomllib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase
from optam_rules.library.files import MANIFEST, PackFiles, read_pack


def read_revision(folder: Path, revision: str, side: str) -> PackFiles:
    """Read a pack at a git revision, with the parents that stood beside it then; others are looked for as usual.

    `side` is what the caller wrote, for messages. Raises CallError (E853) where git cannot read it.
    """
    here = folder.absolute()
    while not here.is_dir():  # the folder may be gone since
        here = here.parent
    top = Path(_git(here, side, "rev-parse", "--show-toplevel").decode().strip())
    commit = _git(here, side, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
    inside = PurePosixPath(folder.absolute().resolve().relative_to(top.resolve()).as_posix())
    with TemporaryDirectory() as directory:
        root = Path(directory)
        waiting, seen = [inside], set[PurePosixPath]()
        while waiting:
            pack = waiting.pop()
            seen.add(pack)
            _extract(top, commit, pack, root, side)
            parent = _parent(root / pack / MANIFEST)
            beside = pack.parent / parent if parent and pack != PurePosixPath(".") else None
            if beside is not None and beside not in seen and _exists(top, commit, beside / MANIFEST):
                waiting.append(beside)
        if not (root / inside / MANIFEST).is_file():
            absent = f"`{inside / MANIFEST}`"
            reason = Phrase(f"aucun {absent} dans {commit[:12]}", f"no {absent} in {commit[:12]}")
            raise CallError([diagnose("E853", side=side, reason=reason)])
        return read_pack(root / inside)


def _extract(top: Path, commit: str, pack: PurePosixPath, root: Path, side: str) -> None:
    """Write the texts and the manifest of a folder, as a commit has them, under `root`."""
    archive = _git(top, side, "archive", "--format=tar", commit, "--", pack.as_posix())
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar.getmembers():
            name = PurePosixPath(member.name)
            content = tar.extractfile(member) if member.isfile() and (name.suffix == ".conv" or name.name == MANIFEST) else None
            if content is not None:
                target = root / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())


def _parent(manifest: Path) -> str | None:
    """Return the parent that a manifest names; what is wrong with it is told where it is read."""
    try:
        parent = tomllib.loads(manifest.read_text(encoding="utf-8")).get("parent")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    return parent if isinstance(parent, str) and "/" not in parent and parent not in ("", ".", "..") else None


def _exists(top: Path, commit: str, path: PurePosixPath) -> bool:
    command = _command(top, ["cat-file", "-e", f"{commit}:{path.as_posix()}"])
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _git(folder: Path, side: str, *arguments: str) -> bytes:
    try:
        ran = subprocess.run(_command(folder, arguments), capture_output=True, check=False)
    except OSError as error:
        not_run = Phrase(f"git ne s'exécute pas ({error.strerror})", f"git does not run ({error.strerror})")
        raise CallError([diagnose("E853", side=side, reason=not_run)]) from error
    if ran.returncode:
        words = ran.stderr.decode("utf-8", "replace").strip().splitlines()
        failed = Phrase(f"git rend {ran.returncode}", f"git returns {ran.returncode}")
        raise CallError([diagnose("E853", side=side, reason=words[0] if words else failed)])
    return ran.stdout


def _command(folder: Path, arguments: Sequence[str]) -> list[str]:
    return ["git", "-C", str(folder), *arguments]
