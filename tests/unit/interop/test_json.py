"""JSON and JSON Lines read as raw records: numbers by their digits, refused lines in place, hostile files told and survived."""

from __future__ import annotations

import contextlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optam_rules.base.diagnostics import render_text
from optam_rules.base.errors import CallError
from optam_rules.core.drafts import RepeatedKeys
from optam_rules.core.record import Record
from optam_rules.core.scalars import Overlong
from optam_rules.interop import json_lines
from optam_rules.interop.json_lines import JsonLinesRecords
from optam_rules.interop.json_records import JsonRecords
from optam_rules.interop.json_text import parse_json
from optam_rules.interop.raw import ReadRecord, read_all
from tests.support.vocabulary import program

PROGRAM = program()
GROUP = '{"identifiant": "A", "groupe": {"identifiant": "G", "membres": ["A", "B"]}}'


def from_json(text: str | bytes) -> list[ReadRecord]:
    """Read the records of a JSON text."""
    content = text.encode() if isinstance(text, str) else text
    with JsonRecords(PROGRAM, content, "dossiers.json") as file:
        return list(read_all(PROGRAM, file))


def from_lines(path: Path, text: str | bytes) -> list[ReadRecord]:
    """Read the records of a JSON Lines text."""
    file = path / "dossiers.jsonl"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with JsonLinesRecords(PROGRAM, file) as opened:
        return list(read_all(PROGRAM, opened))


def faults(records: list[ReadRecord]) -> list[tuple[int, str | None, list[tuple[str | None, str]]]]:
    """Return position, identifiant and (path, code) of each refused record."""
    return [
        (record.position, record.identifiant, [(fault.path, fault.code) for fault in record.diagnostics])
        for record in records
        if record.record is None
    ]


def test_numbers_keep_their_digits() -> None:
    """Decimals are read from their digits, and what has no bounded number stays unread."""
    text = "[0.1, 46.50, 2013, 1e999999, 1e99999999999999999999, NaN, -Infinity, " + "9" * 5_000 + ", 1." + "0" * 5_000 + "]"
    found, fault = parse_json(text, "f")
    assert fault is None
    assert isinstance(found, list)
    assert found[:4] == [Decimal("0.1"), Decimal("46.50"), 2013, Decimal("1e999999")]
    assert found[4] == Overlong("1e99999999999999999999")
    assert [str(number) for number in found[5:7]] == ["NaN", "-Infinity"]
    assert [type(number) for number in found[7:]] == [Overlong, Overlong]


def test_repeated_keys_stay_in_sight() -> None:
    """An object with a key twice is kept as such, and its record is refused with the key as path."""
    assert parse_json('{"a": 1, "b": 2, "a": 3}', "f")[0] == RepeatedKeys({"a": 3, "b": 2}, ("a",))
    records = from_json('[{"identifiant": "A", "exercices": [{"annee": 2013, "annee": 2014}]}, {"identifiant": "B"}]')
    assert faults(records) == [(1, "A", [("exercices[0].annee", "E522")])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '[{"identifiant": "A"},\n {"identifiant" "B"}]',
            "dossiers.json:2:17: erreur E530: JSON mal formé, ligne 2, colonne 17 : `:` est attendu\n"
            '  2 |  {"identifiant" "B"}]\n'
            "                      ^",
        ),
        (
            "{} {}",
            "dossiers.json:1:4: erreur E530: JSON mal formé, ligne 1, colonne 4 : du texte suit la fin de la valeur\n"
            "  1 | {} {}\n         ^",
        ),
        ("[1, ", "dossiers.json:1:5: erreur E530: JSON mal formé, ligne 1, colonne 5 : une valeur est attendue\n  1 | [1, \n          ^"),
        ("", "dossiers.json: erreur E541: le fichier est vide"),
        (" \n", "dossiers.json: erreur E541: le fichier est vide"),
        ("3", "dossiers.json: erreur E500: attendu : un enregistrement ou une liste d'enregistrements ; trouvé : `3`"),
        (b'{"a": "\xff"}', "dossiers.json: erreur E531: l'octet 7 n'est pas de l'UTF-8"),
        ("[" * 100_000, "dossiers.json: erreur E532: JSON imbriqué au-delà de ce que le lecteur accepte"),
        ('{"groupe":' * 100_000, "dossiers.json: erreur E532: JSON imbriqué au-delà de ce que le lecteur accepte"),
    ],
)
def test_a_file_that_is_no_json(text: str | bytes, expected: str) -> None:
    """A file that cannot be read at all raises with one diagnostic, which tells line and column and shows the place."""
    with pytest.raises(CallError) as caught:
        from_json(text)
    assert expected == "\n".join(render_text(fault) for fault in caught.value.diagnostics)


