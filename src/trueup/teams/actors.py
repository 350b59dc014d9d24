"""Merging identities into actors, and telling humans from bots and agents.

Only what is certain merges: the project's own mailmap, and equal addresses. Identities that merely
look alike are counted and proposed, never merged; nor does one of them bear witness for the other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pyarrow as pa

from trueup.facts import people
from trueup.facts.automation import automation
from trueup.facts.texts.trailers import TESTED_KEYS
from trueup.kernel.groups import Groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from trueup.facts.engine import Facts

#: A machine's name that tested so many times as much work as it wrote is a machine.
OTHERS_WORK = 20

HUMAN, BOT, AGENT, FORGE = "human", "bot", "agent", "forge"

#: Identity, name, address, and name and address by the mailmap.
_Row = tuple[str, str, str, str, str]

_NOREPLY = re.compile(r"(?:\d+\+)?([^@+]+)@users\.noreply\.(github\.com|gitlab\.com)")
#: Addresses that many people share, so equality proves nothing.
_SHARED = re.compile(
    r"^(?:|none|unknown|root@localhost|.*@localhost|.*@localhost\.localdomain|.*@\(none\)|you@example\.com"
    r"|none@none|noreply@.*|no-reply@.*|devnull@.*|nobody@.*|dev-null@.*|\(no author\)@.*)$"
)


def merge(rows: Iterable[_Row]) -> dict[str, tuple[str, str]]:
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
    groups, kinds = Groups(), {}
    for identity, name, address, proper_name, proper_address in rows:
        kind = kind_of(name, address)
        kinds[identity] = kind
        keys = {_key(name, address), _key(proper_name, proper_address)}
        if kind == AGENT:
            keys = {f"agent:{automation().tool(name, address)}"}
        for key in keys:
            groups.join(identity, key)
    gathered: dict[str, set[str]] = defaultdict(set)
    for identity in kinds:
        gathered[groups.root(identity)].add(identity)
    found: dict[str, tuple[str, str]] = {}
    for members in gathered.values():
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


def lookalikes(rows: Iterable[_Row], actor_of: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Human actors who share a full name with another but no address, each with one id a group.

    They are to be looked at, never merged; nor is one of them taken for a witness of the other.
    """
    names: dict[str, set[str]] = defaultdict(set)
    for identity, name, _, proper_name, _ in rows:
        actor, kind = actor_of[identity]
        for text in (name, proper_name) if kind == HUMAN else ():
            words = re.findall(r"\w+", text.lower())
            if len(words) >= 2:
                names[actor].add(" ".join(sorted(words)))
    by_name: dict[str, set[str]] = defaultdict(set)
    for actor, known in names.items():
        for name in known:
            by_name[name].add(actor)
    by_name = {n: actors for n, actors in by_name.items() if not _role(n, actors, names)}
    groups = Groups()
    for actors in by_name.values():
        for actor in actors:
            groups.join(actor, min(actors))
    together = {actor for actors in by_name.values() if len(actors) > 1 for actor in actors}
    return {actor: groups.root(actor) for actor in sorted(together)}


def _role(name: str, actors: set[str], names: Mapping[str, set[str]]) -> bool:
    """Whether several who share a name have names of their own besides: a script's, or an office's."""
    others = [names[actor] - {name} for actor in actors if len(names[actor]) > 1]
    return len(others) > 1 and not set.intersection(*others)


def actor_table(facts: Facts) -> tuple[pa.Table, int]:
    """Identity, actor, kind, whether a gate, look-alike group of everybody, and how many pairs look alike."""
    told = people.read(facts.snapshot)
    columns = ("identity", "name", "address", "proper_name", "proper_address")
    rows = list(zip(*(told[c].to_pylist() for c in columns), strict=True))
    found = merge(rows)
    for machine in _machines(facts, rows, found):
        found[machine] = (found[machine][0], BOT)
    alike = lookalikes(rows, found)
    same = _joined([*alike.items(), *_merging(facts, found)])
    gates = {i for i, _, address, *_ in rows if address.lower() in automation().gates}
    table = pa.table(
        {
            "identity": pa.array(list(found), pa.string()),
            "actor": pa.array([a for a, _ in found.values()], pa.string()),
            "kind": pa.array([k for _, k in found.values()], pa.string()),
            "gate": pa.array([i in gates for i in found], pa.bool_()),
            "alike": pa.array([same.get(a, a) for a, _ in found.values()], pa.string()),
        }
    )
    return table, len(alike) - len(set(alike.values()))


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Everybody in these pairs, with one id for all that they tie together."""
    groups, together = Groups(), list(pairs)
    for one, other in together:
        groups.join(one, other)
    return {actor: groups.root(actor) for pair in together for actor in pair}


def _merging(facts: Facts, found: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """Accounts and authors who are one: who merges in a forge's own interface writes the merge.

    Lists of a forge may tell an account without any address, so that nothing else shows whose it is. An author of whom
    several accounts are told is left out.
    """
    merges = facts.table("commits").filter(lambda t: t.web_committed & (t.parents.length() > 1))
    merges = merges.select("author", merge_sha="sha")
    # Where somebody merges by hand, the forge calls the last commit of the request its merge.
    told = facts.table("requests").filter(lambda t: t.merge_sha != t.head_sha)
    told = told.select("merge_sha", account="merged_by")
    pairs = told.inner_join(merges, "merge_sha").select("account", "author").distinct()
    accounts: dict[str, set[str]] = defaultdict(set)
    for identities in facts.rows(pairs.filter(lambda t: t.account.notnull())):
        (account, kind), (author, other) = (found.get(i, ("", "")) for i in identities)
        if kind == other == HUMAN and account != author:
            accounts[author].add(account)
    only = ((author, *one) for author, one in sorted(accounts.items()) if len(one) == 1)
    return [(author, account) for author, account, *_ in only]


def _machines(
    facts: Facts, rows: Iterable[_Row], found: Mapping[str, tuple[str, str]]
) -> list[str]:
    """Identities whose actor bears a machine's name, is named as tester of much work and writes next to none."""
    like = {found[i][0] for i, name, *_ in rows if automation().machine_like(name)}
    members = {i: a for i, (a, kind) in found.items() if a in like and kind == HUMAN}
    if not members:
        return []
    tested: dict[str, int] = defaultdict(int)
    wrote: dict[str, int] = defaultdict(int)
    tests = facts.table("trailers").filter(lambda t: t["key"].isin(TESTED_KEYS))
    commits = facts.table("commits")
    for who, count in ((tests.actor, tested), (commits.author, wrote)):
        theirs = who.name("who").as_table().filter(lambda t: t.who.isin(list(members)))
        for identity, many in facts.rows(theirs.group_by("who").agg(many=lambda t: t.count())):
            count[members[identity]] += many
    return [i for i, a in members.items() if tested[a] >= OTHERS_WORK * max(wrote[a], 1)]


def _key(name: str, address: str) -> str:
    address = address.strip().lower()
    if match := _NOREPLY.fullmatch(address):
        return f"account:{match[2]}:{match[1]}"
    if _SHARED.match(address):
        return f"both:{name.strip().lower()}\0{address}"
    return f"address:{address}"
