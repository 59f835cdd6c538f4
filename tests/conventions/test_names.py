"""The names of the shipped packs: safe everywhere, and words of neither lexicon."""

from __future__ import annotations

import re
from importlib.resources.abc import Traversable

import pytest

from optam_rules._resources import shipped
from optam_rules.library.files import shipped_folders
from optam_rules.syntax.abstract import (
    EntityDecl,
    EnumDecl,
    ExceptionDecl,
    FieldDecl,
    HypothesisDecl,
    ParameterDecl,
    ReferenceDecl,
    RuleDecl,
    TableDecl,
)
from optam_rules.syntax.lexicon import LANGUAGES, lexicon
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import read_source

PACKS = tuple(folder.name for folder in shipped_folders())
_SAFE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_NAMED = (EntityDecl, FieldDecl, EnumDecl, ParameterDecl, ReferenceDecl, HypothesisDecl, RuleDecl, ExceptionDecl, TableDecl)


def _files(folder: Traversable) -> list[Traversable]:
    inside = [entry for entry in folder.iterdir() if entry.is_dir()]
    return [entry for entry in folder.iterdir() if entry.name.endswith(".conv")] + [file for entry in inside for file in _files(entry)]


def _names(pack: str) -> set[str]:
    found: set[str] = set()
    for file in _files(shipped("conventions") / pack):
        source, _ = read_source(file.name, file.read_bytes())
        assert source is not None
        for item in parse(source)[0].items:
            if isinstance(item, _NAMED):
                found.add(item.name)
            if isinstance(item, EnumDecl):
                found |= {value.name for value in item.values}
            if isinstance(item, HypothesisDecl):
                found |= set(item.readings)
    return found


@pytest.mark.parametrize("pack", PACKS)
def test_names_are_unaccented_snake_case(pack: str) -> None:
    """A name serves as JSON key, CSV header, SQL column and Python attribute without escaping."""
    assert {name for name in _names(pack) if not _SAFE.fullmatch(name)} == set()


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_words_of_no_lexicon(pack: str, language: str) -> None:
    """A name needs grave accents in neither lexicon, so that a text passes from one to the other."""
    assert _names(pack) & lexicon(language).reserved.keys() == set()
