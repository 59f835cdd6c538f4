"""What a compiled function saw on its way to a value, as its step tells it: streams of code, in order, that end as tuples.

The order and the choice are the interpreter's: what is seen twice is told once, where it was seen first; branches that were not taken and
operands that decided nothing leave nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import takewhile

import attrs

from optam_rules.backends.row.writer import Writer
from optam_rules.core.standing import Standing


@attrs.frozen
class One:
    """A thing seen: its code, and what it is, which is the same text wherever the same thing is seen."""

    code: str
    what: str


@attrs.frozen
class Several:
    """A name that holds things seen: which they may be (`None` where that is not known), whether one may be there twice, and how many."""

    name: str
    what: frozenset[str] | None
    twice: bool
    most: int


_MANY = 1 << 20  # things that a loop may see

Item = One | Several
Stream = tuple[Item, ...]


@attrs.frozen
class Seen:
    """A stream for each kind of things that a step tells."""

    bounds: Stream = ()
    inputs: Stream = ()
    parameters: Stream = ()
    reads: Stream = ()
    notes: Stream = ()
    steps: Stream = ()  # those read, and all that led to them

    def then(self, *others: Seen) -> Seen:
        """Return what was seen, and then more."""
        if not any(others):
            return self
        return Seen(**{kind: joined([getattr(self, kind), *(getattr(other, kind) for other in others)]) for kind in KINDS})

    def streams(self) -> Iterator[tuple[str, Stream]]:
        """Yield the kinds of which something was seen."""
        return ((kind, stream) for kind in KINDS if (stream := getattr(self, kind)))

    def __bool__(self) -> bool:
        return self != UNSEEN


KINDS = tuple(field.name for field in attrs.fields(Seen))
UNSEEN = Seen()


def seen_in_turn(seen: Sequence[Seen]) -> Seen:
    """Return all that was seen, in order."""
    return UNSEEN.then(*seen)


def joined(streams: Sequence[Stream]) -> Stream:
    """Return streams one after the other, each item once."""
    found: dict[tuple[type[Item], str], Item] = {}
    for stream in streams:
        for item in stream:
            found.setdefault((type(item), item.what if isinstance(item, One) else item.name), item)
    return tuple(found.values())


def several(name: str, streams: Sequence[Stream]) -> Several:
    """Return what a name holds: one of some streams."""
    what = what_of([item for stream in streams for item in stream])
    return Several(name, what, any(map(may_repeat, streams)), max(map(most_of, streams)))


def what_of(items: Iterable[Item]) -> frozenset[str] | None:
    """Return what some items may hold."""
    found: frozenset[str] = frozenset()
    for item in items:
        what = {item.what} if isinstance(item, One) else item.what
        if what is None:
            return None
        found |= what
    return found


def may_repeat(stream: Stream) -> bool:
    """Tell whether a thing may be in a stream more than once."""
    before: set[str] = set()
    for item in stream:
        what = {item.what} if isinstance(item, One) else item.what
        if isinstance(item, Several) and (item.twice or (what is None and len(stream) > 1)):
            return True
        if not before.isdisjoint(what or ()):
            return True
        before |= what or set()
    return False


def most_of(stream: Stream) -> int:
    """Return how many things a stream may hold."""
    return sum(1 if isinstance(item, One) else item.most for item in stream)


def common_start(streams: Sequence[Stream]) -> Stream:
    """Return what all streams begin with."""
    return tuple(items[0] for items in takewhile(lambda items: len(set(items)) == 1, zip(*streams, strict=False)))


def listed(stream: Stream) -> str:
    """Return the code of a tuple of what a stream holds; a thing may be in it twice where it is in several."""
    if len(stream) == 1 and isinstance(stream[0], Several):
        return stream[0].name
    return f"({''.join(f'{item.code}, ' if isinstance(item, One) else f'*{item.name}, ' for item in stream)})"


def alternatives(branches: Sequence[Seen], fresh: Callable[[str], str]) -> tuple[Seen, list[list[str]]]:
    """Return what was seen whichever branch is taken, and for each branch the statements that keep what only it saw."""
    streams: dict[str, Stream] = {}
    statements: list[list[str]] = [[] for _ in branches]
    for kind in KINDS:
        found: list[Stream] = [getattr(branch, kind) for branch in branches]
        start = common_start(found)
        if any(len(stream) > len(start) for stream in found):
            name, own = fresh(kind), [stream[len(start) :] for stream in found]
            for stream, lines in zip(own, statements, strict=True):
                lines.append(f"{name} = {listed(stream)}")
            start = (*start, several(name, own))
        streams[kind] = start
    return Seen(**streams), statements


class Gathered:
    """What a loop saw, in lists that are begun before it."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._lists: dict[str, str] = {}

    def more(self, seen: Seen) -> None:
        """Emit that the loop saw some more."""
        for kind, stream in seen.streams():
            self._writer.line(f"{self._list(kind)} += {listed(stream)}")

    def one(self, seen: Seen, standing: str) -> None:
        """Emit what an element that rests on a standing showed, to be kept or not once all were looked at."""
        for kind, stream in seen.streams():
            self._writer.line(f"{self._list(kind)}.append(({standing}, {listed(stream)}))")

    def _list(self, kind: str) -> str:
        if kind not in self._lists:
            self._lists[kind] = self._writer.fresh(kind)
        return self._lists[kind]

    def begin(self) -> None:
        """Emit the lists."""
        for name in self._lists.values():
            self._writer.line(f"{name} = []")

    def keep(self, found: str, deciding: bool) -> None:
        """Emit that only elements that decide are kept, or all where none does."""
        for name in self._lists.values():
            self._writer.line(f"{name} = of_elements({name}, {found}, {deciding})")

    @property
    def seen(self) -> Seen:
        """What the loop saw."""
        return Seen(**{kind: (Several(name, None, twice=True, most=_MANY),) for kind, name in self._lists.items()})


def of_elements(seen: Sequence[tuple[Standing, Sequence[object]]], found: Sequence[bool], deciding: bool) -> list[object]:
    """Return what was seen of the elements that decide and rest on the strongest (S11), or of all where none does."""
    kept = [one for one, value in zip(seen, found, strict=True) if value is deciding]
    best = max((standing for standing, _ in kept), default=None)
    return [thing for standing, things in kept or seen if best is None or standing is best for thing in things]
