"""What is named as a cause, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.facts.texts.causes import causes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Caused by #7", [("request", "7")]),
        ("The outage was caused by the change in !12", []),
        ("It was broken by MR !12.", [("request", "12")]),
        ("Introduced in commit 1f2e3d4c5b6a", [("commit", "1f2e3d4c5b6a")]),
        ("introduced with pull request acme/app#9", [("request", "9")]),
        ("caused by other/place#9", []),
        ("not caused by #7", []),
        ("May have been caused by #7", []),
        ("This wasn't introduced in #7", []),
        ("> Caused by #7", []),
        ("caused by deadbeef", []),
        ("caused by a null pointer", []),
        ("Caused by #7\nand broken by #8", [("request", "7"), ("request", "8")]),
        ("", []),
    ],
)
def test_causes(text, found):
    assert [(x[1], x[2]) for x in causes(text, "acme/app")] == found


@given(st.text(max_size=400))
def test_any_text_can_be_read(text):
    assert all(x.relation == "caused_by" for x in causes(text))
