"""What the messages of a change say: votes, votes that no longer stand, and what somebody wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from trueup.facts.rows import Raw

_HEADING = re.compile(r"(?:Patch Set|Uploaded patch set) (\d+)(?::(.*)|\.?)")
_VOTE = re.compile(r"(-?)([A-Za-z0-9][A-Za-z0-9-]*?)([+-]\d+)?")
_COUNT = re.compile(r"^\(\d+ (?:inline )?comments?\)$", re.MULTILINE)
#: Older servers sign these with somebody, and mark them with nothing; a reason may stand below the first two.
_REASONED = re.compile(r"(?:Abandoned|Restored)\.?")
_OWN = re.compile(
    r"Change has been successfully |Change could not be merged|Removed |Change message removed by|"
    r"Created a revert of this change|Topic (?:set|changed|removed|[^ ]+ removed)|Hashtags? (?:added|removed)"
)
#: What the server says at the end of a message about a new patch set.
_STANDING = re.compile(r"^(?:Outdated|Copied) Votes:$", re.MULTILINE)
_OUTDATED = re.compile(r"^Outdated Votes:\n((?:\* .*(?:\n|\Z))+)", re.MULTILINE)
_CAST = re.compile(r"\b([A-Za-z][A-Za-z0-9-]*?)([+-]\d+)\b")
_REMOVED = re.compile(r"^(?:Removed |\* )([A-Za-z][A-Za-z0-9-]*?)([+-]\d+) by (.+)$", re.MULTILINE)


class Vote(NamedTuple):
    """A vote on a label; 0 takes an earlier one back."""

    label: str
    value: int

    def __str__(self) -> str:
        return f"{self.label}{self.value:+d}" if self.value else f"-{self.label}"


class Message(NamedTuple):
    """What a message says: votes, whether it comes with comments on lines, and a text."""

    patch_set: int
    votes: tuple[Vote, ...]
    on_lines: bool
    text: str


def read(message: str) -> Message:
    r"""A message, taken apart; a heading of which not every word is a vote names none.

    >>> made = read("Patch Set 3: Code-Review+2 -Verified\n\n(1 comment)\n\nThanks!")
    >>> made.patch_set, [str(v) for v in made.votes], made.on_lines, made.text
    (3, ['Code-Review+2', '-Verified'], True, 'Thanks!')
    >>> read("Patch Set 2: Patch Set 1 was rebased").votes
    ()
    >>> read("Abandoned\n\nNot needed.").text, read("Change has been successfully merged by Bo").text
    ('Not needed.', '')
    """
    first, _, rest = message.partition("\n")
    heading = _HEADING.fullmatch(first.strip())
    if heading is None:
        own = _REASONED.fullmatch(first.strip())
        text = rest if own else "" if _OWN.match(first) else message
        return Message(0, (), on_lines=False, text=text.strip())
    words = (heading[2] or "").strip().rstrip(".").split()
    found = [_VOTE.fullmatch(word) for word in words]
    votes = [
        Vote(m[2], int(m[3] or 0)) for m in found if m is not None and bool(m[1]) != bool(m[3])
    ]
    rest = _STANDING.split(rest)[0]
    on_lines = _COUNT.search(rest) is not None
    told = tuple(votes) if len(votes) == len(words) else ()
    return Message(int(heading[1]), told, on_lines, _COUNT.sub("", rest).strip())


def outdated(message: str) -> frozenset[Vote]:
    r"""Votes that the patch set it is about did not take over from earlier ones.

    >>> sorted(map(str, outdated('Uploaded patch set 2.\n\nOutdated Votes:\n* Code-Review+2 (copy condition: "x")')))
    ['Code-Review+2']
    """
    found = _OUTDATED.search(message)
    lines = found[1].splitlines() if found else ()
    # What is kept is told in brackets behind the votes.
    cast = (m for line in lines for m in _CAST.finditer(line.partition("(")[0]))
    return frozenset(Vote(m[1], int(m[2])) for m in cast)


def removed(message: str) -> list[tuple[Vote, str]]:
    r"""Votes that somebody removed, and what the one is called who gave them.

    >>> [(str(vote), who) for vote, who in removed("Removed Code-Review+2 by Bo <bo@example.org>\n")]
    [('Code-Review+2', 'Bo <bo@example.org>')]
    """
    if not message.startswith("Removed "):
        return []
    return [(Vote(m[1], int(m[2])), m[3].strip()) for m in _REMOVED.finditer(message)]


def is_called(who: Raw, told: str) -> bool:
    """Whether a message means an account: by its number, address or name, as the age of the server has it."""
    own = who.get("_account_id")
    named = {f"<GERRIT_ACCOUNT_{own}>", f"({own})", f"<{who.get('email')}>"}
    return told in {who.get("name"), who.get("email")} or told.rpartition(" ")[2] in named
