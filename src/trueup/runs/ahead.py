"""Asking for what is read next while something is read: a few at a time, and only while all is well."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

from trueup.kernel.errors import AccessError, NotFoundError, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trueup.transport.http import Answer


class Ahead:
    """Answers to what is asked next.

    The first that is not answered well ends it: the reader asks again, waits as long as the interface
    says, and then asks for one after the other.

    Args:
        at_once: so many requests may be under way.
        ask: gives the answer for one of those that are wanted, without waiting when it cannot be had.
    """

    def __init__(self, at_once: int, ask: Callable[[object], Answer]) -> None:
        self._ask = ask
        self._pool = ThreadPoolExecutor(at_once) if at_once > 1 else None
        self._asked: dict[str, Future[Answer]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def answer(self, wanted: Sequence[object]) -> Answer | None:
        """The answer for the first of what is wanted; nothing where the reader should ask by itself.

        Raises:
            AccessError: the secret may not read it.
            NotFoundError: there is no such thing.
        """
        if self._pool is None or (len(wanted) == 1 and repr(wanted[0]) not in self._asked):
            return None
        for one in wanted:
            if repr(one) not in self._asked:
                self._asked[repr(one)] = self._pool.submit(self._ask, one)
        try:
            return self._asked.pop(repr(wanted[0])).result()
        except (AccessError, NotFoundError):
            raise
        except SourceError:
            self._end()
            return None

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None
        self._asked.clear()
