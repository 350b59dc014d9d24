"""Time to a lasting decision cannot be seen from git, and says so."""

from __future__ import annotations

from trueup.kernel.declarations import Rows
from trueup.signals.convergence_velocity import estimate


def usual():
    return Rows({}, 13, 9)


def test_it_needs_discussions():
    assert "discussions of decisions" in estimate(usual()).reason
