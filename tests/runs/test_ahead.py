"""What is read next is asked for while something is read: a few at a time, and only while all is well."""

from __future__ import annotations

from threading import Barrier, Lock
from typing import TYPE_CHECKING

import pytest

from trueup.kernel.errors import AccessError, UnreachableError
from trueup.runs.ahead import Ahead
from trueup.transport.http import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

MANY = list(range(40))


class Asked:
    """An interface that notes what it is asked."""

    def __init__(self, answer: Callable[[object], None] = lambda _: None) -> None:
        self.all: list[object] = []
        self.lock = Lock()
        self.answer = answer

    def __call__(self, one: object) -> Answer:
        with self.lock:
            self.all.append(one)
        self.answer(one)
        return Answer(f"/{one}", [one], {})


def read(ahead: Ahead, at_once: int) -> list[Answer | None]:
    return [ahead.answer(MANY[n : n + at_once]) for n in MANY]


def test_each_is_asked_once_and_answers_come_in_order() -> None:
    asked = Asked()
    with Ahead(4, asked) as ahead:
        told = read(ahead, 4)
    assert [answer and answer.body for answer in told] == [[n] for n in MANY]
    assert sorted(asked.all) == MANY


def test_several_are_under_way_at_a_time_and_no_more() -> None:
    """Nobody passes the gate before four are there; forty are ten times four."""
    gate = Barrier(4, timeout=30)
    with Ahead(4, Asked(lambda _: gate.wait())) as ahead:
        told = read(ahead, 4)
    assert len([answer for answer in told if answer]) == 40


def test_what_allows_one_at_a_time_is_asked_by_its_reader() -> None:
    asked = Asked()
    with Ahead(1, asked) as ahead:
        assert read(ahead, 1) == [None] * 40
    assert asked.all == []


def test_once_it_stumbles_the_reader_asks_by_itself() -> None:
    def stumble(one: object) -> None:
        if one == 5:
            raise UnreachableError.limited("Tracker", 60)

    asked = Asked(stumble)
    with Ahead(4, asked) as ahead:
        told = read(ahead, 4)
    assert [bool(answer) for answer in told] == [True] * 5 + [False] * 35
    assert max(asked.all) <= 8, "nothing is asked after that"


def test_what_is_hidden_is_told_and_the_others_go_on() -> None:
    def hide(one: object) -> None:
        if one == 1:
            raise AccessError.missing("Tracker", "/1", "read")

    with Ahead(4, Asked(hide)) as ahead:
        assert ahead.answer([0, 1, 2, 3])
        with pytest.raises(AccessError):
            ahead.answer([1, 2, 3, 4])
        assert ahead.answer([2, 3, 4, 5])
