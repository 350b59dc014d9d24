"""Groups of things that are said to be the same, two at a time."""

from __future__ import annotations


class Groups:
    """Union of nodes; the smallest of a group stands for it.

    >>> groups = Groups()
    >>> groups.join("b", "a")
    >>> groups.join("b", "c")
    >>> groups.root("c"), groups.root("d")
    ('a', 'd')
    """

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def root(self, node: str) -> str:
        """The node that stands for the group of another."""
        self._parent.setdefault(node, node)
        while self._parent[node] != node:
            self._parent[node] = self._parent[self._parent[node]]
            node = self._parent[node]
        return node

    def join(self, one: str, other: str) -> None:
        """The groups of two nodes are one."""
        a, b = self.root(one), self.root(other)
        if a != b:
            self._parent[max(a, b)] = min(a, b)
