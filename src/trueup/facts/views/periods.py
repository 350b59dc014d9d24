"""Cutting time into weeks of seven times 24 hours, counted from the start of a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from trueup.kernel.window import Window

SECONDS = 7 * 24 * 3600


def in_weeks(rows: ibis.Table, window: Window, moment: str = "landed_at") -> ibis.Table:
    """Rows of the window, with ``week`` 0, 1, 2 ... counted from its start."""
    start = int(window.start.timestamp())
    at = rows[moment]
    kept = rows.filter(at >= ibis.literal(window.start), at < ibis.literal(window.end))
    return kept.mutate(week=((kept[moment].epoch_seconds() - start) // SECONDS).cast("int64"))
