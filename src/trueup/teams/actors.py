"""Merging identities into actors, and telling humans from bots and agents.

Only what is certain merges: the project's own mailmap, and equal addresses. Identities that merely
look alike are counted and proposed, never merged.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pyarrow as pa

from trueup.facts import people
from trueup.facts.automation import automation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.facts.store import Snapshot

HUMAN, BOT, AGENT, FORGE = "human", "bot", "agent", "forge"

_NOREPLY = re.compile(r"(?:\d+\+)?([^@+]+)@users\.noreply\.(github\.com|gitlab\.com)")
#: Addresses that many people share, so equality proves nothing.
_SHARED = re.compile(
    r"^(?:|none|unknown|root@localhost|.*@localhost|.*@localhost\.localdomain|.*@\(none\)|you@example\.com"
    r"|none@none|noreply@.*|no-reply@.*|devnull@.*|nobody@.*|dev-null@.*|\(no author\)@.*)$"
)


def merge(rows: Iterable[tuple[str, str, str, str, str]]) -> dict[str, tuple[str, str]]:
    """Actor and kind of each identity.

    Args:
        rows: identity, name, address, and name and address by the mailmap.

    Returns:
        identity -> (actor, kind); the actor is the smallest identity of its group.

    >>> found = merge([
    ...     ("p2", "Ada", "ada@home.example", "Ada Quill", "ada@example.org"),
    ...     ("p1", "Ada Quill", "ADA@example.org", "Ada Quill", "ada@example.org"),
    ...     ("p3", "dependabot[bot]", "x@y.example", "dependabot[bot]", "x@y.example"),
    ... ])
    >>> found["p2"], found["p3"]
    (('p1', 'human'), ('p3', 'bot'))
    """
    groups: dict[str, set[str]] = defaultdict(set)
    parent: dict[str, str] = {}
    kinds: dict[str, str] = {}

    def root(node: str) -> str:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for identity, name, address, proper_name, proper_address in rows:
        kind = kind_of(name, address)
        kinds[identity] = kind
        keys = {_key(name, address), _key(proper_name, proper_address)}
        if kind == AGENT:
            keys = {f"agent:{automation().tool(name, address)}"}
        for key in keys:
            parent[root(identity)] = root(key)
    for identity in kinds:
        groups[root(identity)].add(identity)
    found: dict[str, tuple[str, str]] = {}
    for members in groups.values():
        actor = min(members)
        kind = next((k for k in (FORGE, AGENT, BOT) if k in {kinds[m] for m in members}), HUMAN)
        found |= dict.fromkeys(members, (actor, kind))
    return found


def kind_of(name: str, address: str) -> str:
    """human, bot, agent, or forge (a web committer).

    >>> kind_of("GitHub", "noreply@github.com"), kind_of("Ada Quill", "ada@openai.com")
    ('forge', 'human')
    """
    tools = automation()
    if address.lower() in tools.web_committers:
        return FORGE
    if tools.tool(name, address):
        return AGENT
    return BOT if tools.is_bot(name, address) else HUMAN


def alike(rows: Iterable[tuple[str, str, str, str, str]]) -> int:
    """How many pairs of actors share a full name but no address: to be looked at, not merged."""
    rows = list(rows)
    actor_of = merge(rows)
    named: dict[str, set[str]] = defaultdict(set)
    for identity, _, _, proper_name, _ in rows:
        words = re.findall(r"\w+", proper_name.lower())
        if len(words) >= 2 and actor_of[identity][1] == HUMAN:
            named[" ".join(sorted(words))].add(actor_of[identity][0])
    return sum(len(actors) - 1 for actors in named.values())


def actor_table(snapshot: Snapshot) -> tuple[pa.Table, int]:
    """Identity, actor and kind of everybody in the workspace, and the pairs that look alike."""
    told = people.read(snapshot)
    columns = ("identity", "name", "address", "proper_name", "proper_address")
    rows = list(zip(*(told[c].to_pylist() for c in columns), strict=True))
    found = merge(rows)
    table = pa.table(
        {
            "identity": pa.array(list(found), pa.string()),
            "actor": pa.array([a for a, _ in found.values()], pa.string()),
            "kind": pa.array([k for _, k in found.values()], pa.string()),
        }
    )
    return table, alike(rows)


def _key(name: str, address: str) -> str:
    address = address.strip().lower()
    if match := _NOREPLY.fullmatch(address):
        return f"account:{match[2]}:{match[1]}"
    if _SHARED.match(address):
        return f"both:{name.strip().lower()}\0{address}"
    return f"address:{address}"
