"""Does a column know the future? Each is worked out again on the history as it was then.

What is known of a claim on its day does not change when later days are taken away. A column that
changes has looked ahead, and everything learned from it is worthless.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from trueup.claims.risk.features import Features
    from trueup.claims.risk.history import History

#: The history is cut behind these shares of its claims.
CUTS = (0.25, 0.5, 0.75)
_ROUNDING = 1e-9


def future_columns(history: History, build: Callable[[History], Features]) -> tuple[str, ...]:
    """Names of columns (`base rate` among them) that differ when the future is cut away, sorted."""
    whole = _told(build(history))
    found: set[str] = set()
    for share in CUTS:
        then = history.until(int(history.at[int(share * (len(history.ids) - 1))]))
        for name, column in _told(build(then)).items():
            known = whole[name][: len(then.ids)]
            if not np.allclose(column, known, rtol=_ROUNDING, atol=_ROUNDING, equal_nan=True):
                found.add(name)
    return tuple(sorted(found))


def _told(found: Features) -> dict[str, np.ndarray]:
    return {**found.columns, "base rate": found.base}
