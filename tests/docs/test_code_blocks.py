"""Every code block of every document is run: conventions checked, Python executed, commands compared with the output shown.

What the words after the language mean:
- ```conv: a lone file, which must have no error. `fragment`: a header is put before it. `vocabulaire`: it is a pack of its own, without
  parent. `code=E301`: it must have that one error or warning. `fichier=PATH`: it is written there, and not checked alone.
- ```python: executed, the names of a document's blocks shared; a ```text block right after it is what it prints. `spark`: run
  by tests/unit/spark/test_page.py, in the session of its neighbours.
- ```console: lines after `$ ` are commands, the others what they print on stdout and stderr; `…` stands for any words, and alone on its
  line for any lines.
- ```json, ```jsonl, ```toml and ```csv: must be well formed; with `fichier=PATH`, written for the blocks that follow.
- ```bash: commands for a developer's checkout, not run here; the targets of `make` must exist.
- ```text: free.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import optam_rules
from tests.docs.blocks import ROOT, Block, blocks, documents

HEADER = 'convention "Exemple" version "1"\n'
VOCABULARY_MANIFEST = 'id = "exemple"\ntitle = "Exemple"\nversion = "1"\n'


def _name(document: Path) -> str:
    return str(document.relative_to(ROOT))


# The pages of codes are written from examples, faulty ones among them, that tests/unit/tools/test_examples.py runs.
WRITTEN_FROM_EXAMPLES = ROOT / "docs" / "reference" / "errors"


@pytest.mark.parametrize("document", [path for path in documents() if path.parent != WRITTEN_FROM_EXAMPLES], ids=_name)
def test_every_block_of_a_document_runs(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks run in order, in one empty folder a document: a reader who follows it gets what it shows."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    held = list(blocks(document))
    for place, block in enumerate(held, 1):
        following = held[place] if place < len(held) else None
        match block.language:
            case "conv":
                _conv(block)
            case "python" if "spark" in block.words:
                pass
            case "python":
                _python(block, names, following)
            case "console":
                _console(block)
            case "json" | "jsonl" | "toml" | "csv":
                _data(block)
            case "bash":
                _bash(block)
            case "text":
                pass
            case language:
                pytest.fail(f"{block}: no reader for a block of `{language}`")


def _conv(block: Block) -> None:
    if _written(block):
        return
    lone = Path("exemple.conv")
    text = HEADER + block.text if {"fragment", "vocabulaire"} & set(block.words) else block.text
    if "vocabulaire" in block.words:
        folder = Path(f"exemple-{block.line}")
        folder.mkdir()
        (folder / "manifest.toml").write_text(VOCABULARY_MANIFEST, encoding="utf-8")
        lone = folder
        (folder / "exemple.conv").write_text(text, encoding="utf-8")
    else:
        lone.write_text(text, encoding="utf-8")
    found = optam_rules.check(lone if lone.is_file() else f"./{lone}")
    expected = block.value("code")
    codes = {diagnostic.code for diagnostic in found if diagnostic.severity == "error" or diagnostic.code == expected}
    assert codes == ({expected} if expected else set()), f"{block}: {[f'{d.code}: {d.message}' for d in found]}"


def _python(block: Block, names: dict[str, object], following: Block | None) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block.text, str(block), "exec"), names)
    if following is not None and following.language == "text":
        assert printed.getvalue() == following.text, str(following)


def _console(block: Block) -> None:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONIOENCODING": "utf-8"}
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        ran = subprocess.run(command, shell=True, capture_output=True, encoding="utf-8", env=environment, check=False)
        printed = ran.stdout + ran.stderr
        pattern = "".join(_pattern(line) for line in shown.rstrip("\n").splitlines())
        assert re.fullmatch(pattern, f"{printed.rstrip()}\n" if printed else ""), f"{block}: `{command}` printed\n{printed}"


def _pattern(line: str) -> str:
    return "(?:.*\n)*" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + "\n"


def _data(block: Block) -> None:
    match block.language:
        case "json":
            json.loads(block.text)
        case "jsonl":
            for line in block.text.splitlines():
                json.loads(line)
        case "toml":
            tomllib.loads(block.text)
        case _:
            assert len({len(row) for row in csv.reader(io.StringIO(block.text))}) == 1, f"{block}: rows of several lengths"
    _written(block)


def _bash(block: Block) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)", block.text, flags=re.MULTILINE)) <= targets, str(block)


def _written(block: Block) -> bool:
    path = block.value("fichier")
    if path is None:
        return False
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(block.text, encoding="utf-8")
    return True
