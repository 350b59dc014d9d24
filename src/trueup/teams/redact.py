"""Taking names of people out of a text that is shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from trueup.facts import people

if TYPE_CHECKING:
    from collections.abc import Callable

    from trueup.facts.store import Snapshot

SHORTEST = 4
MASK = "[name]"
_BRANCH_OWNER = re.compile(r"^(Merge (?:pull request|PR) #\d+) from \S+")
_TOPIC_OWNER = re.compile(
    r"^(Merge (?:remote-tracking )?branch '(?:origin/)?)"
    r"(?!(?:releases?|stable|main|master|develop|features?|feat|fix(?:es)?|bug(?:fix)?|hotfix|upstream)/)"
    r"[^/'\s]+(?=/)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,100}@[\w-]+\.[\w.-]+")


def redactor(snapshot: Snapshot) -> Callable[[str], str]:
    """A function that masks names, addresses and owners of branches.

    Single words are masked only as part of an address: many names are words as well.
    """
    told = people.read(snapshot)
    columns = ("name", "address", "proper_name", "proper_address")
    known = {v.strip() for c in columns for v in told[c].to_pylist() if v}
    known = {v for v in known if len(v) >= SHORTEST and (" " in v or "@" in v)}
    words = sorted(map(re.escape, known), key=lambda w: (-len(w), w))
    pattern = re.compile("|".join(words), re.IGNORECASE) if words else None

    def clean(text: str) -> str:
        text = _TOPIC_OWNER.sub(rf"\1{MASK}", _BRANCH_OWNER.sub(r"\1", text))
        text = _ADDRESS.sub(MASK, text)
        return pattern.sub(MASK, text) if pattern else text

    return clean
