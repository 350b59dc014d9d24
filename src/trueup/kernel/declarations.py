"""What a part says about itself; pages, tables, run order and audit trail come from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from trueup.kernel.errors import DeclarationError
from trueup.kernel.estimate import Estimate, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_NAME = re.compile(r"[a-z][a-z0-9_]{2,40}")


class Direction(StrEnum):
    """Which way a signal is debt."""

    HIGH_IS_DEBT = "high_is_debt"
    LOW_IS_DEBT = "low_is_debt"
    BOTH_TAILS = "both_tails"
    CONTEXT = "context"  # neither: read it beside the others


class Grain(StrEnum):
    """Over what a signal is measured."""

    WEEKS = "weeks"  # flows: rows carry a week, windows are cut from them
    STOCK = "stock"  # the state at the end of a window, made from all that came before


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one scope, as parallel columns; the weeks they span; the humans behind them."""

    columns: Mapping[str, Any]  # each a numpy array
    weeks: int
    people: int

    def __getitem__(self, name: str) -> Any:
        return self.columns[name]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def latest(self, weeks: int) -> Rows:
        """Only the rows of the last weeks."""
        if not self.columns or self.weeks <= weeks:
            return self
        first = self.weeks - weeks
        kept = self.columns["week"] >= first
        columns = {name: values[kept] for name, values in self.columns.items()}
        return Rows(columns | {"week": columns["week"] - first}, weeks, self.people)


@dataclass(frozen=True, slots=True)
class Signal:
    """One measure of a scope in a window.

    Args:
        name: frozen id.
        version: goes up when the numbers change for the same facts.
        title: as people see it.
        unit: of value and interval.
        direction: which way it is debt.
        grain: over weeks, or a stock.
        minimum_people: fewer humans give no number.
        minimum_events: fewer events give no number.
        reads: fact columns, as `table.column`.
        drives: `human`, `technical`, `execution` or `context`.
        cites: keys into docs/references.bib.
        equivalence: differences smaller than this are called the same; in ``unit``.
        rows: facts and a window to one expression with a column `scope`, and `week` for flows.
        estimate: the rows of one scope to one estimate.
        details: the rows of one scope, of flows with those of the year before, to items for a
            picture, where there is one.
        needs: the sources without which it has no number.
    """

    name: str
    version: int
    title: str
    unit: str
    direction: Direction
    minimum_people: int
    minimum_events: int
    reads: tuple[str, ...]
    drives: str
    cites: tuple[str, ...]
    equivalence: float
    rows: Callable[[Any, Any], Any]
    estimate: Callable[[Rows], Estimate]
    grain: Grain = Grain.WEEKS
    details: Callable[[Rows], Sequence[Mapping[str, Any]]] | None = None
    needs: str = "git"

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            what = f"{self.name!r} is not a name for a signal"
            raise DeclarationError(what)
        if self.version < 1 or not self.needs:
            what = f"{self.name}: a signal has a version from 1 up, and says which source it needs"
            raise DeclarationError(what)

    def none(self, status: Status, reason: str, **known: Any) -> Estimate:
        """An estimate of this signal without a number."""
        return Estimate(self.name, self.version, self.unit, status, reason=reason, **known)

    def measured(self, value: float, low: float, high: float, **known: Any) -> Estimate:
        """An estimate of this signal with a number; ``low`` and ``high`` are put in order around it."""
        return Estimate(
            self.name,
            self.version,
            self.unit,
            Status.MEASURED,
            value=float(value),
            low=float(min(low, value)),
            high=float(max(high, value)),
            **known,
        )

    def too_few(self, rows: Rows, events: int) -> Estimate | None:
        """What to say when there is less than the declared minimum; nothing when there is enough."""
        if events < self.minimum_events:
            reason = f"{events} events, at least {self.minimum_events} are needed"
            return self.none(Status.INSUFFICIENT, reason, n_events=events)
        if rows.people < self.minimum_people:
            reason = f"fewer than {self.minimum_people} people"
            return self.none(Status.INSUFFICIENT, reason, n_events=events)
        return None
