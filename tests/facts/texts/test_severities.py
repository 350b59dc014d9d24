"""How severe words, scores and vectors are."""

import pytest

from trueup.facts.texts.cvss import base_score
from trueup.facts.texts.words import severity_of


@pytest.mark.parametrize(
    ("score", "meant"),
    [
        (0.0, "info"), (0.1, "low"), (3.9, "low"), (4.0, "medium"), (6.9, "medium"), (7.0, "high"),
        (8.9, "high"), (9.0, "critical"), (10.0, "critical"), (10.1, "other"), (-1, "other"),
        ("7.5", "high"), (float("nan"), "other"), (True, "other"),
    ],
)  # fmt: skip
def test_bands_of_the_third_version(score, meant):
    """CVSS 3.1, section 5: none 0.0, low 0.1-3.9, medium 4.0-6.9, high 7.0-8.9, critical 9.0-10.0."""
    assert severity_of(score) == meant


@pytest.mark.parametrize(
    ("score", "meant"), [(0.0, "low"), (3.9, "low"), (6.9, "medium"), (10, "high")]
)
def test_bands_of_the_second_version(score, meant):
    """NVD for CVSS 2: low 0.0-3.9, medium 4.0-6.9, high 7.0-10.0."""
    assert severity_of(score, version="2.0") == meant


def test_words():
    told = "CRITICAL High moderate Low negligible informational unknown none dire".split()
    meant = "critical high medium low info info other info other".split()
    assert [severity_of(w) for w in told] == meant
    assert severity_of("") == severity_of(None) == ""


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        # By hand with the formula of the specification; the first ones are common in advisories.
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
        ("CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H", 7.2),
        ("CVSS:3.0/AV:L/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", 7.8),
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N", 5.9),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        ("CVSS:3.1/AV:P/AC:H/PR:L/UI:R/S:U/C:L/I:L/A:L", 3.7),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/E:P/RL:O", 7.5),
        ("CVSS:3.1/AV:N", None),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", None),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", None),
    ],
)
def test_scores_of_vectors(vector, score):
    assert base_score(vector) == score


def test_a_vector_nobody_can_weigh_is_other_and_not_none():
    assert severity_of("CVSS:4.0/AV:N/AC:L") == "other"
