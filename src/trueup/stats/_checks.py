"""Bad numbers are refused here, in words, before any formula sees them."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]


def checked_level(level: float) -> float:
    """The level itself, or an error when it is not strictly between 0 and 1."""
    if not 0.0 < level < 1.0:
        raise ValueError(f"level must lie between 0 and 1, for instance 0.90; got {level!r}")
    return float(level)


def whole(number: int, name: str, *, least: int = 0) -> int:
    """A whole number of at least ``least``; a broken one, NaN or text is an error."""
    try:
        checked = operator.index(number)
    except TypeError:
        raise ValueError(f"{name} must be a whole number, got {number!r}") from None
    if checked < least:
        raise ValueError(f"{name} must be at least {least}, got {checked}")
    return checked


def series(values: ArrayLike, name: str, *, least: int = 1) -> FloatArray:
    """A one-dimensional array of finite numbers with at least ``least`` entries."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one list of numbers, got {array.ndim} dimensions")
    if array.size < least:
        raise ValueError(f"{name}: {array.size} given, at least {least} needed")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite; NaN or infinity was among them")
    return array


def non_negative(values: ArrayLike, name: str, *, least: int = 1) -> FloatArray:
    """A series without negative entries."""
    array = series(values, name, least=least)
    if (array < 0).any():
        raise ValueError(f"{name} must not be negative; the smallest was {array.min():g}")
    return array


def whole_counts(values: ArrayLike, name: str, *, least: int = 1) -> IntArray:
    """A series of whole numbers from 0 up."""
    array = non_negative(values, name, least=least)
    if (array != np.floor(array)).any():
        raise ValueError(f"{name} must be whole numbers")
    return array.astype(np.int64)
