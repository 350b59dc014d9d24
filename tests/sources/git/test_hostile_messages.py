"""No message can make its reader slow: the price is compared with that of ordinary text, in steps."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from trueup.facts.texts.message import MOST_LINKS, READ, features

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: How much more than ordinary text of the same length.
MOST = 12

FILL = {
    "spaces": " ",
    "tabs": "\t",
    "newlines": "\n",
    "returns": "\r\n",
    "letters": "a",
    "digits": "1",
    "hex": "f",
    "hashes": "#",
    "brackets": "[",
    "quotes": '"',
    "slashes": "/",
    "dots": ".",
    "colons": ":",
    "commas": ",",
    "dashes": "-",
}
#: Beginnings after which a careless pattern would try everything.
STARTS = (
    "",
    "Fix ",
    "fixes #1",
    "fixes #1,",
    "fixes https://x/",
    "closes:",
    "Closes-Bug:",
    "Cc: x",
    "Cc: ",
    "Reviewed-by: <",
    "Revert ",
    'Revert "',
    "This reverts commit",
    "reverts commit 1234567",
    "reverts the ",
    "Reapply ",
    "redo ",
    "picked from\n",
    "pstream\n",
    "Merge x",
    "Merge x from y/",
    "See merge request ",
    "See merge request !1",
    "merge request\nSee merge request !",
    "PR-URL:",
    "Differential Revision:",
    "Reviewed-on: /",
    "Change-Id: I",
    "Fixes: ",
    "part",
    "(#1",
    "(#1)",
    "PAY-1",
    "[stable",
    "Backport:",
    "a/b",
)
REPEATED = (
    "fix #1, ",
    "fixes #1 and ",
    "fix:http://",
    "fix http://a/b",
    "#1",
    "a#1",
    "a/a#1 ",
    "x" * 120 + "#1",
    "Fixes: 1",
    "Cc: x\n",
    "Cc:     <a@b> ",
    "a:b\n",
    "Revert ",
    "reverts commit 1234567\n",
    "This reverts commit\n",
    "1234567,",
    "(#1) ",
    "(#1)",
    " (",
    "[1]",
    "!1",
    "See merge request !1\n\n",
    "Change-Id: I00000000\n",
    "Upstream commit ",
    "\nUpstream",
    "part ",
    "not ",
    "PAY-1 ",
    "revert.revert ",
    "GH-1",
    "> fixes #1\n",
    "Co-authored-by: A B <a@b>\n",
)
ORDINARY = (
    "The parser of #12 gave up on PAY-7 when lines ended early; see https://example.org/issues/4.\n"
    "Fixes #34, fixes #35 and closes acme/app#36. This reverts nothing.\n"
    "Reviewed-by: Bo Reed <bo@example.org>\n\n"
)


def messages(size: int) -> Iterator[tuple[str, str]]:
    """Hostile messages of a size, each with a name."""
    for lead in ("", "Tidy\n\n"):
        for start in STARTS:
            for name, fill in FILL.items():
                yield f"{lead!r} {start!r} {name}", (lead + start + fill * size)[: size - 1] + "x"
        for text in REPEATED:
            yield f"{lead!r} {text!r} again", (lead + text * size)[:size]


def price(work: Callable[[], object]) -> float:
    """Processor time of this thread, the least of three."""
    spent = []
    for _ in range(3):
        before = time.thread_time()
        work()
        spent.append(time.thread_time() - before)
    return min(spent)


@pytest.mark.parametrize(
    "size", [READ // 8, pytest.param(READ, marks=pytest.mark.slow)], ids=["short", "long"]
)
def test_no_message_costs_more_than_a_few_ordinary_ones(size: int) -> None:
    """Patterns that try everything would cost hundreds of times as much."""
    text = (ORDINARY * size)[:size]
    ordinary = price(lambda: features(text))
    slow = {}
    for name, message in messages(size):
        before = time.thread_time()
        found = features(message)
        once = time.thread_time() - before
        assert len(found.links) <= MOST_LINKS
        if once > MOST * ordinary and price(lambda m=message: features(m)) > MOST * ordinary:
            slow[name] = round(once / ordinary)
    assert slow == {}


@pytest.mark.parametrize("merge", [True, False])
def test_every_kind_of_hostile_message_is_read(merge: bool) -> None:
    for _, message in messages(500):
        features(message, merge=merge, slug="a/b")
