"""What a question is asked on: a raw record and all that a judgement takes besides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs

RawTables = Mapping[str, Mapping[tuple[Any, ...], Any]]


@attrs.frozen
class Case:
    """A raw record, a day, a reading of each open question, and rows of reference tables, {table: {keys: value}}, raw too."""

    record: Mapping[str, Any]
    on: dt.date
    readings: Mapping[str, str] = attrs.field(factory=dict)
    references: RawTables = attrs.field(factory=dict)
