"""The JSON Schema of records accepts what the reader accepts, and refuses faults of form."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import optam_rules
from optam_rules.interop.record_schema import record_schema
from tests.docs.blocks import ROOT

DAY = dt.date(2017, 6, 8)


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    """Return a validator of the records of the 2016 pack."""
    schema = record_schema(optam_rules.load("cm-2016").program)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_group_of_the_demonstration_is_valid(validator: Draft202012Validator) -> None:
    """Records as users hold them, members named by their identifiants."""
    records = json.loads((ROOT / "demo" / "groupe.json").read_text(encoding="utf-8"))
    assert [error.message for error in validator.iter_errors(records)] == []


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"secteur": None},
        {"secteur": "sans_objet", "titres": []},
        {"exercices": [{"annee": 2013, "depassements": 1234.56, "honoraires_remboursables": "1234.5"}]},
        {"identifiant": "A", "groupe": {"identifiant": "G", "membres": ["A", {"identifiant": "B"}]}},
        {"date_premiere_installation": "2010-01-31"},
    ],
)
def test_what_the_reader_accepts_is_valid(validator: Draft202012Validator, record: dict[str, Any]) -> None:
    """Both say yes to the same record."""
    optam_rules.load("cm-2016").evaluate(json.loads(json.dumps(record), parse_float=str), on=DAY, answers=[])
    assert validator.is_valid(record)


@pytest.mark.parametrize(
    "record",
    [
        {"secter": "secteur_2"},
        {"secteur": "secteur_3"},
        {"region": "sans_objet"},
        {"titres": "ancien_chef_de_clinique"},
        {"exercices": [{"annee": 1900}]},
        {"exercices": [{"depassements": "12,50"}]},
        {"adherent_cas": "oui"},
        {"date_premiere_installation": "31/01/2010"},
    ],
)
def test_what_the_reader_refuses_by_its_form_is_not_valid(validator: Draft202012Validator, record: dict[str, Any]) -> None:
    """Both say no to the same record."""
    with pytest.raises(optam_rules.RecordError):
        optam_rules.load("cm-2016").evaluate(record, on=DAY, answers=[])
    assert not validator.is_valid(record)
