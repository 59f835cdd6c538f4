"""From a graph of names to its cycles, each as a shortest walk; without recursion, so that a cycle may be as long as a file."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

import attrs

Node = TypeVar("Node", bound=Hashable)


def cycles(graph: Mapping[Node, Collection[Node]]) -> list[list[Node]]:
    """Return one shortest cycle, as the nodes on it in order, for each group of nodes that reach one another."""
    found: list[list[Node]] = []
    for group in _components(graph):
        first = group[0]
        if len(group) > 1 or first in graph[first]:
            found.append(_shortest(graph, first, set(group)))
    return found


def _shortest(graph: Mapping[Node, Collection[Node]], start: Node, group: set[Node]) -> list[Node]:
    """Return a shortest walk from `start` back to itself inside its group."""
    before: dict[Node, Node] = {}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for following in graph[node]:
            if following == start:
                walk = [node]
                while walk[-1] != start:
                    walk.append(before[walk[-1]])
                return walk[::-1]
            if following in group and following not in before:
                before[following] = node
                waiting.append(following)
    raise AssertionError("a node of a component reaches itself")


@attrs.define
class _Mark:
    """What Tarjan's algorithm knows of a node."""

    index: int
    low: int
    open: bool = True


def _components(graph: Mapping[Node, Collection[Node]]) -> Iterator[list[Node]]:
    """Yield the strongly connected components (Tarjan), each with its first node of the graph's order first."""
    marks: dict[Node, _Mark] = {}
    stack: list[Node] = []
    order = {node: place for place, node in enumerate(graph)}
    for root in graph:
        if root in marks:
            continue
        walk = [_enter(root, graph, marks, stack)]
        while walk:
            node, rest = walk[-1]
            mark = marks[node]
            following = next((other for other in rest if _advance(mark, other, marks)), None)
            if following is not None:
                walk.append(_enter(following, graph, marks, stack))
                continue
            walk.pop()
            if walk:
                parent = marks[walk[-1][0]]
                parent.low = min(parent.low, mark.low)
            if mark.low == mark.index:
                yield sorted(_close(node, marks, stack), key=order.__getitem__)


def _close(node: Node, marks: Mapping[Node, _Mark], stack: list[Node]) -> list[Node]:
    """Take from the stack the component that `node` opened."""
    group: list[Node] = []
    while not group or group[-1] != node:
        group.append(stack.pop())
        marks[group[-1]].open = False
    return group


def _enter(node: Node, graph: Mapping[Node, Collection[Node]], marks: dict[Node, _Mark], stack: list[Node]) -> tuple[Node, Iterator[Node]]:
    marks[node] = _Mark(len(marks), len(marks))
    stack.append(node)
    return node, iter([other for other in graph[node] if other in graph])


def _advance(mark: _Mark, other: Node, marks: Mapping[Node, _Mark]) -> bool:
    """Take in what is known of a neighbour; tell whether it is still to be entered."""
    seen = marks.get(other)
    if seen is None:
        return True
    if seen.open:
        mark.low = min(mark.low, seen.index)
    return False


def arrows(names: Iterable[str], shown: int = 12) -> str:
    """Write a cycle as `a -> b -> a`, its middle left out where it is long."""
    walk = list(names)
    cut = walk if len(walk) <= shown else [*walk[: shown - 1], "…"]
    return " -> ".join(f"`{name}`" if name != "…" else name for name in [*cut, walk[0]])
