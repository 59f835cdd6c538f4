"""`optam evaluate` and numbers of thousands of digits: written whole, or refused by what cannot hold them, never a raw error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]
DIGITS = 39 * 2**8  # of zeros after the 1: 10^39 squared eight times


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Leave Python's own limit as it was."""
    limit = sys.get_int_max_str_digits()
    yield
    sys.set_int_max_str_digits(limit)


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv", "fhir", "markdown"])
def test_an_integer_of_ten_thousand_digits_is_written_whole(optam: Optam, tmp_path: Path, form: str) -> None:
    """10^39 squared eight times is 10^9984: a 1 and 9,984 zeros, whatever sets thousands apart; 3 € times it is a 3 and as many."""
    squares = "".join(f"  règle c{i} : entier vaut {f'c{i - 1} * c{i - 1}' if i > 1 else 'm * m'}\n" for i in range(1, 9))
    folder = tmp_path / "essai"
    folder.mkdir()
    (folder / "essai.conv").write_text(
        'convention "Essai" version "1"\nentité principale dossier "Dossier"\n  donnée m : entier "m"\n  donnée p : montant "p"\n'
        f'article 1 "Un" en vigueur du 2016-01-01\n{squares}  règle g : montant vaut p * c8\n',
        encoding="utf-8",
    )
    (folder / "manifest.toml").write_text('id = "essai"\ntitle = "Essai"\nversion = "1"\n', encoding="utf-8")
    (tmp_path / "dossiers.json").write_text(json.dumps([{"m": 10**39, "p": "3"}]), encoding="utf-8")
    ran = optam("evaluate", "dossiers.json", "--pack", "essai", "--on", "2017-06-08", "--answers", "c8,g", "--format", form)
    assert 0 == ran.code
    written = "".join(character for character in ran.out if character.isdigit())
    assert f"1{'0' * DIGITS}" in written
    assert f"3{'0' * DIGITS}" in written
