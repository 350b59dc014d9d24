"""Can one tell which claims will be contradicted? The gates of `trueup.claims.risk` on real histories.

    python -m benchmarks.risk REPO...                  read, judge, and try the model on each
    python -m benchmarks.risk REPO... --keep FOLDER    and keep the workspaces for the next time

The whole history is judged, not only the months of the ledger. The last row takes all of them as one
organisation. Only the seconds depend on the machine: what it takes to read the history out of the
facts, and to try the model on it.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from trueup.claims.assess import assess
from trueup.claims.policy import Policy
from trueup.claims.reading import read_books
from trueup.claims.risk.history import read_history
from trueup.claims.risk.model import risk_of
from trueup.facts.engine import open_facts
from trueup.facts.store import Store
from trueup.facts.views.activity import observed_until
from trueup.kernel.clock import system_clock
from trueup.runs.measure import prepare
from trueup.sources.git.collect import Request, collect

if TYPE_CHECKING:
    from trueup.claims.risk.history import History
    from trueup.claims.risk.model import Risk
    from trueup.stats.intervals import Interval

KEY = b"benchmark key of thirty-two byte"
#: Older history than this is not looked at.
YEARS = 25
POLICY = Policy(ledger_months=12 * YEARS)
HEAD = (
    "repository", "commit", "seen until", "first claims", "rate of last year", "scored", "contradicted",
    "AUC", "Brier skill", "margin over size", "ECE", "ECE by luck", "at large", "gates that fail", "seconds",
)  # fmt: skip


def read(repositories: list[Path], workspace: Path) -> tuple[History, float]:
    """What the claims of repositories are judged by, and the seconds it took beyond judging them."""
    store = Store(workspace)
    with store.writing():
        for one in repositories:
            collect(one, store, Request(workers=2), KEY, system_clock, progress=lambda *_: None)
    with open_facts(store.snapshot()) as facts:
        until = observed_until(facts)
        prepare(facts, until - timedelta(days=365 * YEARS), until, ())
        assessment = assess(facts, until, POLICY)
        books = read_books(facts)
        began = time.monotonic()
        return read_history(facts, books, assessment), time.monotonic() - began


def row(name: str, commit: str, history: History, reading: float) -> list[str]:
    """The cells of the table."""
    began = time.monotonic()
    risk = risk_of(history)
    trying = time.monotonic() - began
    day = datetime.fromtimestamp(int(history.seen_until.max(initial=0)), UTC)
    rate = interval(risk.rate, 4) if risk.rate else ""
    told = [name, commit, f"{day:%Y-%m-%d}", f"{risk.judged:,}", rate, *scored(risk)]
    failed = [gate.name for gate in risk.gates if not gate.holds]
    return [*told, ", ".join(failed) or "none", f"{reading:.1f} + {trying:.1f}"]


def scored(risk: Risk) -> list[str]:
    """How the model did, or empty cells."""
    found = risk.score
    if found is None:
        return [""] * 8
    return [
        f"{found.n:,}",
        str(found.contradicted),
        interval(found.auc, 2),
        interval(found.skill, 4),
        interval(found.margin, 4),
        f"{found.ece:.4f}",
        f"{found.ece_expected:.4f}",
        f"{found.calibration:.2f}",
    ]


def interval(found: Interval, digits: int) -> str:
    """A value with its limits."""
    value, low, high = (f"{x:z.{digits}f}" for x in (found.value, found.low, found.high))
    return f"{value} ({low} to {high})"


def head_of(repository: Path) -> str:
    """The commit that was read."""
    command = ["git", "-C", str(repository), "rev-parse", "--short=10", "HEAD"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()


def name_of(repository: Path) -> str:
    """The folder that is named after the repository."""
    return repository.parent.name if repository.name == "repo" else repository.name


def main() -> None:
    """Print the table, as it stands in docs/execution-risk.md."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    told = parser.parse_args()
    targets = [path.resolve() for path in told.repositories]
    if len({name_of(path) for path in targets}) < len(targets):
        parser.error("two of these folders have the same name, by which workspaces are kept")
    print("| " + " | ".join(HEAD) + " |")
    print("| " + " | ".join("---" for _ in HEAD) + " |")
    with tempfile.TemporaryDirectory() as place:
        folder = told.keep or Path(place)
        runs = [(name_of(t).replace("+", "/"), head_of(t), [t]) for t in targets]
        if len(targets) > 1:
            runs.append(("all together", "", targets))
        for name, commit, which in runs:
            history, reading = read(which, folder / name.replace("/", "+"))
            print("| " + " | ".join(row(name, commit, history, reading)) + " |", flush=True)


if __name__ == "__main__":
    main()
