"""What the words of trackers and pipelines mean; each source adds its own, and keeps the original."""

from __future__ import annotations

import re

from trueup.facts.texts.cvss import base_score

_KINDS = (
    ("bug", "bug"),
    ("defect", "bug"),
    ("regression", "bug"),
    ("incident", "incident"),
    ("outage", "incident"),
    ("enhancement", "feature"),
    ("feature", "feature"),
    ("story", "feature"),
    ("improvement", "feature"),
    ("epic", "epic"),
    ("question", "question"),
    ("support", "question"),
    ("task", "task"),
    ("chore", "task"),
)

#: A label for a kind: `bug`, `kind bug`, `C-bug`, `new feature`, `feature request`, with a picture beside it.
_LABEL = re.compile(
    rf"[\W_]*(?:(?:type|kind|category|[a-z])[-_ ])?(?:new )?({'|'.join(word for word, _ in _KINDS)})s?"
    r"(?:[-_ ](?:request|report)s?)?[\W_]*",
    re.IGNORECASE,
)

_NOT_DONE = {
    "duplicate": "duplicate",
    "wontfix": "not_planned",
    "won't fix": "not_planned",
    "won't do": "not_planned",
    "invalid": "not_planned",
    "not a bug": "not_planned",
    "cannot reproduce": "not_planned",
    "declined": "not_planned",
    "rejected": "not_planned",
    "not planned": "not_planned",
    "stale": "not_planned",
    "obsolete": "not_planned",
    "works as designed": "not_planned",
    "not reproducible": "not_planned",
    "cancelled": "not_planned",
    "canceled": "not_planned",
    "withdrawn": "not_planned",
    "abandoned": "not_planned",
    "out of scope": "not_planned",
    "not a problem": "not_planned",
    "works for me": "not_planned",
}

#: The first that fits holds: what is not production mostly says of what it is before.
_ENVIRONMENTS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("testing", r"\Areview/"),
        ("staging", r"(?<![a-z0-9])(?:stag(?:e|ing)?(?![a-z])|uat(?![a-z])|(?:pre|non)[-_ ]?prod|rehears)"),
        ("testing", r"(?<![a-z0-9])(?:test(?:s|ing)?|qa|integration)(?![a-z])"),
        ("development", r"(?<![a-z0-9])(?:dev(?:el(?:op(?:ment)?)?)?|sandbox(?:es)?|previews?)(?![a-z])"),
        ("production", r"(?<![a-z0-9])(?:production|prod|prd|live)(?![a-z])"),
    )
)  # fmt: skip

#: Words of scanners; the levels of SARIF stand as other tools read them.
SEVERITIES = {
    "critical": "critical",
    "high": "high",
    "important": "high",
    "error": "high",
    "medium": "medium",
    "moderate": "medium",
    "warning": "medium",
    "low": "low",
    "minor": "low",
    "note": "low",
    "negligible": "info",
    "info": "info",
    "informational": "info",
    "none": "info",
    "unknown": "other",
    "undefined": "other",
}

#: Bands of CVSS by the lowest score that is in them; version 2 knows no critical ones and no empty ones.
_BANDS = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"), (0.1, "low"), (0.0, "info"))
_BANDS_2 = ((7.0, "high"), (4.0, "medium"), (0.0, "low"))


def issue_kind(typed: str, *labels: str) -> dict[str, str]:
    """The columns for the kind of an issue, by its type or else by the first label that tells, with that word.

    A type says what it is with one of its words; a label is about many things, and tells only as a whole.

    >>> issue_kind("", "area/db", "Type: Bug")
    {'kind': 'bug', 'kind_original': 'Type: Bug'}
    >>> issue_kind("Spike")["kind"], issue_kind("", "windows-support")["kind"]
    ('other', '')
    """
    for word, kind in _KINDS if typed else ():
        if re.search(rf"\b{word}\b", typed, re.IGNORECASE):
            return _kind(kind, typed)
    for label in labels:
        found = _LABEL.fullmatch(re.split(r"[:/]", label.rstrip(" :/"))[-1])
        if found and not not_done(label):
            return _kind(dict(_KINDS)[found[1].lower()], label)
    return _kind("other" if typed else "", typed)


def _kind(kind: str, original: str) -> dict[str, str]:
    return {"kind": kind, "kind_original": original}


def not_done(word: str) -> str:
    """How something was closed that was not done: `duplicate` or `not_planned`; else nothing.

    >>> not_done("Won't Fix"), not_done("Won\N{RIGHT SINGLE QUOTATION MARK}t do"), not_done("Fixed")
    ('not_planned', 'not_planned', '')
    """
    return _NOT_DONE.get(word.strip().lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"), "")


def environment_kind(name: str) -> str:
    """What an environment is for, by its name: production, staging, testing, development or other.

    >>> environment_kind("eu-prod-2"), environment_kind("pre-prod"), environment_kind("review/prod-hotfix")
    ('production', 'staging', 'testing')
    """
    return next((kind for kind, words in _ENVIRONMENTS if words.search(name)), "other")


def severity_of(told: object, *, version: str = "3") -> str:
    """How severe a finding is, by the word, CVSS score or CVSS 3 vector of a tool; nothing for nothing.

    ``version`` is that of CVSS: the bands of version 2 end at high.

    >>> [severity_of(x) for x in ("MODERATE", "9.8", 7, 0.0, "dire", None, "CVSS:4.0/AV:N")]
    ['medium', 'critical', 'high', 'info', 'other', '', 'other']
    >>> severity_of(9.3, version="2"), severity_of("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H")
    ('high', 'high')
    """
    if told is None or told == "":
        return ""
    vector = str(told).startswith("CVSS:")
    weighed = base_score(str(told)) if vector else told
    if weighed is None:
        return "other"
    try:
        score = float(weighed) if not isinstance(weighed, bool) else -1.0  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return SEVERITIES.get(str(told).strip().lower(), "other")
    if not 0 <= score <= 10:
        return "other"
    bands = _BANDS_2 if version.startswith("2") else _BANDS
    return next(word for least, word in bands if score >= least)
