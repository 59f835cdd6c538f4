"""The workload `optam-16`: the pack gives the answers written by hand, on records that hold every tier, ties and zero bases."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import optam_rules
from benchmarks.optam16.by_hand import ANSWERS, RATES, answers
from benchmarks.optam16.records import columns, integers, raw_record

PACK = Path(__file__).parents[2] / "benchmarks" / "optam16" / "pack"


def test_the_pack_answers_as_the_code_written_by_hand() -> None:
    """500 seeded records, sixteen answers each, in cents and millionths; every tier occurs, and a base of zero."""
    pack = optam_rules.load(PACK)
    records = integers(columns(500))
    tiers = set()
    for record, judgement in zip(
        records, pack.evaluate_all(map(raw_record, records), on=dt.date(2017, 6, 8), answers=ANSWERS), strict=True
    ):
        assert isinstance(judgement, optam_rules.Judgement)
        expected = answers(record)
        found = [judgement.answers[name].outcome.value for name in ANSWERS]
        assert [Fraction(value, 1_000_000) if name in RATES else value for name, value in zip(ANSWERS, expected, strict=True)] == found
        tiers.add(expected[-2])
    assert 5 == len(tiers)
    assert any(record["base_observee"] == 0 for record in records)
