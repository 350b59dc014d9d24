"""Names of people are taken out of what is shown."""

from __future__ import annotations

import pyarrow as pa
import pytest

from trueup.facts.people import TABLE
from trueup.facts.store import Store
from trueup.kernel.clock import EPOCH, fixed_clock
from trueup.teams.redact import MASK, redactor

KNOWN = [
    ("Ada Quill", "ada@example.org"),
    ("Ada Quill-Reed", "a.quill@example.org"),
    ("Bo", "bo@x.example"),
    ("Łucja Sedge", "lucja@example.org"),
    ("May", "may@example.org"),
    ("C++ (Ada) [x]", "c@example.org"),
]


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("people"))
    rows = pa.table(
        {
            "identity": [f"p{i}" for i in range(len(KNOWN))],
            "name": [n for n, _ in KNOWN],
            "address": [a for _, a in KNOWN],
            "proper_name": ["Ada Proper" if n == "Bo" else n for n, _ in KNOWN],
            "proper_address": [a for _, a in KNOWN],
            "told_by": ["git"] * len(KNOWN),
            "repo": ["r"] * len(KNOWN),
            "source_key": ["k"] * len(KNOWN),
            "raw_sha256": ["h"] * len(KNOWN),
            "happened_at": pa.array([EPOCH] * len(KNOWN), pa.timestamp("us", tz="UTC")),
        }
    )
    with store.writing():
        writer = store.begin("git", "r", fixed_clock(EPOCH))
        writer.add(TABLE, rows)
        writer.commit(cursor={})
    return redactor(store.snapshot())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Thanks to Ada Quill", f"Thanks to {MASK}"),
        ("thanks to ADA QUILL!", f"thanks to {MASK}!"),
        ("Ada Quill-Reed wrote it", f"{MASK} wrote it"),
        ("by Łucja Sedge", f"by {MASK}"),
        ("by Ada Proper", f"by {MASK}"),
        ("ask somebody@else.example", f"ask {MASK}"),
        ("ask ada@example.org.", f"ask {MASK}"),
        ("C++ (Ada) [x] and more", f"{MASK} and more"),
        ("Merge pull request #7 from ada-quill/fix-it", "Merge pull request #7"),
        ("Merge PR #7 from ada/x", "Merge PR #7"),
        ("May we fix this", "May we fix this"),  # many names are words as well
        ("Bounce the cache", "Bounce the cache"),
        ("Fix the parser (#12)", "Fix the parser (#12)"),
        ("", ""),
    ],
)
def test_masking(clean, text, wanted):
    assert clean(text) == wanted


def test_without_anybody_only_addresses_and_branches_go(tmp_path):
    store = Store(tmp_path)
    with store.writing():
        pass
    clean = redactor(store.snapshot())
    assert clean("Ada Quill <a@b.example>") == f"Ada Quill <{MASK}>"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Merge branch 'zebulon/topic'", "Merge branch '[name]/topic'"),
        (
            "Merge branch 'origin/zebulon/topic' into main",
            "Merge branch 'origin/[name]/topic' into main",
        ),
        ("Merge branch 'release/1.x'", "Merge branch 'release/1.x'"),
        ("Merge branch 'fix-it'", "Merge branch 'fix-it'"),
    ],
)
def test_owners_of_topic_branches(clean, said, shown):
    assert clean(said) == shown


def test_an_endless_word_takes_no_time(clean):
    """A search that starts anew at every letter would not end within the test."""
    word = "m" * 2_000_000
    assert clean(f"Fixes #7 {word}") == f"Fixes #7 {word}"
