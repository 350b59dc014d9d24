"""What could not be read, in words: what it is, what it costs, what to do."""

from __future__ import annotations

from typing import NamedTuple

from trueup.publish.document import Gap


class GapText(NamedTuple):
    """Wording of a gap; `{count}` and `{total}` are filled in."""

    what: str
    cost: str
    remedy: str


GAPS = {
    "git.missing-blob": GapText(
        "{count} of {total} file changes have no line counts: their contents are missing (partial clone)",
        "Figures that count lines leave them out; everything else was read.",
        "git -C REPO fetch --refetch",
    ),
    "git.missing-file": GapText(
        "{count} of {total} files could not be looked into: their contents are missing (partial clone)",
        "Hotspots know how often they changed, not how complicated they are.",
        "git -C REPO fetch --refetch",
    ),
    "git.shallow": GapText(
        "the clone is shallow: history is cut off at {count} commits",
        "Everything before is unknown, and first authors of files with it.",
        "git -C REPO fetch --unshallow",
    ),
    "git.odd-dates": GapText(
        "{count} of {total} commits carry impossible dates (before 1970 or far in the future)",
        "They were moved to the nearest possible date.",
        "Nothing to do: history keeps its dates.",
    ),
    "git.unread": GapText(
        "{count} of {total} commits, the older ones, have not been read yet: a scan was cut short",
        "Whatever rests on them is left out: most of all who knows which files, and older releases.",
        "trueup scan REPO",
    ),
    "git.not-compared": GapText(
        "{count} of {total} commits off the default branch were not compared by content",
        "Some of them may be on the default branch under another id; their claims cannot be assessed.",
        "Delete branches nobody needs, or scan with a later --since.",
    ),
    "records.unread": GapText(
        "{count} of {total} records could not be read",
        "What they tell is missing; the others were read.",
        "trueup collect --from PATH names each of them with the reason.",
    ),
}


def gap(slug: str, repository: str, counted: int, total: int) -> Gap:
    """A gap in words.

    >>> gap("git.shallow", "acme/x", 2, 90).what
    'the clone is shallow: history is cut off at 2 commits'
    """
    text = GAPS[slug]
    return Gap(
        slug, repository, text.what.format(count=counted, total=total), text.cost, text.remedy
    )
