"""Frames: the records of one entity as columns, read from wherever they are when a rule asks for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs
import numpy as np

from optam_rules.backends.columnar.content import CannotError
from optam_rules.backends.columnar.ratio import Array, fractions
from optam_rules.backends.columnar.vector import KNOWN, UNKNOWN, Needs, Vec
from optam_rules.core.program import EntitySpec, FieldSpec

# More elements than this, told apart by name and without a datum, are not followed by column.
MAX_NAMED = 64


@attrs.frozen(eq=False)
class Names:
    """How paths name the rows of a frame: row `i` is `texts[codes[i]]`, the judged record itself being the empty text."""

    codes: Array
    texts: Sequence[str]

    @classmethod
    def one(cls, text: str) -> Names:
        """Return a name that every row has."""
        return cls(np.zeros(1, np.int64), (text,))


@attrs.define(eq=False)
class Unread:
    """A column of decimals as Arrow lays it out, two halves a number over `den`, none null, which nobody has looked through yet.

    `sound` once it was: every number is from `low` to `high`.
    """

    halves: Array
    den: int
    low: int
    high: int
    sound: bool = False


def nothing_unread(name: str) -> Unread | None:
    """Tell that a datum is read already."""
    return None


@attrs.define(eq=False)
class Frame:
    """Records of an entity, one a row. `roots` gives the judged record that each row belongs to (`None`: row `i` is record `i`).

    `unread` gives a column that a compiled loop may read itself, as long as nothing else has.
    """

    spec: EntitySpec
    size: int
    read: Callable[[FieldSpec], Vec]  # a datum of every row, without needs
    names: Callable[[], Names]
    roots: Array | None = None
    unread: Callable[[str], Unread | None] = nothing_unread
    _fields: dict[str, Vec] = attrs.field(factory=dict, init=False)
    _names: Names | None = attrs.field(default=None, init=False)

    def field(self, name: str) -> Vec:
        """Return a datum of every row; an unknown one waits for itself."""
        if name not in self._fields:
            vec = self.read(self.spec.fields[name])
            if vec.status is not None and not vec.status.any():
                vec = attrs.evolve(vec, status=None)
            if vec.status is not None:
                vec = attrs.evolve(vec, needs=self._waiting(name, vec.status == UNKNOWN))
            self._fields[name] = vec
        return self._fields[name]

    def take(self, rows: Array) -> Frame:
        """Return the rows at some places."""

        def names() -> Names:
            held = self.names()
            return held if len(held.codes) == 1 else Names(held.codes[rows], held.texts)

        def read(field: FieldSpec) -> Vec:
            unread = self.unread(field.name)
            if unread is None or not unread.sound:
                return self.field(field.name).take(rows)
            return Vec(fractions(unread.halves[2 * rows], np.full(1, unread.den, np.int64)))

        return Frame(self.spec, len(rows), read, names, rows if self.roots is None else self.roots[rows])

    def _waiting(self, name: str, rows: Array) -> Needs:
        if not rows.any():
            return {}
        if self._names is None:
            self._names = self.names()
        names = self._names
        if len(names.texts) == 1 and len(names.codes) == 1:
            return {_path(names.texts[0], name): rows}
        codes = np.broadcast_to(names.codes, (self.size,))
        met = np.unique(codes[np.broadcast_to(rows, (self.size,))]).tolist()
        if len(met) > MAX_NAMED:
            raise CannotError("plus de 64 éléments de listes, nommés un à un, dont une donnée manque")
        return {_path(names.texts[code], name): rows & (codes == code) for code in met}


def _path(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def statuses(size: int, unknown: Array | None, not_applicable: Array | None = None) -> Array | None:
    """Return statuses from where a datum is not known and where it is known not to exist."""
    if unknown is None and not_applicable is None:
        return None
    found = np.full(size, KNOWN, np.int8)
    if unknown is not None:
        found[unknown] = UNKNOWN
    if not_applicable is not None:
        found[not_applicable] = 1
    return found
