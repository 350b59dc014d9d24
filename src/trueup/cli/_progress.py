"""How far a command is: one line that is rewritten in a terminal, one line a stage elsewhere."""

from __future__ import annotations

import os
import shutil
import sys
import time

EVERY = 0.2
WIDEST = 78


class Progress:
    """Called with a stage, how many are done, and out of how many (0 when unknown)."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._stage = ""
        self._shown = 0.0
        self._live = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._wide = 0

    def __call__(self, stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        new = stage != self._stage
        if new:
            self._stage, self._since = stage, now
        if self._live:
            if new or now - self._shown > EVERY or (total and done >= total):
                self._shown = now
                self._rewrite(self._line(done, total, now))
        elif new and now - self._began > 1:
            print(f"{stage} ...", file=sys.stderr)

    def clear(self) -> None:
        """Leave the line empty, so that the result starts on a clean one."""
        if self._live and self._wide:
            self._rewrite("")
            sys.stderr.write("\r")
            sys.stderr.flush()

    def _line(self, done: int, total: int, now: float) -> str:
        if not total:
            return self._stage
        spent = now - self._since
        rate = f", {done / spent:,.0f} a second" if spent > 1 and done > 100 else ""
        return f"{self._stage}: {done:,} of {total:,}{rate}"

    def _rewrite(self, text: str) -> None:
        room = min(shutil.get_terminal_size((80, 24)).columns - 1, WIDEST)
        shown = "".join(c for c in text if c.isprintable())[:room]
        sys.stderr.write("\r" + shown.ljust(self._wide))
        sys.stderr.flush()
        self._wide = len(shown)
