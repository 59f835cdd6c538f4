"""Cycles of graphs, against a slow oracle and on walks as long as a file."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from optam_rules.elaborate.graphs import arrows, cycles

graphs = st.dictionaries(st.integers(0, 6), st.lists(st.integers(0, 6), max_size=4), max_size=7)


def reachable(graph: dict[int, list[int]], start: int) -> set[int]:
    """Return what a walk of at least one step from `start` meets, only nodes of the graph."""
    seen: set[int] = set()
    waiting = [node for node in graph[start] if node in graph]
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += [following for following in graph[node] if following in graph]
    return seen


@given(graphs)
def test_each_group_of_a_cycle_is_found_once(raw: dict[int, list[int]]) -> None:
    """A node lies on a cycle when it reaches itself; nodes that reach one another make one group, with one closed walk."""
    graph = {node: [other for other in others if other in raw] for node, others in raw.items()}
    groups = {frozenset(other for other in reachable(graph, n) if n in reachable(graph, other)) for n in graph if n in reachable(graph, n)}
    found = cycles(graph)
    assert len(groups) == len(found)
    for cycle in found:
        assert any(set(cycle) <= group for group in groups)
        assert len(set(cycle)) == len(cycle)
        assert all(second in graph[first] for first, second in pairwise([*cycle, cycle[0]]))


def test_a_cycle_of_a_hundred_thousand_is_found() -> None:
    """Nothing recurses: the length of a cycle is bounded by memory alone."""
    count = 100_000
    assert list(range(count)) == cycles({node: [(node + 1) % count] for node in range(count)})[0]


def test_a_shortest_cycle_is_shown() -> None:
    """Of several ways round, the shortest from the first node."""
    assert [["a", "c"]] == cycles({"a": ["b", "c"], "b": ["c"], "c": ["d", "a"], "d": ["a"]})


def test_long_cycles_are_cut_for_the_eye() -> None:
    """The middle of a long cycle is left out."""
    assert "`a` -> `b` -> `a`" == arrows(["a", "b"])
    assert "`0` -> `1` -> … -> `0`" == arrows(map(str, range(9)), shown=3)
