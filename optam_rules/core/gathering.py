"""From the drafts of one file to one connected set of records: identifiants resolved, groups shared, contradictions refused.

One identifiant is one record wherever it stands in the file; a member that names no whole belongs to the whole that lists it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, cast

import attrs

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.phrases import Phrase, Word
from optam_rules.core.drafts import MAX_DEPTH, Draft, DraftValue, Key, Mention, Several, draft, key_of, path_to
from optam_rules.core.ir import Constant
from optam_rules.core.record import Absent, Record
from optam_rules.core.scalars import shown
from optam_rules.core.vocabulary import Link, Vocabulary

if TYPE_CHECKING:
    from optam_rules.core.schema import Others


@attrs.frozen(eq=False)
class Occurrence:
    """A place where a record stands: its draft or a mention of it, the whole whose list of members holds it, and the text around."""

    item: Draft | Mention
    enclosing: Draft | None
    text: Text

    @property
    def clean(self) -> bool:
        """Tell whether what stands here has no fault of its own."""
        return not any(_moved(self.text.faults, self.item.path, ""))


@attrs.frozen(eq=False)
class Text:
    """A raw record read as a draft, and all that stands in it."""

    top: Draft | None
    faults: tuple[Diagnostic, ...]


@attrs.define(eq=False)
class _Node:
    """One record: the draft that tells its content, and the path where a person finds it from the record being read."""

    draft: Draft
    path: str
    depth: int
    whole: Key | Absent = Absent.UNKNOWN


@attrs.define(eq=False)
class Dossier:
    """A record with all that it names, gathered from its own text and from the others of the file."""

    vocabulary: Vocabulary
    others: Others | None
    ignore_unknown_fields: bool
    faults: list[Diagnostic] = attrs.field(factory=list)
    _nodes: dict[Key, _Node] = attrs.field(factory=dict, init=False)
    _texts: dict[int, Text] = attrs.field(factory=dict, init=False)
    _occurrences: dict[Key, list[Occurrence]] = attrs.field(factory=dict, init=False)
    _members: dict[Key, frozenset[Key]] = attrs.field(factory=dict, init=False)

    def open(self, top: Draft, faults: list[Diagnostic], raw: object, place: int | None) -> None:
        """Gather everything around a record that was drafted from `raw`, and check that it all fits together."""
        root = self._text(top, faults)
        self.faults += faults
        if place is not None:
            self._texts[place] = root
        stack = [_Step(top, "", 1)]
        missing: set[tuple[Key, str]] = set()
        while stack:
            step = stack.pop()
            key = key_of(step.item)
            if key in self._nodes or (key, step.path) in missing:
                continue
            self._survey(key, raw, root)
            node = self._node(step, root)
            if node is not None:
                self._nodes[key] = node
                stack += reversed(list(self._next(key, node)))
            else:
                missing.add((key, step.path))
        for key, node in self._nodes.items():
            self._check_content(key, node, root)
            self._check_whole(key, node)

    def build(self) -> dict[Key, Record]:
        """Return the records of a dossier without fault."""
        records = {key: Record(node.draft.entity.name, {}) for key, node in self._nodes.items()}
        for key, node in self._nodes.items():
            values = records[key].values
            for name, value in node.draft.values.items():
                values[name] = _built(value, records)
            link = self.vocabulary.by_member.get(node.draft.entity.name)
            if link is not None:
                values[link.field] = node.whole if isinstance(node.whole, Absent) else records[node.whole]
        return records

    def others_ready(self, place: int | None) -> Iterator[tuple[int, Key]]:
        """Yield the other records of the file that this dossier has read whole and found without fault."""
        for other, text in self._texts.items():
            if other != place and text.top is not None and text.top.entity.main and text.top.identifier is not None and not text.faults:
                yield other, key_of(text.top)

    # --- gathering ---------------------------------------------------------------------------------------------------------

    def _fault(self, code: str, path: str, *, hint: Phrase | None = None, **words: Word) -> None:
        self.faults.append(diagnose(code, None, path=path, hint=hint, expected=(), related=(), **words))

    def _read(self, entity: str, raw: object) -> Text:
        return self._text(*draft(self.vocabulary, entity, raw, ignore_unknown_fields=self.ignore_unknown_fields))

    def _text(self, top: Draft | None, faults: list[Diagnostic]) -> Text:
        text = Text(top, tuple(faults))
        for item, enclosing in _walk(self.vocabulary, top) if top is not None else ():
            self._occurrences.setdefault(key_of(item), []).append(Occurrence(item, enclosing, text))
        return text

    def _survey(self, key: Key, raw: object, root: Text) -> None:
        """Read every text of the file that tells about a record."""
        if self.others is None or isinstance(key, int):
            return
        for place in self.others.places(*key):
            if place not in self._texts:
                entity, other = self.others.at(place)
                self._texts[place] = root if other is raw else self._read(entity, other)

    def _node(self, step: _Step, root: Text) -> _Node | None:
        if step.depth > MAX_DEPTH:
            self._fault("E514", step.path, limit=MAX_DEPTH)
            return None
        item, foreign = step.item, step.foreign
        if isinstance(item, Mention):
            whole = [other for other in self._occurrences.get(key_of(item), ()) if isinstance(other.item, Draft)]
            if not whole:
                self._fault("E516", step.path, found=shown(item.identifier), entity=item.entity)
                return None
            # A text with faults is refused on its own; where the record stands without fault elsewhere, that is what it is.
            chosen = next((other for other in whole if other.clean), whole[0])
            item, foreign = cast("Draft", chosen.item), chosen.text
        if foreign is not None and foreign is not root:
            self.faults += _moved(foreign.faults, item.path, step.path)
        return _Node(item, step.path, step.depth)

    def _next(self, key: Key, node: _Node) -> Iterator[_Step]:
        """Yield the records that this one names, then the whole that others say it belongs to."""
        cut = len(node.draft.path)
        for value in node.draft.values.values():
            for item in value.items if isinstance(value, Several) else (value,):
                if isinstance(item, Draft | Mention):
                    yield _Step(item, _joined(node.path, item.path[cut:]), node.depth + 1)
        if (link := self.vocabulary.by_member.get(node.draft.entity.name)) is not None:
            path = path_to(node.path, link.field)
            for whole, text in self._wholes(key, link):
                if isinstance(whole, Draft) and whole.identifier is not None:
                    # By its identifiant, so that of several texts one without fault is taken.
                    whole = Mention(whole.entity.name, whole.identifier, path)
                if not isinstance(whole, Absent):
                    yield _Step(whole, path, node.depth + 1, text)

    def _wholes(self, key: Key, link: Link) -> Iterator[tuple[Draft | Mention | Absent, Text]]:
        """Yield what each occurrence of a member says of its whole: what it names itself, and the whole that lists it."""
        for occurrence in self._occurrences.get(key, ()):
            if isinstance(occurrence.item, Draft):
                value = occurrence.item.values[link.field]
                if isinstance(value, Draft | Mention) or value is Absent.NOT_APPLICABLE:
                    yield value, occurrence.text
            if occurrence.enclosing is not None:
                yield occurrence.enclosing, occurrence.text

    # --- checking ----------------------------------------------------------------------------------------------------------

    def _check_content(self, key: Key, node: _Node, root: Text) -> None:
        """Refuse one identifiant with two contents; those with faults of their own are not compared."""
        if isinstance(key, int):
            return
        whole = [other for other in self._occurrences[key] if isinstance(other.item, Draft) and other.clean]
        if len(whole) < 2:
            return
        first = _content(self.vocabulary, cast("Draft", whole[0].item))
        for other in whole[1:]:
            item = cast("Draft", other.item)
            if item is not whole[0].item and _content(self.vocabulary, item) != first:
                self._fault("E517", item.path if other.text is root else node.path, found=shown(key[1]), entity=key[0])
                return

    def _check_whole(self, key: Key, node: _Node) -> None:
        """Settle the whole that a member belongs to: one at most, and one that lists it where its members are given."""
        link = self.vocabulary.by_member.get(node.draft.entity.name)
        if link is None:
            return
        named = list(self._wholes(key, link))
        wholes = dict.fromkeys(item if isinstance(item, Absent) else key_of(item) for item, _ in named)
        path = path_to(node.path, link.field)
        if len(wholes) > 1:
            self._fault("E519", path, entity=link.whole, member=link.member)
            return
        node.whole = next(iter(wholes), Absent.UNKNOWN)
        if isinstance(node.whole, Absent) or node.whole not in self._nodes:
            return
        members = self._members_of(node.whole, link)
        items = path_to(path, link.items)
        if members is None or key in members or node.draft.misnamed:
            return
        if isinstance(key, int):
            hint = Phrase(f"donnez un identifiant, et ajoutez-le à `{link.items}`", f"give an identifier, and add it to `{link.items}`")
            self._fault("E523", items, member=link.member, items=link.items, hint=hint)
        else:
            found = shown(key[1])
            hint = Phrase(f"ajoutez l'identifiant `{found}` à `{link.items}`", f"add the identifier `{found}` to `{link.items}`")
            self._fault("E518", items, items=link.items, found=found, hint=hint)

    def _members_of(self, whole: Key, link: Link) -> frozenset[Key] | None:
        """Return the members of a whole; none where they are not given, or where one could not be read and has its own diagnostic."""
        if whole not in self._members:
            listed = self._nodes[whole].draft.values[link.items]
            if not isinstance(listed, Several) or not listed.complete:
                return None
            self._members[whole] = frozenset(key_of(item) for item in listed.items)
        return self._members[whole]


@attrs.frozen(eq=False)
class _Step:
    """A record still to gather; `foreign` is the text it comes from where its faults there are not told yet."""

    item: Draft | Mention
    path: str
    depth: int
    foreign: Text | None = None


def _walk(vocabulary: Vocabulary, top: Draft) -> Iterator[tuple[Draft | Mention, Draft | None]]:
    """Yield every draft and mention of a text, in order, each with the whole whose list of members holds it."""
    stack: list[tuple[Draft | Mention, Draft | None]] = [(top, None)]
    while stack:
        item, enclosing = stack.pop()
        yield item, enclosing
        if isinstance(item, Mention):
            continue
        below: list[tuple[Draft | Mention, Draft | None]] = []
        for name, value in item.values.items():
            if isinstance(value, Several):
                whole = item if (item.entity.name, name) in vocabulary.by_items else None
                below += [(part, whole) for part in value.items]
            elif isinstance(value, Draft | Mention):
                below.append((value, None))
        stack += reversed(below)


def _moved(faults: tuple[Diagnostic, ...], old: str, new: str) -> Iterator[Diagnostic]:
    """Yield the faults at or under the path `old` of another text, as seen from the path `new` of this one."""
    for fault in faults:
        path = fault.path or ""
        if not old or path == old or path.startswith((f"{old}.", f"{old}[")):
            yield attrs.evolve(fault, path=_joined(new, path[len(old) :]))


def _joined(path: str, rest: str) -> str:
    return path + rest if not rest or (rest[0] in ".[" and path) else path_to(path, rest.lstrip("."))


def _content(vocabulary: Vocabulary, item: Draft) -> Hashable:
    """Return what is compared between two drafts of one identifiant; which whole a member belongs to is compared apart."""
    link = vocabulary.by_member.get(item.entity.name)
    apart = link.field if link is not None else None
    values = ((name, _comparable(vocabulary, value)) for name, value in item.values.items() if name != apart)
    return item.entity.name, frozenset((name, value) for name, value in values if value is not Absent.UNKNOWN)


def _comparable(vocabulary: Vocabulary, value: DraftValue) -> Hashable:
    if isinstance(value, Several):
        # The order of a list of records carries no meaning that two texts could disagree on.
        return frozenset(Counter(_comparable(vocabulary, item) for item in value.items).items())
    if isinstance(value, Draft | Mention):
        key = key_of(value)
        return key if isinstance(key, tuple) or isinstance(value, Mention) else _content(vocabulary, value)
    return value


def _built(value: DraftValue, records: Mapping[Key, Record]) -> Constant | Absent | Record | tuple[Record, ...]:
    match value:
        case Several(items):
            return tuple(records[key_of(item)] for item in items)
        case Draft() | Mention():
            return records[key_of(value)]
        case _:
            return value
