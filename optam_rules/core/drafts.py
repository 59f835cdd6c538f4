"""From a raw record to a draft: every datum typed and within its bounds, entities still apart, every fault with its path.

A draft says what stands in the text; which of its parts are one and the same record is settled in `schema`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import attrs

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.phrases import Phrase, Word, did_you_mean, write
from optam_rules.base.suggestions import nearest
from optam_rules.core.bounds import out_of_bounds
from optam_rules.core.controls import control_faults
from optam_rules.core.ir import Constant, Scalarlike
from optam_rules.core.program import EntitySpec, FieldSpec
from optam_rules.core.record import Absent, Record
from optam_rules.core.scalars import Refusal, describe, read_scalar, shown
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType, Type
from optam_rules.core.values import plain_text
from optam_rules.core.vocabulary import Vocabulary

MAX_ITEMS = 10_000
MAX_DEPTH = 100  # lists and objects one in another
NOT_APPLICABLE = "sans_objet"
_MAX_FAULTS = 1_000  # of one record: a list of 10,000 wrong items is told enough by then


@attrs.frozen
class RepeatedKeys:
    """A JSON object in which keys stand twice; readers put it where the object stood."""

    content: Mapping[str, object]
    keys: tuple[str, ...]


@attrs.frozen(eq=False)
class Mention:
    """A record named by its identifiant alone."""

    entity: str
    identifier: str
    path: str


@attrs.frozen(eq=False)
class Draft:
    """One entity as written at `path`; `identifier` only where its first datum is a text and known, `misnamed` where that has a fault."""

    entity: EntitySpec
    path: str
    identifier: str | None
    values: Mapping[str, DraftValue]
    misnamed: bool


@attrs.frozen(eq=False)
class Several:
    """A list of entities; not `complete` where the identifiant of an element could not be read."""

    items: tuple[Draft | Mention, ...]
    complete: bool


DraftValue = Constant | Absent | Draft | Mention | Several

# How a draft or mention is told from another: (entity, identifiant), or the draft's own number where it has none.
Key = tuple[str, str] | int


def key_of(item: Draft | Mention) -> Key:
    """Return what tells this record from every other one of the same file."""
    if isinstance(item, Mention):
        return item.entity, item.identifier
    return (item.entity.name, item.identifier) if item.identifier is not None else id(item)


def draft(
    vocabulary: Vocabulary, entity: str, raw: object, *, ignore_unknown_fields: bool = False
) -> tuple[Draft | None, list[Diagnostic]]:
    """Read one raw record; `None` when it is not even an object. All faults are found at once."""
    reader = _Reader(vocabulary, ignore_unknown_fields)
    found = reader.entity(vocabulary.program.entities[entity], raw, "", 1)
    return found if isinstance(found, Draft) else None, reader.faults


def names(vocabulary: Vocabulary, entity: str, raw: object) -> Iterator[tuple[str, str]]:
    """Yield (entity, identifiant) for each record that stands whole in `raw`, and for each identifiant in a list of members.

    Looks at identifiants alone and judges nothing: this is how files are indexed before they are read.
    """
    stack: list[tuple[str, object, int, bool]] = [(entity, raw, 1, False)]
    while stack:
        name, item, depth, member = stack.pop()
        if isinstance(item, str):
            if member:
                yield name, item
            continue
        content = item.content if isinstance(item, RepeatedKeys) else item
        if not isinstance(content, Mapping) or depth > MAX_DEPTH:
            continue
        if vocabulary.identified_by_text(name) and isinstance(identifier := content.get(vocabulary.identifying[name].name), str):
            yield name, identifier
        for field in vocabulary.program.entities[name].fields.values():
            match field.type:
                case EntityType(other):
                    stack.append((other, content.get(field.name), depth + 1, False))
                case ListType(EntityType(other)) if isinstance(items := content.get(field.name), list | tuple):
                    linked = (name, field.name) in vocabulary.by_items
                    stack += [(other, part, depth + 2, linked) for part in items[:MAX_ITEMS]]


def _bare(word: Word) -> Word:
    """Return a word without the marks that a message puts around it."""
    return Phrase(word.fr.replace("`", ""), word.en.replace("`", "")) if isinstance(word, Phrase) else str(word).replace("`", "")


def path_to(path: str, name: str) -> str:
    """Return the path of a field of the record at `path`."""
    return f"{path}.{name}" if path else name


@attrs.define
class _Reader:
    vocabulary: Vocabulary
    ignore_unknown_fields: bool
    faults: list[Diagnostic] = attrs.field(factory=list)

    def _fault(self, code: str, path: str, *, hint: Phrase | None = None, **words: Word) -> None:
        self._add(diagnose(code, None, path=path, hint=hint, expected=(), related=(), **words))

    def _add(self, fault: Diagnostic) -> None:
        if len(self.faults) < _MAX_FAULTS:
            self.faults.append(fault)

    def entity(self, spec: EntitySpec, raw: object, path: str, depth: int) -> Draft | Mention | None:
        """Read a whole record, or the identifiant of one below the first level."""
        if isinstance(raw, RepeatedKeys):
            for key in raw.keys:
                self._fault("E522", path_to(path, shown(key)), key=shown(key))
            raw = raw.content
        nameable = depth > 1 and self.vocabulary.identified_by_text(spec.name)
        if isinstance(raw, str) and nameable:
            identifier = self._scalar(self.vocabulary.identifying[spec.name], raw, path)
            return Mention(spec.name, identifier, path) if isinstance(identifier, str) else None
        if not isinstance(raw, Mapping):
            wanted = Phrase(f"un objet `{spec.name}`", f"an object `{spec.name}`")
            if nameable:
                wanted = Phrase(f"{wanted.fr} ou son identifiant", f"{wanted.en} or its identifier")
            self._fault("E500", path, wanted=wanted, found=describe(raw))
            return None
        if depth > MAX_DEPTH:
            self._fault("E514", path, limit=MAX_DEPTH)
            return None
        return self._fields(spec, raw, path, depth)

    def _fields(self, spec: EntitySpec, raw: Mapping[object, object], path: str, depth: int) -> Draft:
        content = cast("Mapping[str, object]", raw)
        values = dict.fromkeys(spec.fields, cast("DraftValue", Absent.UNKNOWN))
        for name, field in spec.fields.items():
            if (datum := content.get(name)) is not None:
                values[name] = self._field(field, datum, path, depth)
        if not self.ignore_unknown_fields and any(name not in spec.fields for name in raw):
            self._unknown_fields(spec, raw, path)
        for fault in control_faults(spec, values, path) if spec.controls else ():
            self._add(fault)
        first = values.get(self.vocabulary.identifying[spec.name].name) if spec.fields else None
        if not self.vocabulary.identified_by_text(spec.name):
            return Draft(spec, path, None, values, misnamed=False)
        misnamed = first is Absent.UNKNOWN and content.get(next(iter(spec.fields))) is not None
        return Draft(spec, path, first if isinstance(first, str) else None, values, misnamed)

    def _unknown_fields(self, spec: EntitySpec, raw: Mapping[object, object], path: str) -> None:
        for name in raw:
            if name not in spec.fields:
                text = shown(name) if isinstance(name, str) else _bare(describe(name))
                near = nearest(name, spec.fields) if isinstance(name, str) else None
                hint = did_you_mean(near)
                self._fault("E501", path_to(path, str(text)), name=text, entity=spec.name, hint=hint)

    def _field(self, field: FieldSpec, raw: object, parent: str, depth: int) -> DraftValue:
        if isinstance(raw, str) and raw == NOT_APPLICABLE:
            if field.optional:
                return Absent.NOT_APPLICABLE
            self._fault("E511", path_to(parent, field.name), name=field.name)
            return Absent.UNKNOWN
        path = path_to(parent, field.name)
        found: DraftValue | None
        match field.type:
            case Scalar() | EnumType():
                found = self._scalar(field, raw, path)
            case EntityType(name):
                found = self.entity(self.vocabulary.program.entities[name], raw, path, depth + 1)
            case ListType(EntityType(name)):
                found = self._entities(self.vocabulary.program.entities[name], raw, path, depth + 1)
            case ListType() | SetType():
                found = self._constants(field, raw, path)
        return Absent.UNKNOWN if found is None else found

    # --- scalars -----------------------------------------------------------------------------------------------------------

    def _scalar(self, field: FieldSpec, raw: object, path: str, type_: Type | None = None) -> Scalarlike | None:
        kind = field.type if type_ is None else type_
        found = read_scalar(kind, raw, self.vocabulary.program.enumerations)
        if isinstance(found, Refusal):
            self._add(found.at(path))
            return None
        outside = out_of_bounds(field, kind, raw, found, path)
        if outside is not None:
            self._add(outside)
            return None
        return found

    def _constants(self, field: FieldSpec, raw: object, path: str) -> Constant | None:
        is_set = isinstance(field.type, SetType)
        accepted = (list, tuple, set, frozenset) if is_set else (list, tuple)
        if not isinstance(raw, accepted):
            hint = write(f'["{shown(raw)}"]') if isinstance(raw, str) else None
            self._fault("E502", path, wanted=Phrase("une liste de valeurs", "a list of values"), found=describe(raw), hint=hint)
            return None
        items = cast("list[object]", list(cast("Any", raw)))
        if len(items) > MAX_ITEMS:
            self._fault("E513", path, found=len(items), limit=MAX_ITEMS)
            return None
        item_type = cast("SetType | ListType", field.type).item
        values: list[Scalarlike] = []
        seen: set[Scalarlike] = set()
        for index, item in enumerate(items):
            place = f"{path}[{index}]"
            value = self._scalar(field, item, place, item_type)
            if value is None:
                continue
            if is_set and value in seen:
                self._fault("E512", place, found=plain_text(value, item_type))
            seen.add(value)
            values.append(value)
        return frozenset(values) if is_set else tuple(values)

    # --- lists of entities -------------------------------------------------------------------------------------------------

    def _entities(self, spec: EntitySpec, raw: object, path: str, depth: int) -> Several | None:
        if not isinstance(raw, list | tuple):
            wanted = Phrase(f"une liste de `{spec.name}`", f"a list of `{spec.name}`")
            self._fault("E502", path, wanted=wanted, found=describe(raw))
            return None
        if len(raw) > MAX_ITEMS:
            self._fault("E513", path, found=len(raw), limit=MAX_ITEMS)
            return None
        if depth > MAX_DEPTH:
            self._fault("E514", path, limit=MAX_DEPTH)
            return None
        read = [self.entity(spec, item, f"{path}[{index}]", depth + 1) for index, item in enumerate(raw)]
        items = tuple(item for item in read if item is not None)
        self._told_apart(spec, items)
        return Several(items, all(item is not None and not (isinstance(item, Draft) and item.misnamed) for item in read))

    def _told_apart(self, spec: EntitySpec, items: tuple[Draft | Mention, ...]) -> None:
        """Refuse two elements with one identifying value, such as two years 2013."""
        field = self.vocabulary.identifying.get(spec.name)
        if field is None or not isinstance(field.type, Scalar | EnumType):
            return
        seen: set[object] = set()
        for item in items:
            value = item.identifier if isinstance(item, Mention) else item.values[field.name]
            if isinstance(value, Absent):
                continue
            if value in seen:
                path = item.path if isinstance(item, Mention) else path_to(item.path, field.name)
                self._fault("E515", path, name=field.name, found=plain_text(cast("Constant", value), field.type))
            seen.add(value)


def build_alone(item: Draft) -> Record:
    """Return the record of a draft that names no other, without fault."""

    def one(value: DraftValue) -> Constant | Absent | Record | tuple[Record, ...]:
        match value:
            case Several(items):
                return tuple(build_alone(cast("Draft", part)) for part in items)
            case Draft():
                return build_alone(value)
            case Mention():
                raise AssertionError(f"{value.path} names another record")
            case _:
                return value

    return Record(item.entity.name, {name: one(value) for name, value in item.values.items()})
