"""A record as the interpreter reads it: typed values, absence included."""

from __future__ import annotations

from enum import Enum
from typing import TypeAlias

import attrs

from optam_rules.core.ir import Constant


class Absent(Enum):
    """Why a field has no value."""

    UNKNOWN = "inconnu"
    NOT_APPLICABLE = "sans objet"  # known not to exist; optional fields only


FieldValue: TypeAlias = "Constant | Record | tuple[Record, ...] | Absent"


@attrs.define(eq=False)
class Record:
    """One entity; identity matters (a practitioner met twice in a dossier is one object).

    `values` holds every declared field: a Constant, a Record, a tuple of Records, or Absent. Not changed once read. A reader that knows
    which are absent says so.
    """

    entity: str
    values: dict[str, FieldValue]
    _absent: frozenset[str] | None = None

    @property
    def absent(self) -> frozenset[str]:
        """The declared fields that have no value; worked out at the first question, when the record is complete."""
        found = self._absent
        if found is None:
            found = self._absent = frozenset([name for name, value in self.values.items() if value.__class__ is Absent])
        return found

    def get(self, field: str) -> FieldValue:
        """Return the value of a declared field."""
        return self.values.get(field, Absent.UNKNOWN)
