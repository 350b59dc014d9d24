"""Each gate closes by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from trueup.claims.risk.gates import gates
from trueup.claims.risk.scores import Score
from trueup.stats.intervals import Interval

GOOD = Score(
    n=5000,
    contradicted=150,
    months=40,
    auc=Interval(0.7, 0.65, 0.75),
    skill=Interval(0.03, 0.01, 0.05),
    margin=Interval(0.02, 0.005, 0.03),
    ece=0.01,
    ece_expected=0.008,
    calibration=1.1,
)


def failing(score, future=()):
    return [gate.name for gate in gates(score, future) if not gate.holds]


def test_a_good_score_passes_all():
    assert failing(GOOD) == []


@pytest.mark.parametrize(
    ("change", "closed"),
    [
        ({"contradicted": 99}, "enough"),
        ({"months": 23}, "enough"),
        ({"skill": Interval(0.03, 0.0, 0.05)}, "beats base rate"),
        ({"margin": Interval(0.02, -0.001, 0.03)}, "beats size alone"),
        ({"ece": 0.021}, "calibrated"),
        ({"calibration": 1.21}, "calibrated at large"),
        ({"calibration": 0.79}, "calibrated at large"),
    ],
)
def test_each_gate_closes_by_itself(change, closed):
    assert failing(replace(GOOD, **change)) == [closed]


def test_an_error_that_luck_explains_is_allowed():
    assert failing(replace(GOOD, ece=0.029, ece_expected=0.02)) == []


def test_what_could_not_be_tried_or_knew_the_future_never_passes():
    assert failing(None) == ["enough"]
    assert failing(GOOD, ("touched later",)) == ["past only"]
