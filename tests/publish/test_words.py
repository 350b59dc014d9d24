"""The sentence and the other words that several faces share."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from tests.claims.making import claim, inspected, present, refixed, reverted
from tests.publish.making import assessed

from trueup.publish import words

VERIFIED = claim(0, present(), inspected(), key="v")
PARTIAL = claim(0, present(), key="p")
CONTRADICTED = claim(0, present(), refixed(5), key="c")
NOWHERE = claim(0, key="n")
YOUNG = claim(390, present(390), key="y")


def told(*claims):
    return words.sentence(assessed(claims))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (1e-9, "less than 1 %"),
        (0.0049, "less than 1 %"),
        (0.005, "less than 1 %"),
        (0.0051, "1 %"),
        (0.126, "13 %"),
        (0.9949, "99 %"),
        (0.995, "more than 99 %"),
        (0.9999, "more than 99 %"),
        (1, "100 %"),
    ],
)
def test_percent(share, text):
    assert words.percent(share) == text


def test_nothing_reported():
    assert told() == (
        "Nothing was reported done in the 24 months to 2027-04-06 in a way that git shows: no merged "
        "requests, no closing keywords, no release notes that name tickets."
    )


def test_everything_too_young():
    assert told(YOUNG).endswith("that name tickets. 1 item is too young to tell.")
    more = claim(395, present(395), key="z")
    assert told(YOUNG, more).endswith("2 items are too young to tell.")


def test_one_item():
    assert told(VERIFIED) == (
        "Of 1 item reported done in the 24 months to 2027-04-06, 100 % have independent evidence, 0 % "
        "landed and survived but no independent look is on record, 0 % are contradicted, 0 % have no "
        "evidence where there normally is some, and 0 % cannot be seen from the connected sources."
    )


def test_five_shares_in_their_order_and_the_young_beside_them():
    text = told(VERIFIED, PARTIAL, CONTRADICTED, NOWHERE, YOUNG)
    assert re.findall(r"(\d+) %", text) == ["25", "25", "25", "0", "25"]
    assert text.startswith("Of 4 items reported done")
    assert text.endswith(" 1 more is too young to tell.")


@pytest.mark.parametrize("others", range(0, 2000, 400))
def test_a_share_that_is_not_zero_is_never_shown_as_zero(others):
    crowd = [claim(0, present(), key=f"p{i}") for i in range(others)]
    text = told(CONTRADICTED, *crowd)
    assert "0 % are contradicted" not in text.replace("100 %", "")


@pytest.mark.parametrize(
    ("shown", "hidden", "text"),
    [
        (3, 0, "no independent look is on record"),
        (0, 3, "nothing connected shows whether anybody independent looked"),
        (3, 3, "no independent look is on record"),
    ],
)
def test_that_nobody_looked_is_never_said_where_git_cannot_know(shown, hidden, text):
    """In a half-year in which looks are the habit their absence is on record, else it is not."""
    habit = [claim(0, present(), inspected(), key=f"v{i}") for i in range(40 if shown else 0)]
    seen = [claim(1, present(1), key=f"s{i}") for i in range(shown)]
    dark = [claim(200, present(200), key=f"d{i}") for i in range(hidden)]
    assert text in told(*habit, *seen, *dark)


def test_the_source_that_would_light_up_most():
    dark = assessed([NOWHERE, PARTIAL, VERIFIED])

    def hint(*forges, read=False):
        return words.source_hint(dark, set(forges), read=read)

    assert "Reviews from GitHub would light up most: about 2 items. Set GITHUB_TOKEN" in hint(
        "github"
    )
    assert "from GitHub and GitLab" in hint("gitlab", "github", "")
    assert "from the forge" in hint("")
    assert hint("github", read=True).startswith("For about 2 items nothing that is connected")
    assert words.source_hint(assessed([VERIFIED]), {"github"}, read=False) == ""


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({"merged": 1, "landed": 1}, "Of 1 merged request 1 is on the default branch. 0 of 1 merged ones have a review by another person."),
        (
            {"merged": 9, "landed": 3, "elsewhere": 2, "unseen": 4, "reviewed": 9},
            "Of 9 merged requests 3 are on the default branch, 2 are on another line that has not reached it, "
            "and of 4 the clone has no commit. 9 of 9 merged ones have a review by another person.",
        ),
        ({"closed": 3, "closed_landed": 1}, "1 of 3 closed without merging is there all the same."),
        ({"closed": 3, "closed_landed": 2}, "2 of 3 closed without merging are there all the same."),
        ({"open": 3}, ""),
    ],
)  # fmt: skip
def test_what_became_of_requests(counts, text):
    assert words.requests(Counter(counts)) == text


@pytest.mark.parametrize(
    ("flows", "text"),
    [
        ({}, "nothing moved"),
        ({"new": 2}, "+2 new"),
        ({"new": 1, "repaid": 3, "written_off": 2}, "+1 new, -3 repaid, -2 older than the ledger looks back"),
        ({"restated": -4, "contradicted_later": 5}, "+5 contradicted later, -4 restated"),
        ({"came_into_view": 1, "went_out_of_view": 2, "restated": 3},
         "+1 came into view, -2 went out of view, +3 restated"),
    ],
)  # fmt: skip
def test_why_the_ledger_moved(flows, text):
    assert words.ledger_reason(Counter(flows)) == text


def test_reverted_claims_are_contradicted_in_the_sentence():
    assert "100 % are contradicted" in told(claim(0, present(), reverted(3)))


def test_words_carry_no_praise_and_no_shouting():
    text = told(VERIFIED, PARTIAL, CONTRADICTED, NOWHERE, YOUNG)
    assert "!" not in text
    assert not re.search(r"great|bad|poor|excellent|fail", text)
