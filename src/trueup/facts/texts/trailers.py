"""Trailers: `Key: value` lines of a commit message, and the people some of them name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from trueup.facts.automation import automation

if TYPE_CHECKING:
    from collections.abc import Iterator


class Trailer(NamedTuple):
    """A `Key: value` line; ``name`` and ``address`` are set where the value is a person."""

    key: str
    value: str
    name: str
    address: str
    in_last_block: bool


#: Keys whose values are people.
PERSON_KEYS = frozenset(
    "signed-off-by reviewed-by acked-by tested-by reported-by suggested-by co-authored-by "
    "co-developed-by helped-by mentored-by approved-by approved cc reviewers reviewer "
    "reported-and-tested-by reviewed-and-tested-by requested-by thanks-to committed-by "
    "merged-by ack nacked-by trybot-result luci-trybot-result".split()
)
#: Of these, the ones whose values may be names without addresses.
NAMING_KEYS = frozenset(("reviewers", "reviewer"))
#: Under these a machine may be named without an address.
TESTED_KEYS = frozenset(
    ("tested-by", "reviewed-and-tested-by", "trybot-result", "luci-trybot-result")
)
MOST_NAMES = 10
#: Further keys that are kept by name; any other key could itself be a name and becomes `other`.
PLAIN_KEYS = frozenset(
    "fixes closes closes-bug partial-bug related-bug implements depends-on change-id link bug "
    "reviewed-on pr-url differential-revision assisted-by generated-by entire-agent "
    "entire-session entire-checkpoint replit-commit-author cherry-picked-from refs see-also "
    "changelog release-note".split()
)

_TRAILER = re.compile(
    r"^[ \t]*([A-Za-z][A-Za-z-]{0,39})[ \t]*:[ \t]*(\S[^\r\n]{0,1000})", re.MULTILINE
)
_NAME = re.compile(r"@?[^\W\d_][\w.'-]{1,30}(?: [^\W\d_][\w.'-]{0,30}){0,3}")
_MACHINE = re.compile(r"[\w ().'-]{2,60}")
_ADDRESS = re.compile(r"<([^<>\s]{1,200})>")


def read_trailers(message: str) -> Iterator[Trailer]:
    """The trailers of a message, those in its last block marked; its first line is none."""
    last = message.rstrip().rfind("\n\n")
    for match in _TRAILER.finditer(message, message.find("\n") + 1):
        key = match[1].lower()
        value = match[2].rstrip()
        in_last = last >= 0 and match.start() >= last
        if key in PERSON_KEYS:
            found = _people(value)
            if not found and key in NAMING_KEYS:
                found = _names(value)
            elif not found and key in TESTED_KEYS:
                found = _machine(value)
            for name, address in found:
                yield Trailer(key, value, name, address, in_last)
        elif key in PLAIN_KEYS:
            yield Trailer(key, value, "", "", in_last)
        elif in_last:
            yield Trailer("other", "", "", "", in_last)


@lru_cache(maxsize=20_000)
def _people(value: str) -> tuple[tuple[str, str], ...]:
    """Names and addresses: `Ada Quill <ada@example.org>, "Reed, Bo" <bo@example.org>`."""
    end, found = 0, []
    for match in _ADDRESS.finditer(value):
        before = value[end : match.start()].strip(", \t")
        end = match.end()
        if before.endswith('"') and before.count('"') > 1:
            name = before.split('"')[-2]
        else:
            name = re.split('[<>,"]', before.rstrip('"'))[-1]
        found.append((name.strip()[-100:], match[1]))
    return tuple(found)


@lru_cache(maxsize=20_000)
def _names(value: str) -> tuple[tuple[str, str], ...]:
    """Names alone: `Reviewers: aquill, Bo Reed`."""
    names = [n.strip() for n in re.split(r",|;| and ", value)]
    if len(names) > MOST_NAMES or not all(map(_NAME.fullmatch, names)):
        return ()
    return tuple((name, "") for name in names)


def _machine(value: str) -> tuple[tuple[str, str], ...]:
    """A name alone that a machine may bear: `Tested-by: build bot (Jenkins)`."""
    if _MACHINE.fullmatch(value) and automation().machine_like(value):
        return ((value, ""),)
    return ()
