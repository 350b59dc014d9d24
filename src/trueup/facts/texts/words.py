"""What the words of trackers and pipelines mean; each source adds its own, and keeps the original."""

from __future__ import annotations

import re

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
}

_ENVIRONMENTS = (
    ("production", re.compile(r"\bprod|\blive\b", re.IGNORECASE)),
    ("staging", re.compile(r"\bstag|\buat\b|\bpre-?prod|\brehears", re.IGNORECASE)),
    ("testing", re.compile(r"\btest|\bqa\b|\bintegration\b|\breview/", re.IGNORECASE)),
    ("development", re.compile(r"\bdev|\bsandbox|\bpreview", re.IGNORECASE)),
)


def issue_kind(typed: str, *labels: str) -> tuple[str, str]:
    """The kind of an issue by its type, or else by the first label that tells, and the word that said so.

    >>> issue_kind("", "area/db", "Type: Bug"), issue_kind("Spike"), issue_kind("")
    (('bug', 'Type: Bug'), ('other', 'Spike'), ('', ''))
    """
    for text in (typed, *labels):
        for word, kind in _KINDS:
            if re.search(rf"\b{word}\b", text, re.IGNORECASE):
                return kind, text
    return ("other", typed) if typed else ("", "")


def not_done(word: str) -> str:
    """How something was closed that was not done: `duplicate` or `not_planned`; else nothing.

    >>> not_done("Won't Fix"), not_done("Fixed")
    ('not_planned', '')
    """
    return _NOT_DONE.get(word.strip().lower(), "")


def environment_kind(name: str) -> str:
    """What an environment is for, by its name: production, staging, testing, development or other.

    >>> environment_kind("eu-prod-2"), environment_kind("pre-prod"), environment_kind("blue")
    ('production', 'staging', 'other')
    """
    if re.search(r"\bpre-?prod", name, re.IGNORECASE):
        return "staging"
    return next((kind for kind, words in _ENVIRONMENTS if words.search(name)), "other")
