"""Open disagreement cannot be seen from git, and says so."""

from __future__ import annotations

from trueup.kernel.declarations import Rows
from trueup.kernel.estimate import Status
from trueup.signals.dissent_expression import SIGNAL, estimate


def usual():
    return Rows({}, 13, 9)


def test_it_needs_reviews():
    found = estimate(usual())
    assert found.status is Status.SOURCE_MISSING
    assert "it takes reviews" in found.reason
    assert SIGNAL.rows is None
