"""One published figure, with everything needed to doubt it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite

from trueup.kernel.errors import DeclarationError


class Status(StrEnum):
    """Whether there is a number, and if not, why not. Never a number in disguise."""

    MEASURED = "measured"
    INSUFFICIENT = "insufficient"
    SUPPRESSED = "suppressed"
    SOURCE_MISSING = "source_missing"
    NOT_APPLICABLE = "not_applicable"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval, sample sizes, coverage and status.

    ``value``, ``low`` and ``high`` are in ``unit`` and are set exactly when the status is
    measured; ``low .. high`` holds ``value`` and is a 90 % interval unless the definition says
    otherwise.
    ``coverage`` is the share of the relevant facts that could be read, 0 to 1.
    ``reason`` says in plain words why there is no number.
    """

    name: str
    version: int
    unit: str
    status: Status
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n_people: int = 0
    n_events: int = 0
    coverage: float = 1.0
    reason: str = ""

    def __post_init__(self) -> None:
        numbers = [x for x in (self.low, self.value, self.high) if x is not None]
        if self.status is Status.MEASURED:
            if len(numbers) < 3 or not all(map(isfinite, numbers)):
                what = f"{self.name}: a measured estimate needs a finite value and interval"
                raise DeclarationError(what, where=str(numbers))
            if numbers != sorted(numbers):
                what = f"{self.name}: the interval of an estimate holds its value"
                raise DeclarationError(what, where=str(numbers))
        elif numbers:
            what = f"{self.name}: only a measured estimate may carry numbers"
            raise DeclarationError(what, where=str(numbers))
        elif not self.reason:
            what = f"{self.name}: an estimate without a number must say why"
            raise DeclarationError(what)
        if not 0.0 <= self.coverage <= 1.0:
            what = f"{self.name}: coverage is a share, got {self.coverage}"
            raise DeclarationError(what)

    @property
    def measured(self) -> bool:
        """Whether there is a number."""
        return self.status is Status.MEASURED

    def without_number(self, status: Status, reason: str) -> Estimate:
        """The same estimate with its number taken away, for instance by suppression."""
        return replace(
            self, status=status, reason=reason, value=None, low=None, high=None, n_people=0
        )