def test_one_record_or_a_list() -> None:
    """A lone object is one record; positions are ranks from 1; what is no object is a refused record."""
    assert [(item.position, item.identifiant) for item in from_json(b'\xef\xbb\xbf{"identifiant": "A"}')] == [(1, "A")]
    assert from_json("[]") == []
    assert faults(from_json('[{"identifiant": "A"}, 3, {"identifiant": "\\u001b[2J"}]')) == [
        (2, None, [("", "E500")]),
        (3, None, [("identifiant", "E520")]),
    ]


def test_records_name_each_other() -> None:
    """An identifiant stands for a record of the same file, in JSON as in JSON Lines."""
    first, second = from_json(f'[{GROUP}, {{"identifiant": "B", "groupe": "G"}}]')
    assert first.record is not None
    assert second.record is not None
    assert first.record.get("groupe") is second.record.get("groupe")


def test_lines_name_each_other(tmp_path: Path) -> None:
    """References across lines are followed both ways, and a contradiction refuses every line that rests on it."""
    first, second = from_lines(tmp_path, f'{{"identifiant": "B", "groupe": "G"}}\n{GROUP}\n')
    assert isinstance(first.record, Record)
    assert isinstance(second.record, Record)
    assert first.record.get("groupe") is second.record.get("groupe")
    assert faults(from_lines(tmp_path, f'{{"identifiant": "B", "secteur": "secteur_1"}}\n{GROUP}\n{{"identifiant": "B"}}')) == [
        (1, "B", [("", "E517")]),
        (2, "A", [("groupe.membres[1]", "E517")]),
        (3, "B", [("", "E517")]),
    ]


def test_a_bad_line_stops_no_other(tmp_path: Path) -> None:
    """Each line that cannot be read is refused at its number, blank lines are passed over, the rest is judged."""
    text = (
        b'\xef\xbb\xbf{"identifiant": "A"}\n{"identifiant": \n\n{"identifiant": "\xff"}\r\n['
        + b"[" * 100_000
        + b'\n3\n{"identifiant": "B"}'
    )
    records = from_lines(tmp_path, text)
    assert faults(records) == [
        (2, None, [(None, "E530")]),
        (4, None, [(None, "E531")]),
        (5, None, [(None, "E532")]),
        (6, None, [("", "E500")]),
    ]
    assert [(item.position, item.identifiant) for item in records if item.record] == [(1, "A"), (7, "B")]
    place = records[1].diagnostics[0].position
    assert place is not None
    assert (place.line, records[1].diagnostics[0].message) == (2, "JSON mal formé, ligne 2, colonne 17 : une valeur est attendue")


def test_an_endless_line_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line over the limit is passed over without being held, and the next is read."""
    monkeypatch.setattr(json_lines, "MAX_LINE", 100)
    records = from_lines(tmp_path, "x" * 1_000 + '\n{"identifiant": "A"}\n' + "y" * 101)
    assert faults(records) == [(1, None, [(None, "E540")]), (3, None, [(None, "E540")])]


def test_the_file_may_be_walked_twice(tmp_path: Path) -> None:
    """Two walks of one file give the same records."""
    path = tmp_path / "f.jsonl"
    path.write_text(GROUP + '\n{"identifiant": "B"}\n', encoding="utf-8")
    with JsonLinesRecords(PROGRAM, path) as file:
        walks = [[(item.position, item.record is not None) for item in read_all(PROGRAM, file)] for _ in range(2)]
    assert walks == [[(1, True), (2, True)]] * 2


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(["A", "G", "\ud800", "\0", "2013"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["identifiant", "groupe", "membres", "exercices", "annee", "x"]), inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.lists(JSON, max_size=4))
def test_both_forms_agree(tmp_path_factory: pytest.TempPathFactory, values: list[Any]) -> None:
    """The same values as a list or as lines give the same records and the same faults, never an exception."""
    listed = from_json(json.dumps(values))
    lined = from_lines(tmp_path_factory.getbasetemp(), "".join(json.dumps(value) + "\n" for value in values))
    assert faults(listed) == faults(lined)


@given(st.binary(max_size=60))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Whatever the bytes, JSON gives records or one error of the call, JSON Lines gives a record or a refusal for each line."""
    with contextlib.suppress(CallError):
        from_json(content)
    assert len(from_lines(tmp_path_factory.getbasetemp(), content)) <= content.count(b"\n") + 1
