"""The words every face uses: plain English, the same everywhere, no praise and no blame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from trueup.publish.document import VERDICTS, Definition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from trueup.publish.figure import Audit

#: The short term, for tables.
VERDICT_TERM: Final = {
    "verified": "verified",
    "partial": "partial",
    "contradicted": "contradicted",
    "unverified": "unverified",
    "not_assessable": "cannot be seen",
    "pending": "too recent",
}

#: What the term says, to follow a number of items.
VERDICT_WORDS: Final = {
    "verified": "have independent evidence",
    "partial": "landed and survived, with a part of the evidence only",
    "contradicted": "are contradicted by what happened later",
    "unverified": "have no evidence where there normally is some",
    "not_assessable": "cannot be seen from the connected sources",
    "pending": "are too recent to say",
}

#: Used when the method of the document does not define a word itself.
_FALLBACK: Final = {
    "verified": "Every kind of evidence that this kind of item needs was found, at least one "
    "made by somebody other than the person who reported it done.",
    "partial": "The change is there and nothing undid it, but no review, test or release by "
    "anybody else was found that would confirm it.",
    "contradicted": "Later facts speak against the report: it was undone, reopened, fixed "
    "again, or is not where it was said to be.",
    "unverified": "No evidence was found although comparable items of the same repository "
    "normally show it.",
    "not_assessable": "The sources connected today cannot show whether the item is done. "
    "This is never counted as debt.",
    "pending": "The item is younger than the time a change has to survive before it counts.",
    "visibility": "The share of all items for which the connected sources can say something, "
    "whatever they say.",
    "risk": "The share of items that are not really done lies between those contradicted and "
    "those contradicted, without evidence or without an independent look on record.",
    "ledger": "Items that are contradicted, or have no evidence where there normally is some, "
    "stay open until evidence repays them. The opening stock of a month plus what "
    "came in less what went out is its closing stock.",
    "drift": "Both directions: work that was reported and is not there, and work that is "
    "there and was not reported.",
    "horizons": "The same items as they would have been judged had one looked 14, 30 or 90 "
    "days after each report. Only items old enough are counted.",
    "followed": "Requests that were merged, and how many of them sources lead to each step: to an issue "
    "they close, a review by another person, the default branch, a build or report of tests of one of "
    "their commits, a release and a deployment that hold one of them. A step that no source tells of is "
    "not counted; builds and deployments are looked for among requests merged while any are known.",
    "against": "What happened within the days in which a report is restated and speaks against it; of "
    "several the first that counts.",
    "rests_on": "What makes the evidence independent: a look by another person before the work landed, "
    "tests that ran on it, or both.",
    "lacks": "Why items that landed and survived do not have all the evidence such work normally has. "
    "One item may lack two things, so the counts may sum to more than the items.",
    "dark": "Why the sources that are connected cannot tell whether the item is done. None of these "
    "speaks against anybody.",
    "scopes": "Items by part of the code base, counted by what the evidence says.",
    "hotspots": "Files that are both large and changed often, where a mistake is most likely "
    "to be made and to matter.",
    "couplings": "Parts that change in the same commits more often than chance would have it.",
}


def fallback(name: str) -> Definition:
    """A definition for a figure that the method of the document does not describe."""
    return Definition(name=name, version=0, text=_FALLBACK.get(name, ""), limits="")


#: Why there is no number, when the figure itself does not say.
STATUS_WORDS: Final = {
    "measured": "measured",
    "insufficient": "there is too little to go by",
    "suppressed": "not shown, because too few people are behind it",
    "source_missing": "cannot be seen from the connected sources",
    "not_applicable": "does not apply here",
    "failed": "could not be worked out",
}

DIRECTION_WORDS: Final = {
    "high_is_debt": "A higher value adds to the debt.",
    "low_is_debt": "A lower value adds to the debt.",
    "both_tails": "Both unusually high and unusually low values deserve a look.",
    "context": "Neither high nor low is good or bad in itself; it helps to read the others.",
}

_AGAINST_PAST: Final = {
    "higher": "higher than its own past",
    "lower": "lower than its own past",
    "same": "the same as its own past",
    "not distinguishable": "not distinguishable from its own past",
    "": "not compared with its own past",
}

SOURCE_WORDS: Final = {"read": "read", "missing": "not connected"}

AUDIENCE_WORDS: Final = {
    "team": "Team view: for the people who do the work. It lists single items; "
    "to pass results on, make the organisation view.",
    "organisation": "Organisation view: totals only. No single item, person or small group "
    "is shown.",
}

NO_CLAIMS: Final = "Nothing was reported done in this period, so there is nothing to check."
NO_CLAIMS_HELP: Final = (
    "Reports are read from closed issues, merged changes, commit messages that say they fix "
    "or close something, and release notes. If the work is reported elsewhere, connect that "
    "source; if the repository is young, look again in a few weeks."
)
FIRST_SCAN: Final = (
    "This is the first scan of this workspace. From the next one on, this part says what moved."
)

NOT_MEASURED: Final = (
    "This is Execution Debt. Human Debt and Technical Debt are not yet measured, which does not "
    "mean that there is none."
)
NO_DECISIONS: Final = "Whether decisions can be traced was not looked at."
NO_AUDIT: Final = (
    "No audit yet: nobody has judged a random sample, so how many items are not really done is known "
    "within wide bounds only."
)

_DEBTWARD: Final = {("high_is_debt", "higher"), ("low_is_debt", "lower")}


def adds_to_debt(direction: str, verdict: str) -> bool:
    """Whether a move against the own past is in the direction declared to add to the debt."""
    return (direction, verdict) in _DEBTWARD


def against_past(verdict: str) -> str:
    """A comparison in words; why nothing was compared is said as it is.

    >>> against_past("lower"), against_past("")
    ('lower than its own past', 'not compared with its own past')
    """
    return _AGAINST_PAST.get(verdict, verdict)


def title(text: str) -> str:
    """A title as the beginning of a line.

    >>> title("review coverage")
    'Review coverage'
    """
    return text[:1].upper() + text[1:]


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Verdicts in the order in which they are always shown; unknown ones last.

    >>> in_order({"pending": 1, "verified": 2})
    ('verified', 'pending')
    """
    known = list(names)
    later = sorted(set(known) - set(VERDICTS))
    return (*(name for name in VERDICTS if name in known), *later)


#: The steps work takes, as they stand beside their bars.
STEPS: Final = {
    "issue": "Names the issue it closes",
    "review": "Another person reviewed it",
    "line": "On the default branch",
    "build": "Built or checked",
    "release": "In a release",
    "deployment": "Deployed",
}


def audit_command(audit: Audit | None) -> str:
    """What to do next with an audit: draw one, answer it, or look at what it says."""
    if audit is None or not audit.current:
        return "trueup audit draw"
    return "trueup audit answer" if audit.answered < audit.drawn else "trueup audit result"


def signed(number: int) -> str:
    """A number of items with its sign.

    >>> signed(3), signed(-2), signed(0)
    ('+3', '-2', '0')
    """
    return f"{number:+d}" if number else "0"
