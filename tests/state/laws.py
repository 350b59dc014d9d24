"""What holds for the state wherever it lies; the tests of each database run these."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from trueup.kernel.errors import StateError
from trueup.state.audits import DrawnClaim, add_answers, add_audit, find_audit
from trueup.state.base import State
from trueup.state.ledgers import KeptLedger, keep_ledger, ledger_before
from trueup.state.tables import STEPS
from trueup.state.write_offs import all_told, tell

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CLAIMS = [
    DrawnClaim(f"C-{n}", verdict, "acme/app", "commit", "2026-05-01", "", "#7", "a" * 40)
    for n, verdict in (("AAAAAAA", "verified"), ("BBBBBBB", "unverified"), ("CCCCCCC", "partial"))
]
SIZES = {"verified": 80, "unverified": 20, "partial": 3}


def clock() -> Callable[[], datetime]:
    """A clock that goes on a second whenever somebody looks."""
    looks = iter(range(10**9))
    return lambda: datetime(2026, 6, 1, tzinfo=UTC) + timedelta(seconds=next(looks))


def opener(folder: Path, address: str = "") -> Callable[[], State]:
    return lambda: State(folder, clock(), address)


def ledger_of(result: str, **more: object) -> KeptLedger:
    states = {"1f" * 8: ("commit", "0334"), "2e" * 8: ("release_note", "5555")}
    months = ("2026-03", "2026-04", "2026-05", "2026-06")
    known = {"sources": ("acme/app", "github"), "months": months, "claims": states} | more
    return KeptLedger(result, "2026-06-30", "edition 1", "0.1.0", "c" * 64, **known)  # type: ignore[arg-type]


def answers_of(opened: Callable[[], State], number: int = 0) -> dict[int, dict[int, str]]:
    audit = find_audit(opened(), number)
    assert audit is not None
    return audit.answers


def nothing_before_anything_was_told(opened: Callable[[], State]) -> None:
    assert find_audit(opened()) is None


def what_was_drawn_is_found_again(opened: Callable[[], State]) -> None:
    assert [add_audit(opened(), seed, "key", SIZES, CLAIMS) for seed in (7, 2**31 - 1)] == [1, 2]
    first, last = find_audit(opened(), 1), find_audit(opened())
    assert (first.seed, last.seed, last.number) == (7, 2**31 - 1, 2)
    assert (last.sizes, list(last.claims), last.result) == (SIZES, CLAIMS, "key")
    assert last.drawn_at.startswith("2026-06-01T00:00:")
    assert find_audit(opened(), 3) is None


def the_last_answer_holds_and_repeating_tells_nothing_new(opened: Callable[[], State]) -> None:
    add_audit(opened(), 1, "key", SIZES, CLAIMS)
    assert add_answers(opened(), 1, 1, {1: "done", 2: "not done"}) == 2
    assert add_answers(opened(), 1, 1, {1: "done", 2: "done"}) == 1
    assert add_answers(opened(), 1, 2, {1: "not done"}) == 1
    assert answers_of(opened) == {1: {1: "done", 2: "done"}, 2: {1: "not done"}}


def an_answer_that_was_taken_back_is_none(opened: Callable[[], State]) -> None:
    add_audit(opened(), 1, "key", SIZES, CLAIMS)
    add_answers(opened(), 1, 1, {1: "done", 2: "done"})
    assert add_answers(opened(), 1, 1, {1: "", 3: ""}) == 1
    assert answers_of(opened) == {1: {2: "done"}}
    with opened().begin(reads=True) as connection:
        told = connection.execute(sa.text("select answer from audit_answers order by id"))
        assert [answer for (answer,) in told] == ["done", "done", ""], "all of it is kept"


def what_cannot_be_written_out_is_not_kept(opened: Callable[[], State]) -> None:
    def fail(number: int) -> None:
        raise ZeroDivisionError(number)

    with pytest.raises(ZeroDivisionError, match="1"):
        add_audit(opened(), 1, "key", SIZES, CLAIMS, fail)
    assert find_audit(opened()) is None


def who_only_reads_waits_for_nobody(opened: Callable[[], State]) -> None:
    add_audit(opened(), 1, "key", SIZES, CLAIMS)
    with opened().begin() as connection:
        connection.execute(sa.text("update audits set seed = 2"))
        assert find_audit(opened()).seed == 1


def an_answer_to_nothing_takes_the_others_with_it(opened: Callable[[], State]) -> None:
    add_audit(opened(), 1, "key", SIZES, CLAIMS)
    with pytest.raises(StateError):
        add_answers(opened(), 1, 1, {1: "done", 99: "done"})
    assert answers_of(opened) == {}


def several_at_once_lose_nothing(opened: Callable[[], State]) -> None:
    def work(number: int) -> int:
        state = opened()
        audit = add_audit(state, number, "key", SIZES, CLAIMS)
        add_answers(state, audit, 1, {1: "done"})
        return audit

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(work, range(16))) == list(range(1, 17))
    assert all(answers_of(opened, n) == {1: {1: "done"}} for n in range(1, 17))


def steps_are_taken_once(opened: Callable[[], State]) -> None:
    for _ in range(2):
        with opened().begin() as connection:
            told = connection.execute(sa.text("select name from migrations order by name"))
            assert [name for (name,) in told] == sorted(STEPS)


def a_claim_is_written_off_once_and_taken_back_once(opened: Callable[[], State]) -> None:
    assert all_told(opened()) == []
    told = [
        tell(opened(), "C-A", role, why, taken_back=back)
        for role, why, back in (
            ("lead", "nothing to take back", True),
            ("lead", "bought", False),
            ("owner", "again", False),
            ("owner", "needed", True),
            ("owner", "again", True),
            ("lead", "bought after all", False),
        )
    ]
    assert told == [False, True, False, True, False, True]
    tell(opened(), "C-B", "lead", "other", taken_back=False)
    found = [(t.claim, t.role, t.reason, t.taken_back) for t in all_told(opened())]
    assert found == [
        ("C-A", "lead", "bought", False),
        ("C-A", "owner", "needed", True),
        ("C-A", "lead", "bought after all", False),
        ("C-B", "lead", "other", False),
    ]
    moments = [t.at for t in all_told(opened())]
    assert moments == sorted(moments)


def the_ledger_of_another_result_is_found_again(opened: Callable[[], State]) -> None:
    assert ledger_before(opened(), "one") is None
    keep_ledger(opened(), ledger_of("one"))
    assert ledger_before(opened(), "one") is None
    assert ledger_before(opened(), "two") == ledger_of("one")
    keep_ledger(opened(), ledger_of("two", claims={}))
    assert ledger_before(opened(), "one") == ledger_of("two", claims={})


def only_the_last_two_ledgers_are_kept(opened: Callable[[], State]) -> None:
    for result in ("one", "two", "three", "two", "two"):
        keep_ledger(opened(), ledger_of(result))
    with opened().begin(reads=True) as connection:
        told = connection.execute(sa.text("select result from ledgers order by id"))
        assert [result for (result,) in told] == ["three", "two"]


def a_state_of_before_the_ledgers_goes_on(opened: Callable[[], State]) -> None:
    add_audit(opened(), 1, "key", SIZES, CLAIMS)
    with opened().begin() as connection:
        connection.execute(sa.text("drop table ledgers"))
        connection.execute(sa.text("drop table write_offs"))
        connection.execute(sa.text("delete from migrations where name = 'ledgers'"))
    assert tell(opened(), "C-A", "lead", "bought", taken_back=False)
    assert find_audit(opened()).number == 1


LAWS = (
    nothing_before_anything_was_told,
    what_was_drawn_is_found_again,
    the_last_answer_holds_and_repeating_tells_nothing_new,
    an_answer_that_was_taken_back_is_none,
    what_cannot_be_written_out_is_not_kept,
    who_only_reads_waits_for_nobody,
    an_answer_to_nothing_takes_the_others_with_it,
    several_at_once_lose_nothing,
    steps_are_taken_once,
    a_claim_is_written_off_once_and_taken_back_once,
    the_ledger_of_another_result_is_found_again,
    only_the_last_two_ledgers_are_kept,
    a_state_of_before_the_ledgers_goes_on,
)
